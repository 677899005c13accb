"""The stage `evaluate`: the network's readings of the test split, and their metrics."""
