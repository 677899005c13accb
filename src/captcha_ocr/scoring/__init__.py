"""How well texts were read, and how far confidences can be trusted."""
