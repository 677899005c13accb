"""The stages `locate` and `fetch`: the pictures, and where they came from."""
