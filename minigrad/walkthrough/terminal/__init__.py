"""A debugger for the backward pass: the steps of a walkthrough one by one, beside the graph they run through.

`story` turns the steps into moments, one for each press of a key; `lanes` draws the graph that they run through.
`screen` turns a moment into lines of text, whose widths `columns` measures.
`terminal` shows these and listens to the keys, and prints plain lines where there is no terminal.
"""

from minigrad.walkthrough.terminal.application import play as play
