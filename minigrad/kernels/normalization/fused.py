"""Additions and multiplications of arrays, one after the other, in a single pass over memory.

Memory is the bottleneck of a normalization: computed formula by formula, an image batch would be read and written for
each of them. oneDNN, if it is installed, computes a chain of them at once, to the bits of NumPy, which computes blocks
that stay in the cache.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from minigrad.kernels.elementwise import onednn
from minigrad.typing import Array

__all__ = ["Step", "fill"]

#: ``np.add``, ``np.subtract`` or ``np.multiply``, and what to do it with.
Step = tuple[Any, Array]

_LARGE = 1 << 14  # elements: with fewer, NumPy takes less time than calling oneDNN
_BLOCK = 1 << 18  # elements: small enough for the cache, and large enough for Python's share of the time to be small


def fill(target: Array, source: Array, *steps: Step, threads: int = 1) -> None:
    """Fill `target` with `source`, after one step after the other.

    Arguments:
        target, source: shape (N, C) or (N, C, S), contiguous, of the same dtype; may be the same.
        steps: with numbers of the channels, shape (C,), or with an array of the shape of `source`, which may be
            `target`, too.
        threads: for oneDNN; one for a piece of a batch, in a thread of ours.
    """
    if source.shape[-1] == 1 and source.ndim == 3:  # oneDNN takes the numbers of its channels for those of the samples
        steps = tuple((do, a.reshape(-1, source.shape[1]) if a.ndim == 3 else a) for do, a in steps)
        target, source = target[..., 0], source[..., 0]
    shape = source.shape
    arrays = [a.astype(source.dtype, copy=False) for _, a in steps]
    if source.size >= _LARGE and onednn.can_take(source):
        onednn.chain(target, source, [do for do, _ in steps], arrays, threads)
        return
    along = (1, -1, *(1,) * (len(shape) - 2))
    arrays = [a if a.shape == shape else a.reshape(along) for a in arrays]
    axis = 0 if shape[0] > 1 else 1
    step = max(1, _BLOCK * shape[axis] // source.size)
    memory = np.empty_like(source[0, :step] if axis else source[:step])  # `target` may be read until the last step
    for start in range(0, shape[axis], step):
        block = (slice(None),) * axis + (slice(start, start + step),)
        now, out = source[block], target[block]
        for i, ((do, _), a) in enumerate(zip(steps, arrays, strict=True), start=1):
            between = memory[: len(out)] if axis == 0 else memory[None, : out.shape[1]]
            now = do(now, a[block] if a.shape[axis] > 1 else a, out=out if i == len(steps) else between)
