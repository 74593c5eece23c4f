"""Analysis of a model: its picture, its summary, and the receptive fields of its layers.

`summary` shows what `counts` counts, in a `summary_table`, up to a `failing_call` if there is one; `fields` has the
receptive fields. All read a `forward_record`; a `backward_record` has the error signals of each layer, too. `draw` runs
the model on the inputs that it is given, and leaves it `unchanged`.
"""
