"""Layers: modules with PyTorch's names and arguments."""
