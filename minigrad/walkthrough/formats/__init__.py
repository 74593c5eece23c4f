"""A derivation as text, LaTeX, Markdown and HTML."""
