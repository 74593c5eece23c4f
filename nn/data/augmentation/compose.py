"""Several transforms one after the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from inspect import Parameter, signature
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn.data.augmentation.affine import merged
from nn.data.augmentation.images import as_images
from nn.data.augmentation.transform import DrawnTransform, Transform, draw_columns
from nn.random import SampleGenerator

__all__ = ["Compose", "takes_rng"]


class Compose(Transform):
    """Several transforms one after the other; ``transform=[…]`` of a `DataLoader` is one.

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
        for i, step in enumerate(transforms):
            if isinstance(step, type) or not callable(step):
                what = f"the class {step.__name__}" if isinstance(step, type) else repr(step)
                mend = f"; write {step.__name__}(…)" if isinstance(step, type) else ""
                raise TypeError(f"Compose: transforms[{i}] is {what}, expected a function of images{mend}")
        self.transforms = tuple(transforms)

    def __repr__(self) -> str:
        return f"Compose([{', '.join(map(repr, self.transforms))}])"

    def transform(self, images: NDArray[Any], rng: SampleGenerator) -> NDArray[Any]:
        steps = merged(_flat(self.transforms))
        drawn = [step.n_numbers for step in steps if isinstance(step, DrawnTransform)]
        u = draw_columns(rng, sum(drawn)) if drawn else np.empty((0, len(images)))
        start, x = 0, images
        for step in steps:
            if isinstance(step, DrawnTransform):
                x = step.apply(x, u[start : start + step.n_numbers])
                start += step.n_numbers
            elif isinstance(step, Transform):
                x = step.transform(x, rng)
            else:
                x = _called(step, x, rng)
        return x if x is not images else np.array(images, order="C")


def takes_rng(transform: Callable[..., Any]) -> bool:
    """Whether a function is one of the images and random numbers, ``f(x, rng)``, or of the images alone."""
    try:
        parameters = signature(transform).parameters.values()
    except ValueError:  # of a function of NumPy that does not say
        return False
    by_place = [p for p in parameters if p.kind in (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)]
    needed = [p for p in by_place if p.default is Parameter.empty]
    return len(needed) > 1 or any(p.name == "rng" for p in by_place[1:2])


def _flat(transforms: Sequence[Any]) -> list[Any]:
    """The steps, with those of a `Compose` among them in its place."""
    return [step for t in transforms for step in (_flat(t.transforms) if isinstance(t, Compose) else [t])]


def _called(step: Callable[..., Any], images: NDArray[Any], rng: SampleGenerator) -> NDArray[Any]:
    name = getattr(step, "__name__", type(step).__name__)
    result = step(images, rng) if takes_rng(step) else step(images)
    if result is None:
        raise TypeError(f"Compose: {name} returned None, expected images; is its return missing?")
    return as_images(f"Compose, after {name}", result)
