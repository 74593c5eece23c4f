"""Convolution, pooling and resampling of sequences, images and volumes."""
