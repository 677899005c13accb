"""The stage `validate`: describes every picture in a manifest, and stops the pipeline where a check fails."""
