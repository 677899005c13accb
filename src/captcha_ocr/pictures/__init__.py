"""Decodes pictures and turns them into the pixels that a network takes."""
