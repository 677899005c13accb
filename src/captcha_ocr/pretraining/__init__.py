"""Rendered captchas, from which the weights that the package ships were learnt."""
