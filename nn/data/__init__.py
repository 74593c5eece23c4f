"""Data sets and batches: arrays in, tuples of arrays out; no gradients live here."""

from nn.data.idx import read_idx
from nn.data.loader import DataLoader
from nn.data.mnist import MNIST, load_mnist

__all__ = ["MNIST", "DataLoader", "load_mnist", "read_idx"]
