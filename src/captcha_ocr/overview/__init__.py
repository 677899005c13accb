"""The stage `overview`: a page that shows the data set before anything is trained on it."""
