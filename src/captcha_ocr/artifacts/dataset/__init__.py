"""The pictures of the data set, packed, and with their labels."""
