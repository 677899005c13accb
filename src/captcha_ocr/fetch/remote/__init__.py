"""Sources at an address: what is there, and its local copy."""
