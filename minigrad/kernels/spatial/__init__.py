"""Convolution, pooling and resampling of arrays: in NumPy or with oneDNN, and the memory layouts they need."""
