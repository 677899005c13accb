"""What more labels would bring: fits on ever more of the user's own, and a curve through what they read."""
