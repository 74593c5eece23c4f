"""Two directions in the space of all parameters."""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["principal_directions", "random_directions"]


def random_directions(parameters: list[Any], rng: np.random.Generator) -> Any:
    """Two random directions, shape (2, P), in which every filter is as long as the network's: filter-normalised.

    A filter is what makes one output: a slice along the first axis. Arrays of one axis, biases and the scales of
    normalizations, stay as they are, unless there are no others.

    Raises:
        ValueError: if all filters are zero, so that they have no length.
    """
    alone = all(array.ndim < 2 for array in parameters)
    directions = np.concatenate([_filters(array, rng, alone) for array in parameters], axis=1)
    if not directions.any():
        raise ValueError(
            "loss_surface: all weights are 0, so they give the directions no scale; train the network first, or give "
            "it other initial weights"
        )
    return directions


def _filters(array: Any, rng: np.random.Generator, alone: bool) -> Any:
    if array.ndim < 2 and not alone:
        return np.zeros((2, array.size))
    rows = array.astype(np.float64).reshape(1 if array.ndim < 2 else len(array), -1)
    drawn = rng.standard_normal((2, *rows.shape))
    lengths = np.linalg.norm(drawn, axis=2, keepdims=True)
    lengths[lengths == 0] = 1
    return (drawn / lengths * np.linalg.norm(rows, axis=1, keepdims=True)).reshape(2, -1)


def principal_directions(path: Any, centre: Any) -> Any:
    """The two orthonormal directions, shape (2, P), of the plane through `centre` that is closest to a path (K, P).

    Of all these planes it has the smallest sum of squared distances to the points. The path begins on the left, and
    goes mostly above the centre.

    Raises:
        ValueError: if the points and the centre lie on a straight line, so that many planes contain them.
    """
    _, lengths, rows = np.linalg.svd(path - centre, full_matrices=False)
    if len(lengths) < 2 or lengths[1] <= 1e-6 * lengths[0]:
        raise ValueError(
            f"loss_surface: the {len(path)} points of the path lie on a straight line, which is in many planes; record "
            "more points (ParameterPath(every=1)), or leave path= out for random directions"
        )
    directions = rows[:2]
    x, y = directions @ (path - centre).T
    return directions * np.where([x[0] > 0, y.sum() < 0], -1, 1)[:, None]
