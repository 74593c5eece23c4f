"""Layers: modules with PyTorch's names and arguments, one file or folder for each kind.

With parameters: `linear`, `bilinear`, `embedding`, `convolution`, `normalization`. Without: most `activations`,
`pooling`, `resampling`, `dropout`, `flatten`, `padding`, `identity`. `containers` connect them.
"""
