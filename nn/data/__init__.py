"""Data: `datasets` are read from files, the `loader` divides data into batches, `augmentation` changes images."""

from nn.data.augmentation.affine import Rescale, Rotate, Shear, Translate
from nn.data.augmentation.compose import Compose
from nn.data.augmentation.moves import Crop, Flip
from nn.data.augmentation.pixels import Brightness, Cutout, Noise
from nn.data.augmentation.transform import Transform
from nn.data.batch import Batch
from nn.data.dataset import Dataset
from nn.data.datasets.cifar10 import CIFAR10, load_cifar10
from nn.data.datasets.idx import read_idx
from nn.data.datasets.image_folder import ImageFolder
from nn.data.datasets.mnist import MNIST, load_mnist
from nn.data.datasets.spoken_digits import SpokenDigits, load_spoken_digits
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
    "Compose",
    "Crop",
    "Cutout",
    "DataLoader",
    "Dataset",
    "Flip",
    "ImageFolder",
    "Noise",
    "Normalized",
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
    "load_mnist",
    "load_spoken_digits",
    "normalize",
    "one_hot",
    "read_idx",
    "split",
]


def __dir__() -> list[str]:
    return __all__
