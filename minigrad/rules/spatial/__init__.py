"""Convolution, pooling and resampling along one, two and three axes of an image."""
