"""Einstein summation: sums of products over any axes."""

from __future__ import annotations

from typing import Any

import numpy as np

from minigrad.device import refuse_mixed
from minigrad.typing import Array


def einsum(*arrays: Any, subscripts: str, optimize: Any) -> Array:
    """``np.einsum``, with an error that says which lengths differ.

    Raises:
        ValueError: if axes that share a letter have different lengths.
    """
    refuse_mixed("einsum", arrays)  # CuPy would copy them silently
    try:
        return np.einsum(subscripts, *arrays, optimize=optimize)[()]
    except ValueError as error:
        raise ValueError(_mismatch(subscripts, [np.shape(array) for array in arrays]) or str(error)) from None


def _mismatch(subscripts: str, shapes: list[tuple[int, ...]]) -> str:
    lengths: dict[str, list[int]] = {}
    for letters, shape in zip(subscripts.partition("->")[0].split(","), shapes, strict=True):
        for letter, n in zip(letters, shape, strict=True):
            lengths.setdefault(letter, []).append(n)
    differ = [f"{c} has the lengths {', '.join(map(str, found))}" for c, found in lengths.items() if len({*found}) > 1]
    if not differ:
        return ""
    return (
        f"einsum: {subscripts!r} of arrays of shapes {', '.join(map(str, shapes))}: axes that share a letter "
        f"must have the same length, but {'; '.join(differ)}"
    )
