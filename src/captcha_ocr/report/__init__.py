"""The report of a pass: one content, rendered as a page and as a model card."""
