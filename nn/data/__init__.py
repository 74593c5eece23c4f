"""Data: data sets, `images` from files, the `loader` that divides data into batches, and `augmentation` of images."""

from nn.data.augmentation.affine import Rescale, Rotate, Shear, Translate
from nn.data.augmentation.compose import Compose
from nn.data.augmentation.moves import Crop, Flip
from nn.data.augmentation.pixels import Brightness, Cutout, Noise
from nn.data.augmentation.transform import Transform
from nn.data.batch import Batch
from nn.data.dataset import Dataset
from nn.data.datasets.cifar10 import CIFAR10, load_cifar10
from nn.data.datasets.csv_table import CSVTable, read_csv
from nn.data.datasets.digits import Digits, load_digits
from nn.data.datasets.fashion_mnist import FashionMNIST, load_fashion_mnist
from nn.data.datasets.idx import read_idx
from nn.data.datasets.mnist import MNIST, load_mnist
from nn.data.datasets.spoken_digits import SpokenDigits, load_spoken_digits
from nn.data.datasets.toy import Points, make_moons, make_spirals, make_xor
from nn.data.images.image_folder import ImageFolder
from nn.data.loader import DataLoader
from nn.data.normalize import Normalized, normalize
from nn.data.one_hot import one_hot
from nn.data.preprocessing import Preprocessing
from nn.data.split import split
from nn.data.subset import Subset
from nn.random.sample_generator import SampleGenerator

__all__ = [
    "CIFAR10",
    "MNIST",
    "Batch",
    "Brightness",
    "CSVTable",
    "Compose",
    "Crop",
    "Cutout",
    "DataLoader",
    "Dataset",
    "Digits",
    "FashionMNIST",
    "Flip",
    "ImageFolder",
    "Noise",
    "Normalized",
    "Points",
    "Preprocessing",
    "Rescale",
    "Rotate",
    "SampleGenerator",
    "Shear",
    "SpokenDigits",
    "Subset",
    "Transform",
    "Translate",
    "load_cifar10",
    "load_digits",
    "load_fashion_mnist",
    "load_mnist",
    "load_spoken_digits",
    "make_moons",
    "make_spirals",
    "make_xor",
    "normalize",
    "one_hot",
    "read_csv",
    "read_idx",
    "split",
]


def __dir__() -> list[str]:
    return __all__
