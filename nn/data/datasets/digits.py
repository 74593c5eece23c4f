"""The digits of scikit-learn: 1,797 handwritten digits of 8 × 8 pixels, which are installed with it.

Source: E. Alpaydin, C. Kaynak: Optical Recognition of Handwritten Digits, UCI Machine Learning Repository, 1998,
https://archive.ics.uci.edu/dataset/80; of its two parts the one for testing.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["Digits", "load_digits"]


class Digits(NamedTuple):
    """Images and labels of digits."""

    images: NDArray[np.uint8]
    """(1797, 8, 8), from 0 (paper) to 16 (ink)."""
    labels: NDArray[np.int64]
    """(1797,), from 0 to 9."""


def load_digits() -> Digits:
    """The 1,797 small digits that come with scikit-learn: enough for a first network, without a download.

    They are not divided into parts: ``x_train, x_test, y_train, y_test = nn.data.split(*load_digits())``.

    Returns:
        Images as uint8 (1797, 8, 8), with values from 0 to 16, and labels as int64 (1797,).

    Raises:
        ImportError: if scikit-learn is not installed.

    >>> images, labels = load_digits()
    >>> images.shape, images.max(), labels[:5]
    ((1797, 8, 8), np.uint8(16), array([0, 1, 2, 3, 4]))
    """
    try:
        from sklearn.datasets import load_digits as load
    except ImportError as error:
        raise ImportError(
            "load_digits: the digits come with scikit-learn, which is not installed; pip install scikit-learn"
        ) from error
    images, labels = load(return_X_y=True)
    return Digits(images.reshape(-1, 8, 8).astype(np.uint8), labels.astype(np.int64))
