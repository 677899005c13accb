"""The files that pass between stages. Each has a module with a frozen type that reads and writes it."""
