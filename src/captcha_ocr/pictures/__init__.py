"""From a picture in whatever form it comes to the pixels that a network takes."""
