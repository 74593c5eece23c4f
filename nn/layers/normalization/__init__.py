"""Normalization layers: of batches, layers, groups of channels, single images, and neighbouring channels."""
