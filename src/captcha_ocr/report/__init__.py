"""The stage `report`: one content, rendered as a page and as a model card."""
