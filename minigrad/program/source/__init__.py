"""From lines to the text of a module."""
