"""Where everything goes: the widths of text, Graphviz for the places, rows that fit the screen."""
