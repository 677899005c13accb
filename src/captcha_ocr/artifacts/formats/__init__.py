"""The forms that files between stages have: JSON, and tables as CSV."""
