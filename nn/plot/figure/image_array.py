"""Images that a figure shows, as an array; a data set, a sample and a file are told from one."""

from __future__ import annotations

import os
from typing import Any

import numpy as np

from nn.typing import Array

__all__ = ["image_array", "one_image"]


def image_array(called: str, given: Array) -> Any:
    """The images as an array.

    Raises:
        TypeError: if they are a data set, one of its samples, or the path of a file; the message says what to write.
    """
    if isinstance(given, str | os.PathLike):
        mend = "make one of the file: model.preprocessing(path), or nn.data.Preprocessing(size=64)(path)"
    elif isinstance(given, tuple) and len(given) == 2 and np.ndim(given[0]) > np.ndim(given[1]):
        mend = "it is a sample, of which the first part is the image: image, label = data[0]"
    elif hasattr(given, "__getitem__") and not (hasattr(given, "__array__") or isinstance(given, list | tuple)):
        mend = "of a data set, write images = np.stack([x for x, _ in data])"
    else:
        return np.asarray(given)
    raise TypeError(f"{called}: got a {type(given).__name__}, expected an array of pixels; {mend}")


def one_image(called: str, given: Array) -> tuple[Any, bool]:
    """The image as a batch of one, (1, C, H, W), and whether it was given as one.

    Raises:
        ValueError: if it is not one image.
        TypeError: as `image_array`.
    """
    array = image_array(called, given)
    batch = array[(None,) * (4 - array.ndim)] if array.ndim in (2, 3) else array
    if batch.ndim != 4 or len(batch) != 1:
        hint = "; pass one of them: images[0]" if array.ndim == 4 else ""
        raise ValueError(
            f"{called}: image has shape {array.shape}, expected one image (C, H, W), (1, C, H, W) or (H, W){hint}"
        )
    return batch, array.ndim == 4
