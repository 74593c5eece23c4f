"""Max-pooling by oneDNN, whose workspace holds the switches of `max_pool`, element for element.

It starts from the lowest finite number, and no comparison with NaN is true: images with NaN, or with a window of −∞
alone, are left to NumPy. The C interface: https://oneapi-src.github.io/oneDNN, "Pooling".
"""

from __future__ import annotations

from ctypes import c_int, c_void_p
from threading import local

import numpy as np

from minigrad.kernels.onednn_computation import Computation, prepared, threads_for
from minigrad.kernels.spatial import onednn as library
from minigrad.kernels.spatial.channels_last import as_channels_last, is_channels_last
from minigrad.kernels.spatial.windows import Ints, PadWidth
from minigrad.typing import Array

__all__ = ["can_take", "pool", "unpool"]

# Constants of the C interface, by their names there.
_FORWARD_TRAINING, _MAX, _EXEC_ARG_MD = 64, 0x1FF, 255
_SRC, _DST, _WORKSPACE, _DIFF_SRC, _DIFF_DST = 1, 17, 64, 129, 145
_LOWEST = np.finfo(np.float32).min


def can_take(x: Array, kernel: Ints, stride: Ints, padding: PadWidth, dilation: Ints) -> bool:
    """Whether these are float32 images, whose windows neither overlap nor reach beyond the border.

    They are in NumPy's order, or their channels lie next to each other.
    """
    apart = all(f <= s for f, s in zip(kernel, stride, strict=True)) and max(dilation) == 1
    in_order = x.flags.c_contiguous or is_channels_last(x)
    return apart and not any(map(any, padding)) and in_order and library.can_take(x)


def pool(x: Array, y: Array, switches: Array, kernel: Ints, stride: Ints) -> bool:
    """Fill y and switches with the largest elements of x and their places; False if it cannot."""
    last = is_channels_last(x)
    computation = _mine.pool(x.shape, y.shape, last, kernel, stride, False, threads_for(x))
    if computation is None or np.isnan(x.max()):
        return False
    computation.run({_SRC: x, _DST: y, _WORKSPACE: switches})
    return bool(y.min() > _LOWEST)


def unpool(y_bar: Array, switches: Array, x_bar: Array, kernel: Ints, stride: Ints) -> bool:
    """Fill x_bar with y_bar, at the places that the switches name; False if it cannot."""
    last = is_channels_last(x_bar)
    computation = _mine.pool(x_bar.shape, y_bar.shape, last, kernel, stride, True, threads_for(x_bar))
    if computation is None:
        return False
    ordered = as_channels_last if last else np.ascontiguousarray
    computation.run({_DIFF_DST: ordered(y_bar), _WORKSPACE: ordered(switches), _DIFF_SRC: x_bar})
    return True


def _pool(x: Ints, y: Ints, last: bool, kernel: Ints, stride: Ints, backward: bool, threads: int) -> Computation | None:
    """None if its switches lie in memory in another way than ours."""
    describe = library._Descriptor.channels_last if last else library._Descriptor.plain
    images, largest = describe(x), describe(y)
    windows = (library._integers(numbers) for numbers in (stride, kernel, *([0] * len(kernel),) * 3))
    settings = (c_int(_MAX), images.handle, largest.handle, *windows)
    attributes, create = library._attributes(), "pooling_{}_primitive_desc_create"
    forward = library._new(create.format("forward"), library._engine(), c_int(_FORWARD_TRAINING), *settings, attributes)
    query = library._dnnl().dnnl_primitive_desc_query_md
    workspace = library._Descriptor(c_void_p(query(forward, _EXEC_ARG_MD, c_int(_WORKSPACE))), owned=False)
    switches = describe(y, library._U8)
    if not library._dnnl().dnnl_memory_desc_equal(switches.handle, workspace.handle):
        library._dnnl().dnnl_primitive_desc_destroy(forward)
        return None
    if not backward:
        return Computation([forward], {_SRC: images, _DST: largest, _WORKSPACE: switches}, threads)
    description = library._new(create.format("backward"), library._engine(), *settings, forward, attributes)
    arrays = {_DIFF_DST: largest, _WORKSPACE: switches, _DIFF_SRC: images}
    return Computation([description, forward], arrays, threads)


class _Mine(local):
    """What each thread has for itself: it sets the addresses."""

    def __init__(self) -> None:
        self.pool = prepared(_pool)


_mine = _Mine()
