"""Tables and lists that name pictures and their labels: their rows, their columns, and the pictures they name."""
