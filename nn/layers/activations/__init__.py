"""Activation functions as layers: rectifiers, exponential units, sigmoids, smooth rectifiers, softmax and maxout."""
