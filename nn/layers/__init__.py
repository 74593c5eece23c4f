"""Layers: modules with PyTorch's names and arguments, one file for each kind.

With parameters: `linear`, `convolution`. Without: `activations`, `pooling`, `resampling`, `dropout`, `flatten`.
`containers` connect them.
"""
