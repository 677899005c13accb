"""Beam search for texts that satisfy a constraint, and confidences. Needs numpy only."""
