"""Normalization: batch, layer, group, instance, root mean square, and local response."""
