"""Beam search within what is known of a text, and the confidence of what it finds (numpy alone)."""
