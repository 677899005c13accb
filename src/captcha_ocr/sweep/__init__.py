"""Trials of other values of the section `train`."""
