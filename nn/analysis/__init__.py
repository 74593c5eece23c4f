"""Analysis of a model: its picture, its summary, and the receptive fields of its layers.

`summary` counts parameters, with `unshared_parameters`; `receptive_field` follows `Interval`s of pixels through the
graph, one operation at a time (`propagate_intervals`). Both read a `forward_record`, and print a `text_table`. `draw`
runs the model on the inputs that it is given, and leaves it `unchanged`.
"""
