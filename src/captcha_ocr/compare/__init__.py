"""Compares trained models with each other."""
