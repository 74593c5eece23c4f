"""Occlusion: by how much a score drops when a patch of the image is covered."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np

import minigrad as mg
from nn.analysis.unchanged import unchanged
from nn.attribution.class_scores import check_scores, chosen_classes, input_of
from nn.hyperparameters import real_number, whole_number
from nn.module import Module, evaluation_mode
from nn.typing import Array
from nn.unsupported import explains_calls

__all__ = ["occlusion"]


@explains_calls
def occlusion(
    model: Module,
    x: Array,
    target: Any = None,
    *,
    patch_size: int | tuple[int, int],
    stride: int | tuple[int, int] | None = None,
    fill: float = 0.0,
    batch_size: int = 256,
) -> Any:
    """By how much the score of a class drops, when a patch over a pixel is covered.

    A patch P of pixels is set to one value at all its places, a stride apart, and the score S of the class is computed
    again without them, x∖P. A pixel gets the mean drop of the patches that cover it::

        R[i, j] = mean over the patches P with (i, j) in P of S(x) − S(x∖P)

    Nothing is differentiated: it is true of any model, and of changes as large as the patch. It takes a forward pass
    for each place.

    Arguments:
        model: takes images, and gives a score of each class, (N, K).
        x: images, shape ``(N, C, H, W)``.
        target: a class number for all images, or one for each, ``(N,)``; those predicted for the whole images if not
            given.
        patch_size: pixels that are covered, as (rows, columns) or for both; in all channels.
        stride: pixels from one place to the next, as (rows, columns) or for both; the size of the patch if not given.
            The last patch of a row and of a column ends at the border.
        fill: what the pixels are set to: 0 is black, or gray where images are normalised.
        batch_size: the number of images in one forward pass.

    Returns:
        ``(N, H, W)``, with a sign: positive where the score drops, and so the pixels speak for the class.

    Raises:
        TypeError: if `model` is not a module, `x` not a batch, or a number not a number.
        ValueError: if `x` are not images, the patch is larger than them, the stride larger than the patch, or there is
            no such class.
        FloatingPointError: if a score is infinite or NaN.

    Source: Zeiler, Fergus, "Visualizing and understanding convolutional networks", ECCV 2014, section 4.2.

    >>> import nn, numpy as np
    >>> model = nn.Sequential(nn.Flatten(), nn.Linear(4, 2, rng=0)).double()
    >>> model[1].weight.data = np.array([[1.0, -2.0, 0.0, 0.5], [0.0, 0.0, 0.0, 0.0]])
    >>> occlusion(model, np.ones((1, 1, 2, 2)), target=0, patch_size=1)
    array([[[ 1. , -2. ],
            [ 0. ,  0.5]]])
    """
    given = input_of("occlusion", model, x)
    if given.ndim != 4:
        raise ValueError(f"occlusion: x has shape {given.shape}, expected images (N, C, H, W)")
    size = given.shape[2:]
    patch = _pair("patch_size", patch_size)
    step = patch if stride is None else _pair("stride", stride)
    if any(p > n for p, n in zip(patch, size, strict=True)):
        raise ValueError(f"occlusion: a patch of {_times(patch)} pixels is larger than an image of {_times(size)}")
    if any(s > p for s, p in zip(step, patch, strict=True)):
        raise ValueError(
            f"occlusion: with a stride of {_times(step)}, pixels between patches of {_times(patch)} are never covered; "
            "take a stride of at most the patch"
        )
    fill = real_number("occlusion: fill", fill)
    at_once = max(1, whole_number("occlusion: batch_size", batch_size, least=1) // len(given))

    def scores_of(batch: Any) -> Any:
        scores = model(batch)
        check_scores("occlusion", model, scores)
        return np.asarray(mg.to(scores.data if isinstance(scores, mg.Tensor) else scores, "cpu"))

    places = list(product(*(_starts(n, p, s) for n, p, s in zip(size, patch, step, strict=True))))
    drops, covered = np.zeros((len(given), *size)), np.zeros(size)
    with unchanged(model), evaluation_mode(model), mg.no_grad():
        scores = scores_of(given)
        of_class = np.arange(len(given)), chosen_classes("occlusion", scores, target)
        for start in range(0, len(places), at_once):
            patches = [np.s_[i : i + patch[0], j : j + patch[1]] for i, j in places[start : start + at_once]]
            images = [given.copy() for _ in patches]
            for image, pixels in zip(images, patches, strict=True):
                image[(..., *pixels)] = fill
            found = scores_of(np.concatenate(images)).reshape(len(patches), *scores.shape)
            for pixels, without in zip(patches, found, strict=True):
                drop = scores[of_class] - without[of_class]
                drops[(slice(None), *pixels)] += drop[:, None, None]
                covered[pixels] += 1
    return (drops / covered).astype(scores.dtype)


def _starts(size: int, patch: int, step: int) -> list[int]:
    return [*range(0, size - patch, step), size - patch]


def _pair(what: str, value: Any) -> tuple[int, int]:
    values = value if isinstance(value, tuple | list) else (value, value)
    if len(values) != 2:
        raise ValueError(f"occlusion: {what} is one number, or (rows, columns), got {value}")
    rows, columns = (whole_number(f"occlusion: {what}", n, least=1) for n in values)
    return rows, columns


def _times(sizes: tuple[int, ...]) -> str:
    return " × ".join(map(str, sizes))
