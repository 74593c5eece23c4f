"""Chains of elementwise operations by oneDNN, in a single pass over memory.

`kernels.spatial.onednn` describes the library. The C interface: https://oneapi-src.github.io/oneDNN, "Binary", with
further ones as its *post-ops*. Of two numbers, its maximum is the second where either is NaN or both are 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from ctypes import c_int
from threading import local
from typing import Any

import numpy as np

from minigrad.kernels.onednn_computation import Computation, prepared, threads_for
from minigrad.kernels.spatial import onednn as library
from minigrad.kernels.spatial.windows import Ints
from minigrad.typing import Array

__all__ = ["can_take", "chain", "relu", "relu_grad"]

can_take = library.can_take

# Constants of the C interface, by their names there.
_SRC, _SRC_1, _DST, _POST_OP = 1, 2, 17, 32768
_BINARY: dict[Any, int] = {
    np.add: 0x1FFF0, np.multiply: 0x1FFF1, np.maximum: 0x1FFF2, np.subtract: 0x1FFF5, np.greater: 0x1FFF7,
}  # fmt: skip
_ZERO = np.zeros(1, np.float32)


def relu(x: Array, y: Array) -> None:
    """Fill y with max(0, x), NaN where x is NaN; the two lie in memory in the same order, without gaps."""
    # max(x, 0) drops NaN, the maximum with x brings it back, and −0 with it, which + 0 turns into 0.
    _flat_chain(y, x, ((np.maximum, _ZERO), (np.maximum, x), (np.add, _ZERO)))


def relu_grad(y_bar: Array, x: Array, x_bar: Array) -> None:
    """Fill x_bar with y_bar · (x > 0); the three lie in memory in the same order, without gaps."""
    # NaN > 0 is true here: the maximum drops it first.
    _flat_chain(x_bar, x, ((np.maximum, _ZERO), (np.greater, _ZERO), (np.multiply, y_bar)))


def _flat_chain(y: Array, x: Array, steps: Sequence[tuple[np.ufunc, Array]]) -> None:
    """`chain` in OpenMP's threads; each array is `_ZERO`, or like x."""
    are_full = tuple(array is not _ZERO for _, array in steps)
    computation = _mine.chain((x.size,), (1,), tuple(step for step, _ in steps), are_full, threads_for(x, 0))
    computation.run(dict(zip(computation.memories, (x, y, *(array for _, array in steps)), strict=True)))


def chain(y: Array, x: Array, steps: Sequence[np.ufunc], arrays: Sequence[Array], threads: int) -> None:
    """Fill y with x, after one step after the other: np.add, np.subtract or np.multiply with its array.

    Arguments:
        y, x: contiguous.
        arrays: of the same shape, or one number for each index along the second axis; contiguous.
        threads: of OpenMP; one for a piece of a batch, in a thread of ours.
    """
    of_channels = (1, x.shape[1], *(1,) * (x.ndim - 2))
    computation = _mine.chain(x.shape, of_channels, tuple(steps), tuple(a.shape == x.shape for a in arrays), threads)
    computation.run(dict(zip(computation.memories, (x, y, *arrays), strict=True)))


def _chain(
    shape: Ints, of_numbers: Ints, steps: tuple[np.ufunc, ...], are_full: tuple[bool, ...], threads: int
) -> Computation:
    """For arrays of the two shapes."""
    full, numbers = library._Descriptor.plain(shape), library._Descriptor.plain(of_numbers)
    kinds = [full if is_full else numbers for is_full in are_full]
    arrays = {_SRC: full, _DST: full, _SRC_1: kinds[0]}
    post_ops = library._new("post_ops_create")
    for i, (step, kind) in enumerate(zip(steps[1:], kinds[1:], strict=True), start=1):
        arrays[_POST_OP * i | _SRC_1] = kind
        library._checked("post_ops_append_binary", post_ops, c_int(_BINARY[step]), kind.handle)
    attributes = library._new("primitive_attr_create")
    library._checked("primitive_attr_set_scratchpad_mode", attributes, c_int(library._USER_SCRATCHPAD))
    library._checked("primitive_attr_set_post_ops", attributes, post_ops)
    handles = (arrays[role].handle for role in (_SRC, _SRC_1, _DST))
    arguments = (library._engine(), c_int(_BINARY[steps[0]]), *handles, attributes)
    try:
        return Computation([library._new("binary_primitive_desc_create", *arguments)], arrays, threads)
    finally:
        library._dnnl().dnnl_primitive_attr_destroy(attributes)
        library._dnnl().dnnl_post_ops_destroy(post_ops)


class _Mine(local):
    """What each thread has for itself: it sets the addresses."""

    def __init__(self) -> None:
        self.chain = prepared(_chain)


_mine = _Mine()
