"""The numbers that a call computes with, from shapes and parameters alone: known before they take memory.

Most operations broadcast their arrays. The tables list those whose output, or what they multiply on the way, may be
larger than that. Each function takes the arguments of the operation, by name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import zip_longest
from math import prod
from typing import Any

import numpy as np

import minigrad as mg

__all__ = ["numbers_needed"]

Shape = tuple[int, ...]


def numbers_needed(function: str, arguments: Mapping[str, Any]) -> int:
    """An upper bound of the size of the output of a call, and of what it computes on the way.

    Arguments:
        function: the name of the operation.
        arguments: by the names of its parameters; several in a tuple, as ``*xs`` are.

    Returns:
        0 for arguments that do not fit together: the operation itself says why.

    >>> column, row = np.zeros((100, 1)), np.zeros(200)
    >>> numbers_needed("add", {"x": column, "y": row})
    20000
    """
    try:
        needed: Callable[..., Any] = _NEEDED.get(function, _broadcast)
        return int(needed(**arguments))
    except (ArithmeticError, LookupError, TypeError, ValueError):
        return 0


def _broadcast(**arguments: Any) -> Any:
    """The size of all arrays broadcast together, or of those that fit: the longest of each axis, from the last."""
    shapes = [np.shape(x)[::-1] for x in _arrays(arguments)]
    return prod(map(max, zip_longest(*shapes, fillvalue=1)))


def _joined(**arguments: Any) -> Any:
    return sum(map(np.size, _arrays(arguments)))


def _outer(**arguments: Any) -> Any:
    return prod(map(np.size, _arrays(arguments)))


def _meshgrid(xs: Any, **_: Any) -> Any:
    return len(xs) * _outer(xs=xs)


def _arrays(arguments: Mapping[str, Any]) -> list[Any]:
    """The arrays among the arguments, also those in lists; a list of whole numbers may be one, too."""
    found: list[Any] = []
    for value in arguments.values():
        for part in value if isinstance(value, tuple) else (value,):
            inside = [x for x in (part if isinstance(part, list) else [part]) if _is_array(x)]
            found += inside if inside or not isinstance(part, list) else [np.array(part)]
    return found


def _is_array(value: Any) -> bool:
    return isinstance(value, mg.Tensor | np.ndarray | np.generic)


def _whole(value: Any) -> list[int]:
    """The whole numbers in a parameter; none if it is not given."""
    return [] if value is None else np.ravel(np.array(value, dtype=object)).tolist()


def _largest(value: Any, default: int = 0) -> Any:
    return max(map(abs, _whole(value)), default=default)


def _without(shape: Shape, axis: int) -> Any:
    return prod(shape) // max(shape[axis], 1) if shape else 1


# ------------------------------------------------------------------ products


def _matmul(x: Any, y: Any) -> Any:
    a, b = np.shape(x), np.shape(y)
    batch = prod(np.broadcast_shapes(a[:-2], b[:-2]))
    return batch * prod(a[-2:-1]) * prod(b[-1:] if len(b) > 1 else ())


def _dot(x: Any, y: Any) -> Any:
    return _without(np.shape(x), -1) * _without(np.shape(y), -2 if np.ndim(y) > 1 else -1)


def _solve(a: Any, b: Any) -> Any:
    return _matmul(a, b) if np.ndim(b) > 1 else np.size(a) * np.size(b)


def _tensordot(x: Any, y: Any, axes: Any = 2) -> Any:
    a, b = np.shape(x), np.shape(y)
    if isinstance(axes, int):
        return prod(a[: len(a) - axes]) * prod(b[axes:])
    contracted = [prod(shape[i] for i in _whole(part)) for shape, part in zip((a, b), axes, strict=True)]
    return prod(a) // contracted[0] * (prod(b) // contracted[1])


def _einsum(operands: Any, optimize: Any = False) -> Any:  # noqa: ARG001
    """The products of ``einsum(x, [0, 1], y, [1, 2])``."""
    lengths: dict[int, int] = {}
    for x, letters in zip(operands[::2], operands[1::2], strict=False):
        lengths |= {k: max(n, lengths.get(k, 1)) for k, n in zip(letters, np.shape(x), strict=True)}
    return prod(lengths.values())


def _multi_dot(arrays: Any) -> Any:
    return max(np.shape(a)[0] for a in arrays) * max(np.shape(a)[-1] for a in arrays)


def _diag(v: Any, k: int = 0) -> Any:
    return (np.size(v) + abs(k)) ** 2 if np.ndim(v) == 1 else np.size(v)


def _triangle(x: Any, k: int = 0) -> Any:  # noqa: ARG001
    """A vector becomes the rows of a square."""
    return np.size(x) ** 2 if np.ndim(x) == 1 else np.size(x)


def _svd(a: Any, full_matrices: Any = True, **_: Any) -> Any:
    *batch, m, n = np.shape(a)
    return prod(batch) * (m * m + n * n if full_matrices else m * n)


# ------------------------------------------------------------------ windows


def _windows(x: Any, weight: Any = None, *, padding: Any = 0, kernel_size: Any = 1, **_: Any) -> Any:
    """The elements of all windows: one window for each pixel of the padded image."""
    n, channels, *image = np.shape(x)
    pixels = prod(length + 2 * _largest(padding) for length in image)
    filters, *window = (channels, *[_largest(kernel_size)] * len(image)) if weight is None else np.shape(weight)
    return n * pixels * max(filters, prod(window))


def _spread(x: Any, weight: Any = None, *, stride: Any = None, **params: Any) -> Any:
    """The pixels of an image whose pixels move apart by the stride, and grow to windows."""
    n, channels, *image = np.shape(x)
    window = np.shape(weight)[2:] if weight is not None else [_largest(params["kernel_size"])] * len(image)
    grown = _largest(params.get("output_padding")) + _largest(params.get("padding"))
    step, apart = _largest(stride, default=max(window)), _largest(params.get("dilation"), default=1)
    pixels = prod(length * step + apart * k + grown for length, k in zip(image, window, strict=True))
    return n * max(channels, np.shape(weight)[1] if weight is not None else 1) * pixels


def _resized(x: Any, size: Any, **_: Any) -> Any:
    shape = np.shape(x)
    return prod(shape[:2]) * _largest(size) ** len(shape[2:])


def _upsample(x: Any, size: Any = None, scale_factor: Any = None, **_: Any) -> Any:
    shape = np.shape(x)
    return _resized(x, size) if size is not None else prod(shape) * _largest(scale_factor) ** len(shape[2:])


# ------------------------------------------------------------------ what parameters enlarge


def _transformed(x: Any = None, n: Any = None, s: Any = None, axis: int = -1, axes: Any = None, **_: Any) -> Any:
    """A Fourier transform, cut or padded to the lengths `n` or `s`."""
    lengths = list(np.shape(x))
    axes = (axis,) if s is None else range(-len(_whole(s)), 0) if axes is None else axes
    for i, length in zip(axes, _whole(n if s is None else s), strict=False):
        lengths[i] = length
    return 2 * prod(lengths)


def _taken(x: Any, indices: Any, axis: Any = None, **_: Any) -> Any:
    return np.size(indices) * (1 if axis is None else _without(np.shape(x), axis))


def _taken_along(x: Any, indices: Any, axis: int = -1) -> Any:
    others = list(np.shape(x))
    others[axis] = 1
    return prod(np.broadcast_shapes(others, np.shape(indices)))


def _quantiles(x: Any, q: Any, axis: Any = None, **_: Any) -> Any:
    return np.size(q) * (1 if axis is None else max(_without(np.shape(x), i) for i in _whole(axis)))


def _spaced(start: Any, stop: Any, num: Any = 50, **params: Any) -> Any:
    return num * _broadcast(start=start, stop=stop, base=params.get("base", 1))


_PRODUCTS: dict[str, Any] = {
    "matmul": _matmul,
    "matvec": lambda x, y: _without(np.shape(x), -1) * _without(np.shape(y), -1),
    "vecmat": lambda x, y: _without(np.shape(x), -1) * _without(np.shape(y), -2),
    "dot": _dot,
    "inner": lambda x, y: _without(np.shape(x), -1) * _without(np.shape(y), -1),
    "linear": lambda x, weight, bias=None: _without(np.shape(x), -1) * np.shape(weight)[0],
    "solve": _solve,
    "lstsq": lambda a, b, rcond=None: np.shape(a)[-1] * prod(np.shape(b)[1:]),
    "tensordot": _tensordot,
    "einsum": _einsum,
    "multi_dot": _multi_dot,
    "meshgrid": _meshgrid,
    "diag": _diag,
    "diagflat": lambda v, k=0: (np.size(v) + abs(k)) ** 2,
    "svd": _svd,
    "tril": _triangle,
    "triu": _triangle,
} | dict.fromkeys(("outer", "kron"), _outer)

_WINDOWS: dict[str, Any] = {
    name: needed
    for axes in (1, 2, 3)
    for name, needed in {
        f"conv{axes}d": _windows,
        f"avg_pool{axes}d": _windows,
        f"lp_pool{axes}d": _windows,
        f"max_pool{axes}d": _windows,
        f"conv_transpose{axes}d": _spread,
        f"max_unpool{axes}d": _spread,
        f"adaptive_avg_pool{axes}d": lambda x, output_size: _resized(x, output_size),
        f"adaptive_max_pool{axes}d": lambda x, output_size, **_: _resized(x, output_size),
    }.items()
} | {"upsample": _upsample}

_ENLARGED: dict[str, Any] = {
    "pad": lambda x, pad_width, **_: prod(n + 2 * _largest(pad_width) for n in np.shape(x)),
    "diff": lambda x, n=1, **_: np.size(x) * _largest(n),  # one after another
    "resize": lambda x, new_shape: prod(_whole(new_shape)),
    "roots": lambda p: np.size(p) ** 2,  # the companion matrix
    "tile": lambda x, reps: np.size(x) * prod(_whole(reps)),
    "repeat": lambda x, repeats, axis=None: np.size(x) * _largest(repeats),
    "take": _taken,
    "take_along_axis": _taken_along,
    "vander": lambda x, N=None, **_: np.size(x) * (np.size(x) if N is None else N),
} | dict.fromkeys(("quantile", "percentile", "nanquantile", "nanpercentile"), _quantiles)
_ENLARGED |= dict.fromkeys(("linspace", "logspace", "geomspace"), _spaced)
_ENLARGED |= dict.fromkeys(
    ("fft", "fft2", "fftn", "ifft", "ifft2", "ifftn", "rfft", "rfft2", "rfftn", "hfft", "ihfft"), _transformed
)
_ENLARGED |= dict.fromkeys(
    ("irfft", "irfft2", "irfftn"), lambda z=None, x=None, **params: _transformed(x if z is None else z, **params)
)
_ENLARGED |= dict.fromkeys(("append", "concat", "concatenate", "stack", "column_stack"), _joined)
_ENLARGED |= dict.fromkeys(("hstack", "vstack", "dstack"), _joined)

_NEEDED: dict[str, Any] = _PRODUCTS | _WINDOWS | _ENLARGED
