"""Images that a figure shows, as an array; a data set, a sample and a file are told from one."""

from __future__ import annotations

import os
from typing import Any

import numpy as np

from nn.typing import Array

__all__ = ["image_array", "image_batch", "one_image"]


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


def image_batch(called: str, given: Array, name: str = "") -> Any:
    """Images, gray or of three colours, as an array (N, C, H, W).

    Arguments:
        called: the function that was called, for messages.
        name: what these images are called, where there are several.

    Raises:
        TypeError: if they are no array, as of `image_array`.
        ValueError: if the shape is another one, there are none, or pixels are infinite or NaN.
    """
    images = image_array(called, given)
    if not (images.ndim == 3 or (images.ndim == 4 and images.shape[1] in (1, 3))):
        subject = f"{name!r} has" if name else "images have"
        hint = "; one image is images[None]" if images.ndim == 2 else ""
        if images.ndim > 2 and images.shape[-1] in (1, 3):
            hint = "; move the colour axis: images.transpose(0, 3, 1, 2)"
        raise ValueError(
            f"{called}: {subject} shape {images.shape}, expected (N, H, W), (N, 1, H, W) or (N, 3, H, W){hint}"
        )
    of_these = f" in {name!r}" if name else ""
    if not images.size:
        raise ValueError(f"{called}: there are no images{of_these}, their shape is {images.shape}; pass at least one")
    if not np.isfinite(images).all():
        raise ValueError(
            f"{called}: some pixels{of_these} are infinite or NaN; np.argwhere(~np.isfinite(images)) says where"
        )
    return images[:, None] if images.ndim == 3 else images
