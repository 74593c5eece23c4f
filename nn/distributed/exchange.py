"""Sums over all ranks, and the parts of a batch that all ranks have, by the mean over ranks alone."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

import minigrad as mg
from nn.distributed.communicator import Communicator
from nn.typing import Array

__all__ = ["gathered", "part", "rows_of_ranks", "summed"]

_AXES = 8  # of an array that is gathered, at most
_FORM = 2 + _AXES  # what is told of it: the number of its dtype, that of its axes, and their lengths
_ALIKE = [0, 1, *range(3, _FORM)]  # what has to be the same on all ranks: all but the number of samples
_MISSING = -1  # in place of the dtype: this rank has nothing


def part(start: int, stop: int, rank: int, ranks: int) -> tuple[int, int]:
    """Where the part of a rank begins and ends; those of the first ranks may be one longer, and the last ones empty.

    >>> [part(0, 8, rank, 3) for rank in range(3)], [part(5, 6, rank, 2) for rank in range(2)]
    ([(0, 3), (3, 6), (6, 8)], [(5, 6), (6, 6)])
    """
    n = stop - start
    first, last = (-(-n * i // ranks) for i in (rank, rank + 1))
    return start + first, start + last


def summed(comm: Communicator, *numbers: float) -> list[float]:
    """The sums of these numbers over all ranks; those of whole numbers are exact.

    >>> from nn.distributed.communicator import Serial
    >>> summed(Serial(), 3, 0.5)
    [3.0, 0.5]
    """
    # size · x / size is x for whole numbers, and so is that of their sum.
    total = np.multiply(numbers, comm.size, dtype=np.float64)
    comm.mean_(total)
    return total.tolist()  # type: ignore[no-any-return]


def rows_of_ranks(comm: Communicator, row: Sequence[float]) -> NDArray[np.float64]:
    """The numbers of all ranks, a row for each."""
    table = np.zeros((comm.size, len(row)))
    table[comm.rank] = row
    table[comm.rank] *= comm.size
    comm.mean_(table)
    return table


def gathered(comm: Communicator, parts: Sequence[Array | None]) -> list[Any]:
    """Arrays whose parts all ranks have, one after the other along the first axis, on the CPU.

    Arguments:
        parts: those of this rank; ``None`` where it has nothing.

    Returns:
        The whole arrays, the same on all ranks; ``None`` where no rank has a part.

    Raises:
        ValueError: on all ranks, if parts differ in their dtypes or in the shapes of their samples, or have more than
            eight axes.
    """
    own = [None if array is None else np.asarray(mg.to(array, "cpu")) for array in parts]
    forms = rows_of_ranks(comm, [number for array in own for number in _form(array)]).astype(np.int64)
    blocks = [_block(forms[:, i * _FORM : (i + 1) * _FORM]) for i in range(len(own))]
    dtype = np.result_type(np.float64, *(block[1] for block in blocks if block is not None))
    total = np.zeros(sum(math.prod(block[0]) for block in blocks if block is not None), dtype)
    start = 0
    views: list[tuple[Any, Any] | None] = []
    for block, array in zip(blocks, own, strict=True):
        if block is None:
            views.append(None)
            continue
        shape, of_array, firsts = block
        stop = start + math.prod(shape)
        view = total[start:stop].reshape(shape)
        if array is not None:  # exact: the numbers of a batch have at most 53 bits, but for float64
            view[firsts[comm.rank] : firsts[comm.rank + 1]] = array
        views.append((view, of_array))
        start = stop
    total *= comm.size
    comm.mean_(total)
    return [None if found is None else _as(*found) for found in views]


def _as(view: Any, dtype: Any) -> Any:
    return (view if dtype.kind == "c" else view.real).astype(dtype)


def _form(array: Any) -> list[int]:
    if array is None:
        return [_MISSING] * _FORM
    if array.ndim > _AXES:
        return [array.dtype.num, array.ndim, *array.shape[:_AXES]]
    return [array.dtype.num, array.ndim, *array.shape, *[0] * (_AXES - array.ndim)]


def _block(forms: NDArray[np.int64]) -> tuple[tuple[int, ...], Any, list[int]] | None:
    """Shape and dtype of a whole array, and where the parts of the ranks begin in it."""
    there = forms[forms[:, 0] != _MISSING]
    if not len(there):
        return None
    number, axes = there[0, :2].tolist()
    if axes > _AXES or (there[:, _ALIKE] != there[0, _ALIKE]).any():
        shapes = [tuple(row[2 : 2 + min(row[1], _AXES)].tolist()) for row in there]
        raise ValueError(
            f"fit: the ranks have outputs or targets of the shapes {', '.join(map(str, dict.fromkeys(shapes)))}, which "
            f"cannot be joined to one batch; expected one dtype, and one shape for all samples, of at most {_AXES} axes"
        )
    lengths = np.where(forms[:, 0] == _MISSING, 0, forms[:, 2])
    firsts = [0, *np.cumsum(lengths).tolist()]
    return (firsts[-1], *there[0, 3 : 2 + axes].tolist()), _dtypes()[number], firsts


@lru_cache(maxsize=1)
def _dtypes() -> dict[int, Any]:
    """The dtypes of numbers, by the numbers that NumPy gives them."""
    return {np.dtype(char).num: np.dtype(char) for char in np.typecodes["All"] if char not in "SUVOMm"}
