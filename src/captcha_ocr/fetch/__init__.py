"""The stages `locate` and `fetch`: obtain the pictures and record where they came from."""
