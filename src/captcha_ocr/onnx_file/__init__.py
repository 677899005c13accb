"""Checks an exported file before onnxruntime gets it. Needs nothing beyond Python."""
