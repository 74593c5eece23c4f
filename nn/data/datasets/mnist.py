"""The MNIST database: 70,000 handwritten digits.

Source: Yann LeCun, Corinna Cortes, Christopher J. C. Burges: The MNIST database of handwritten digits,
http://yann.lecun.com/exdb/mnist/
"""

from __future__ import annotations

import os
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nn.data.datasets.idx_set import IdxSet

__all__ = ["MNIST", "load_mnist"]

MIRRORS = ("https://ossci-datasets.s3.amazonaws.com/mnist/", "https://storage.googleapis.com/cvdf-datasets/mnist/")
FILES = {  # in the order of the fields of MNIST, each with the sha256 of its .gz
    "train-images-idx3-ubyte": "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
    "train-labels-idx1-ubyte": "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
    "t10k-images-idx3-ubyte": "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
    "t10k-labels-idx1-ubyte": "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
}
WAYS = (
    "Three ways to provide MNIST: load_mnist(folder) with the folder that holds its four IDX files, plain or .gz; "
    "the environment variable MINIGRAD_DATA, with the files there or in its subfolder mnist; "
    "or neither of these, and load_mnist() downloads them once, which needs "
    'pip install "minigrad-autograd[data]".'
)


class MNIST(NamedTuple):
    """Images and labels of digits: 60,000 for training and 10,000 for testing."""

    train_images: NDArray[np.uint8]
    """(60000, 28, 28), from 0 (paper) to 255 (ink)."""
    train_labels: NDArray[np.int64]
    """(60000,), from 0 to 9."""
    test_images: NDArray[np.uint8]
    """(10000, 28, 28)."""
    test_labels: NDArray[np.int64]
    """(10000,)."""


def load_mnist(folder: str | os.PathLike[str] | None = None, *, download: bool = True) -> MNIST:
    """The MNIST database from `folder`, else from ``$MINIGRAD_DATA``, else from the user's cache.

    If files are missing in a folder that is named, that is an error; no other folder is searched.

    Arguments:
        folder: the folder with the four files, plain or gzipped: ``train-images-idx3-ubyte.gz``,
            ``train-labels-idx1-ubyte.gz``, ``t10k-images-idx3-ubyte.gz``, ``t10k-labels-idx1-ubyte.gz``. If not given,
            ``$MINIGRAD_DATA`` or ``$MINIGRAD_DATA/mnist``, if that environment variable is set.
        download: whether to download files that are not in the cache (12 MB, once, with checksums).

    Returns:
        Images as uint8 (N, 28, 28) and labels as int64 (N,), for training and for testing.

    Raises:
        FileNotFoundError: if a file is missing.
        ValueError: if a file is damaged, or images and labels do not match.
        ImportError: if a download is needed and pooch is not installed.
        OSError: if the download fails.

    >>> digits = load_mnist()  # doctest: +SKIP
    >>> digits.train_images.shape, digits.train_labels[:5]  # doctest: +SKIP
    ((60000, 28, 28), array([5, 0, 4, 1, 9]))
    """
    source = IdxSet("MNIST", "mnist", MIRRORS, FILES, "digits", WAYS, directly=True)
    return MNIST(*source.load(folder, download))
