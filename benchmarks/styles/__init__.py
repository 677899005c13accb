"""A benchmark of styles that nobody here drew: families of pictures by independent generators, and who reads them."""
