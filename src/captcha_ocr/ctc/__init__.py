"""Connectionist temporal classification: classes of symbols, likelihoods, decoding (numpy alone)."""
