"""Predict: what a learner is asked at a step of the backward pass, and what to say to common mistakes.

The mistakes are those of `mg.grade`, made in advance, so that a page without a server can recognise them.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import islice
from typing import Any

import numpy as np

from minigrad.player.arrays import LARGEST_MATRIX
from minigrad.player.moments import Moment
from minigrad.walkthrough.grade import CommonMistakes

__all__ = ["question"]

_TOLERANCE = 0.005  # relative, as in `mg.grade`
_HINTS = 10
_TERMS = 4  # of a sum that was forgotten: each of them may have been taken for it


def question(mistakes: CommonMistakes, moment: Moment) -> dict[str, Any] | None:
    """The number to find, how near is right, and hints; ``None`` where there is nothing to find.

    Of an array it is the element furthest from 0: of a matrix beside the diagonal, where its transpose differs, and of
    many matrices in the first one. As long as contributions are missing, the one that arrives now is asked for, and at
    last the sum.
    """
    c = moment.contribution
    if moment.phase != "backward" or c is None:
        return None
    asked = np.asarray(moment.total if moment.complete else moment.value)
    if asked.dtype.kind not in "fiu" or not 0 < asked.size <= LARGEST_MATRIX or not np.isfinite(asked).all():
        return None
    size = np.abs(asked)
    if asked.ndim > 2 and (shown := _only_the_first_matrix(size)).any():
        size = shown
    if asked.ndim == 2 and (beside := np.where(np.eye(*asked.shape) == 1, 0, size)).any():
        size = beside
    place = np.unravel_index(int(np.argmax(size)), asked.shape)
    right = float(asked[place])
    parts = [float(np.max(np.abs(c.value), initial=0.0)) for c in moment.step.contributions] if moment.step else []
    near = _TOLERANCE * abs(right) + 1e-6 * max(parts, default=0.0)
    found: dict[float, str] = {}
    made = islice(_mistakes(mistakes, moment), 400)
    for mistaken, hint in made:
        for value in _there(np.asarray(mistaken), asked.shape, place):
            if math.isfinite(value) and abs(value - right) > near and value not in found:
                found[value] = hint
    hints = [[float(f"{value:.6g}"), hint] for value, hint in islice(found.items(), _HINTS)]
    return {"at": list(map(int, place)), "cell": int(np.argmax(size)), "answer": right, "near": near, "hints": hints}


def _only_the_first_matrix(size: Any) -> Any:
    """Zero elsewhere: the first of many matrices is the one that a page shows at first."""
    rest = size.copy()
    rest.reshape(-1, *size.shape[-2:])[1:] = 0
    return rest


def _there(wrong: Any, shape: tuple[int, ...], place: tuple[Any, ...]) -> Iterator[float]:
    """What a mistake gives for one element of an array of another shape too: transposed, or before it was summed."""
    if wrong.dtype.kind not in "fiu":
        return
    transposed = wrong.ndim == 2 and wrong.shape == shape[::-1]
    if wrong.shape == shape or (transposed and max(place) < min(shape)):
        yield float(wrong[place])
    elif wrong.ndim > len(shape) == 1 and wrong.shape[1] == shape[0]:  # a bias, of each example or pixel
        yield from map(float, islice(np.take(wrong, place[0], axis=1).flat, _TERMS))


def _mistakes(mistakes: CommonMistakes, moment: Moment) -> Iterator[tuple[Any, str]]:
    assert moment.step is not None
    c = moment.contribution
    if not moment.complete:
        assert c is not None
        yield -np.asarray(c.value), "the sign is wrong"
        return
    if moment.of > 1:
        assert c is not None
        yield c.value, f"this is what arrives now; add it to the sum before, which was {_digits(moment.before)}"
    yield from mistakes.of(moment.step)


def _digits(value: Any) -> str:
    return f"{float(value):.4g}".replace("-", "−") if np.ndim(value) == 0 else "an array of the same shape"
