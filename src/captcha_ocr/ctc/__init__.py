"""Connectionist temporal classification (CTC): symbols as classes, likelihoods, greedy decoding. Needs numpy only."""
