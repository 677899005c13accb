"""Every picture read by a network that never saw it, and an audit of the labels."""
