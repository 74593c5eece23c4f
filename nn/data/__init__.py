"""Data sets and batches: arrays in, tuples of arrays out; no gradients live here."""

from nn.data.idx import read_idx
from nn.data.loader import DataLoader
from nn.data.mnist import MNIST, load_mnist
from nn.data.spoken_digits import SpokenDigits, load_spoken_digits

__all__ = ["MNIST", "DataLoader", "SpokenDigits", "load_mnist", "load_spoken_digits", "read_idx"]
