"""A training that can be iterated, stopped, saved and resumed.

`run` has the loop over epochs and batches, `learning_rate` follows a schedule, `interrupt` waits for Ctrl-C, and
`checkpoint` writes the `state` to a file and reads it again. `ranks` is what several processes have to agree on.
"""
