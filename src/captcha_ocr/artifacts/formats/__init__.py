"""The formats of the files that pass between stages: JSON and CSV."""
