"""The command `adopt`: looks at a source of labelled pictures, and writes params.yaml for it."""
