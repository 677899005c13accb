"""Pure code: values in, values out (standard library, numpy, pydantic)."""
