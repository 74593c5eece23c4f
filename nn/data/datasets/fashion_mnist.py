"""Fashion-MNIST: 70,000 grey images of clothing, in the form of MNIST.

Source: Han Xiao, Kashif Rasul, Roland Vollgraf: Fashion-MNIST: a Novel Image Dataset for Benchmarking Machine Learning
Algorithms, 2017, https://github.com/zalandoresearch/fashion-mnist
"""

from __future__ import annotations

import os
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nn.data.datasets.idx_set import IdxSet

__all__ = ["FashionMNIST", "load_fashion_mnist"]

MIRRORS = (
    "https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/",
    "https://storage.googleapis.com/tensorflow/tf-keras-datasets/",
)
FILES = {  # in the order of the fields of FashionMNIST, each with the MD5 of its .gz, as the authors publish it
    "train-images-idx3-ubyte": "md5:8d4fb7e6c68d591d4c3dfef9ec88bf0d",
    "train-labels-idx1-ubyte": "md5:25c81989df183df01b3e8a0aad5dffbe",
    "t10k-images-idx3-ubyte": "md5:bef4ecab320f06d8554ea6380940ec79",
    "t10k-labels-idx1-ubyte": "md5:bb300cfdad3c16e7a12a480ee83cd310",
}
CLASSES = (
    *("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat"),
    *("Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"),
)
WAYS = (
    "Three ways to provide Fashion-MNIST: load_fashion_mnist(folder) with the folder that holds its four IDX files, "
    "plain or .gz; the environment variable MINIGRAD_DATA, with the files in its subfolder fashion-mnist; or neither "
    "of these, and load_fashion_mnist() downloads them once, which needs "
    'pip install "minigrad-autograd[data]".'
)


class FashionMNIST(NamedTuple):
    """Images and labels of clothing: 60,000 for training and 10,000 for testing."""

    train_images: NDArray[np.uint8]
    """(60000, 28, 28), from 0, the background, to 255."""
    train_labels: NDArray[np.int64]
    """(60000,), from 0 to 9."""
    test_images: NDArray[np.uint8]
    """(10000, 28, 28)."""
    test_labels: NDArray[np.int64]
    """(10000,)."""

    @property
    def classes(self) -> tuple[str, ...]:
        """The names of the classes, T-shirt/top to Ankle boot."""
        return CLASSES


def load_fashion_mnist(folder: str | os.PathLike[str] | None = None, *, download: bool = True) -> FashionMNIST:
    """Fashion-MNIST from `folder`, else from ``$MINIGRAD_DATA/fashion-mnist``, else from the user's cache.

    If files are missing in a folder that is named, that is an error; no other folder is searched. The files have the
    names of those of MNIST, and are told apart by their labels.

    Arguments:
        folder: the folder with the four files, plain or gzipped: ``train-images-idx3-ubyte.gz``,
            ``train-labels-idx1-ubyte.gz``, ``t10k-images-idx3-ubyte.gz``, ``t10k-labels-idx1-ubyte.gz``.
        download: whether to download files that are not in the cache (31 MB, once, with checksums).

    Returns:
        Images as uint8 (N, 28, 28) and labels as int64 (N,), for training and for testing.

    Raises:
        FileNotFoundError: if a file is missing.
        ValueError: if a file is damaged, images and labels do not match, or it is one of MNIST.
        ImportError: if a download is needed and pooch is not installed.
        OSError: if the download fails.

    >>> clothing = load_fashion_mnist()  # doctest: +SKIP
    >>> clothing.train_images.shape, clothing.classes[clothing.train_labels[0]]  # doctest: +SKIP
    ((60000, 28, 28), 'Ankle boot')
    """
    source = IdxSet("Fashion-MNIST", "fashion-mnist", MIRRORS, FILES, "classes", WAYS)
    return FashionMNIST(*source.load(folder, download))
