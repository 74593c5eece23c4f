"""Data: `datasets` are read from files, and the `loader` divides arrays into batches."""

from nn.data.batch import Batch
from nn.data.datasets.idx import read_idx
from nn.data.datasets.mnist import MNIST, load_mnist
from nn.data.datasets.spoken_digits import SpokenDigits, load_spoken_digits
from nn.data.loader import DataLoader
from nn.random.sample_generator import SampleGenerator

__all__ = [
    "MNIST",
    "Batch",
    "DataLoader",
    "SampleGenerator",
    "SpokenDigits",
    "load_mnist",
    "load_spoken_digits",
    "read_idx",
]


def __dir__() -> list[str]:
    return __all__
