"""Pooling layers: maximum, average and norm of windows, of bins or of whole channels, and unpooling."""
