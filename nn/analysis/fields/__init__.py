"""What a unit sees of the image: by the operations that lead to it, and by its gradient.

`receptive_field` follows `Interval`s of pixels through the graph, one operation at a time (`propagate_intervals`);
`empirical_receptive_field` measures how strongly each pixel moves the unit.
"""
