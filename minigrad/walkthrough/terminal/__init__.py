"""The terminal player, a debugger for the backward pass: the steps of a walkthrough one by one, next to the graph.

`moments` turns the steps into moments, one for each key press; `text_graph` draws the graph. `screen` turns a moment
into lines of text, which `columns` fits into the width of the terminal. `application` shows them and handles the keys;
without a terminal it prints plain lines.
"""

from minigrad.walkthrough.terminal.application import play as play
