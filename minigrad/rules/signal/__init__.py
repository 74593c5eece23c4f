"""Fourier transforms, convolution of sequences, interpolation, polynomials."""
