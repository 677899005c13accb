"""The stage `split`: which picture trains, validates or tests."""
