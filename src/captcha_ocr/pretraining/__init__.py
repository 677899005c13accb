"""Renders captchas, on which the weights that the package ships were trained."""
