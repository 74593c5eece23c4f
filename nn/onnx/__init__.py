"""Models as ONNX files, for programs that do not know minigrad.

`recording` runs the model on several inputs, and `comparison` tells what is the same from what depends on the batch.
`graph` is the ONNX graph under construction, which the `rules` add nodes to, one rule for each primitive. `export` puts
them together.
"""
