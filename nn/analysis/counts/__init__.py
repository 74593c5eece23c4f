"""What `summary` counts of each call of a layer, from the recorded graph.

Products that are summed (`multiply_adds`), arrays that the backward pass needs (`saved_bytes`), parameters without
parameter sharing (`unshared_parameters`), and the windows that move over the input (`kernels`).
"""
