"""The stage `split`: assigns each picture to training, validation or test."""
