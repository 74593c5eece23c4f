"""Layer normalization of rows by oneDNN, the library of compiled layers of `kernels.spatial.onednn`, in one thread.

The C interface: https://oneapi-src.github.io/oneDNN, "Layer normalization". Statistics are in single precision.
"""

from __future__ import annotations

from ctypes import c_float, c_int, c_uint, c_void_p
from functools import lru_cache
from threading import local
from typing import Any

import numpy as np

from minigrad.kernels.spatial import onednn as library
from minigrad.typing import Array

__all__ = ["can_take", "gradients", "standardize"]

can_take = library.can_take

# Constants of the C interface, by their names there.
_FORWARD_TRAINING, _BACKWARD, _USE_SCALE, _USE_SHIFT = 64, 128, 2, 4
_SRC, _DST, _MEAN, _VARIANCE, _SCALE, _SHIFT = 1, 17, 49, 50, 51, 52
_DIFF_SRC, _DIFF_DST, _DIFF_SCALE, _DIFF_SHIFT, _SCRATCHPAD = 129, 145, 255, 256, 80
_LAYERS = 64  # shapes whose code is kept


def standardize(x: Array, weight: Array, bias: Array, eps: float, y: Array, mean: Array, variance: Array) -> None:
    """Fill y (N, D), and mean and variance (N,), from x and from γ and β (D,), which may be ``None``."""
    arrays = {_SRC: x, _DST: y, _MEAN: mean, _VARIANCE: variance, _SCALE: weight, _SHIFT: bias}
    _mine.primitive(x.shape, weight is not None, bias is not None, eps, False).run(arrays)


def gradients(
    y_bar: Array, x: Array, x_bar: Array, weight: Array, eps: float, mean: Array, variance: Array, bars: Array
) -> None:
    """Fill x_bar (N, D), and if there is γ, its error signal and that of β: bars (2, D)."""
    arrays = {_SRC: x, _DIFF_DST: y_bar, _MEAN: mean, _VARIANCE: variance, _SCALE: weight, _DIFF_SRC: x_bar}
    if weight is not None:
        arrays |= {_SHIFT: weight, _DIFF_SCALE: bars[0], _DIFF_SHIFT: bars[1]}
    _mine.primitive(x.shape, weight is not None, weight is not None, eps, True).run(arrays)


class _LayerNorm:
    """A primitive for rows of one shape, with handles of the arrays; only the addresses are missing.

    OpenMP's threads would spin while they wait for each other: pieces of a batch are computed in threads of ours.
    """

    def __init__(self, shape: tuple[int, int], scale: bool, shift: bool, eps: float, backward: bool) -> None:
        self.library = library._dnnl()  # at exit, the module's names may be gone before this object
        self.owned: list[Any] = []
        with library._openmp(1):
            self._prepare(shape, scale, shift, eps, backward)

    def _prepare(self, shape: tuple[int, int], scale: bool, shift: bool, eps: float, backward: bool) -> None:
        rows, numbers = library._Descriptor.plain(shape), library._Descriptor.plain(shape[1:])
        statistics = library._Descriptor.plain(shape[:1])
        settings = (c_float(eps), c_uint(_USE_SCALE * scale | _USE_SHIFT * shift))
        arguments: tuple[Any, ...] = (c_int(_FORWARD_TRAINING), rows.handle, rows.handle, statistics.handle, *settings)
        attributes = library._attributes()
        descriptions = [
            library._new("layer_normalization_forward_primitive_desc_create", library._engine(), *arguments, attributes)
        ]
        if backward:
            arguments = (c_int(_BACKWARD), *(rows.handle,) * 3, statistics.handle, *settings, *descriptions, attributes)
            name = "layer_normalization_backward_primitive_desc_create"
            descriptions.insert(0, library._new(name, library._engine(), *arguments))
        self.primitive = library._Primitive(descriptions, {})
        outputs = (_DIFF_DST, _DIFF_SRC) if backward else (_DST,)
        parameters = [_SCALE] * scale + [_SHIFT] * shift + ([_DIFF_SCALE] * scale + [_DIFF_SHIFT] * shift) * backward
        kinds = {rows: (_SRC, *outputs), statistics: (_MEAN, _VARIANCE), numbers: tuple(parameters)}
        self.memories = {
            role: library._new("memory_create", kind.handle, library._engine(), None)
            for kind, roles in kinds.items()
            for role in roles
        }
        pairs = list(self.memories.items())
        self.scratchpad = np.empty(self.primitive.scratchpad.bytes, np.uint8)
        if self.primitive.scratchpad.bytes:
            memory = library._new("memory_create", self.primitive.scratchpad.handle, library._engine(), None)
            library._checked("memory_set_data_handle", memory, c_void_p(library._address(self.scratchpad)))
            pairs.append((_SCRATCHPAD, memory))
        self.owned = [memory for _, memory in pairs]
        self.arguments = (library._Argument * len(pairs))(*(library._Argument(*pair) for pair in pairs))

    def run(self, arrays: dict[int, Array]) -> None:
        """Compute with these arrays, in this thread."""
        for role, memory in self.memories.items():
            library._checked("memory_set_data_handle", memory, c_void_p(library._address(arrays[role])))
        stream = library._mine.stream.handle
        with library._openmp(1):
            library._checked(
                "primitive_execute", self.primitive.handle, stream, c_int(len(self.arguments)), self.arguments
            )
            library._checked("stream_wait", stream)

    def __del__(self) -> None:
        for memory in self.owned:
            self.library.dnnl_memory_destroy(memory)


class _Mine(local):
    """What each thread has for itself: it sets the addresses."""

    def __init__(self) -> None:
        self.primitive = lru_cache(maxsize=_LAYERS)(_LayerNorm)


_mine = _Mine()
