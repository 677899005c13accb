"""Cross-validation: every picture is read by networks that were not trained on it. Also an audit of the labels."""
