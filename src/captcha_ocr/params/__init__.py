"""params.yaml: its sections, their keys and rules."""
