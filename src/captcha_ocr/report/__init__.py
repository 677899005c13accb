"""The stage `report`: one document, rendered as an HTML page and as a model card."""
