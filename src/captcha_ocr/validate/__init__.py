"""The stage `validate`: one row a picture, and the checks that stop the pipeline."""
