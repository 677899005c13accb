"""The files that pass between stages: one module each, a frozen type with `read` and `write`."""
