"""Shared basics: errors, files, the command line of a stage. Imports no other package of the project."""
