"""Several transforms one after the other, for `Compose` and for a list of them in a DataLoader."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

import minigrad as mg
from nn.data.augmentation.affine import merged
from nn.data.augmentation.images import as_images
from nn.data.augmentation.transform import DrawnTransform, Transform, draw_columns, numbers_for
from nn.data.checked_transform import CheckedTransform
from nn.random import SampleGenerator

__all__ = ["Compose", "as_steps", "in_turn"]


class Compose(Transform):
    """Several transforms one after the other; a list as the `transform` of a `DataLoader` does the same.

    Rotations, translations, rescalings and shears in a row become one map, and the images are resampled once: that is
    faster, blurs them once, and keeps what leaves the image in one step and comes back in the next.

    Arguments:
        transforms: a list of them. A function of the images, or of the images and rng, is one, too.

    Raises:
        TypeError: if it is not a list of functions.

    >>> import nn
    >>> images = np.random.default_rng(0).random((16, 1, 28, 28), dtype=np.float32)
    >>> augment = nn.data.Compose([nn.data.Rotate(15), nn.data.Translate(0.1), nn.data.Noise(0.05)])
    >>> augment(images, rng=0).shape
    (16, 1, 28, 28)
    """

    def __init__(self, transforms: Sequence[Callable[..., Any]]) -> None:
        if not isinstance(transforms, list | tuple):
            raise TypeError(
                f"Compose: got a {type(transforms).__name__}, expected a list: nn.data.Compose([first, second])"
            )
        self.transforms = tuple(transforms)
        as_steps("Compose", self.transforms)

    def __repr__(self) -> str:
        return f"Compose([{', '.join(map(repr, self.transforms))}])"

    def __call__(self, images: Any, rng: Any) -> NDArray[Any]:
        mg.array_checks.refuse_lossy(images, "Compose")
        x = np.atleast_1d(images)  # which the first step may turn into images
        return self.transform(x, numbers_for("Compose", len(x), rng))

    def transform(self, images: NDArray[Any], rng: SampleGenerator) -> NDArray[Any]:
        x = in_turn(as_steps("Compose", self.transforms), images, rng)
        return x.copy() if np.may_share_memory(x, images) else x


def as_steps(owner: str, given: Any) -> list[Any]:
    """A function of inputs, or a list of them, as a list, with the steps of each `Compose` in its place.

    Arguments:
        owner: what errors begin with.

    Raises:
        TypeError: if something in it cannot be called, or is a class that has to be constructed first.
    """
    if isinstance(given, Compose):
        return as_steps("Compose", given.transforms)
    if isinstance(given, list | tuple):
        return [step for part in given for step in as_steps(owner, part)]
    if isinstance(given, type) or not callable(given):
        mend = f"; write {given.__name__}(…)" if isinstance(given, type) else ""
        raise TypeError(f"{owner}: transform is {given!r}, expected a function of a batch of inputs{mend}")
    return [given if isinstance(given, Transform) else CheckedTransform(owner, given)]


def in_turn(steps: Sequence[Any], x: NDArray[Any], rng: SampleGenerator) -> NDArray[Any]:
    """What the steps make of inputs, one after the other; the few numbers that they need are drawn all at once."""
    steps = merged(steps)
    n_numbers = sum(step.n_numbers for step in steps if isinstance(step, DrawnTransform))
    u = draw_columns(rng, n_numbers) if n_numbers else None
    start = 0
    for step in steps:
        if u is not None and isinstance(step, DrawnTransform):
            x = step.apply(as_images(step.name, x), u[start : start + step.n_numbers])
            start += step.n_numbers
        else:
            x = step(x, rng)
    return x
