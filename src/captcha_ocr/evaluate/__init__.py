"""The stage `evaluate`: what the network reads of the test split."""
