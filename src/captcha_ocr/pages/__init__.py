"""What the HTML pages of several stages share: templates, their style, and pictures inside a page."""
