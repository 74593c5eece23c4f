"""Shapes, orders, joins, repetitions, padding and sorting."""

from __future__ import annotations

from typing import Any

import numpy as np

from nn.onnx.graph import Graph, Value, onnx_dtype
from nn.onnx.refused import Refused
from nn.onnx.sizes import Varying, fixed
from nn.onnx.table import Rules

__all__ = ["MANIPULATION", "axes_of", "axis_of", "sliced"]

MANIPULATION = Rules()
_END = np.iinfo(np.int64).max


def axis_of(axis: Any, ndim: int) -> int:
    """An axis counted from the first."""
    return int(axis) % ndim


def axes_of(axis: Any, ndim: int) -> list[int]:
    """One axis or several, counted from the first; all for ``None``."""
    if axis is None:
        return list(range(ndim))
    return [axis_of(each, ndim) for each in (axis if isinstance(axis, tuple | list) else (axis,))]


def sliced(g: Graph, x: Value, axis: int, start: int, stop: int = _END, step: int = 1) -> Value:
    """A part of x along one axis."""
    return g("Slice", x, [start], [stop], [axis], [step])


MANIPULATION.rows(
    {
        "reshape": lambda g, x, shape, copy=False: g.reshaped(x, g.shape),
        "broadcast_to": lambda g, x, shape: g("Expand", x, g.size_list(g.shape)),
        "copy": lambda g, x: g("Identity", x),
        "to": lambda g, x, device: g("Identity", x),
        "detach": lambda g, x: g("Identity", x),
        "concatenate": lambda g, arrays, axis: g("Concat", *arrays, axis=int(axis)),
        "stack": lambda g, arrays, axis: g("Concat", *(g("Unsqueeze", x, [axis]) for x in arrays), axis=int(axis)),
        "triu": lambda g, x, k: g("Trilu", _as_matrix(g, x), g.constant(np.int64(k)), upper=1),
        "tril": lambda g, x, k: g("Trilu", _as_matrix(g, x), g.constant(np.int64(k)), upper=0),
    }
)
MANIPULATION.of("astype", mixed=True)(lambda g, x, dtype: g("Cast", x, to=onnx_dtype(g.dtype), dtype=g.dtype))


def _as_matrix(g: Graph, x: Value) -> Value:
    """A vector as the rows of a square matrix, as NumPy takes it."""
    return g("Expand", x, g.size_list(g.shape)) if x.ndim == 1 else x


@MANIPULATION.of("where", mixed=True)
def _where(g: Graph, condition: Any, x: Any, y: Any) -> Value:
    return g("Where", g.cast(condition, bool), g.cast(x, g.dtype), g.cast(y, g.dtype))


@MANIPULATION.of("transpose")
def _transpose(g: Graph, x: Value, axes: Any) -> Value:
    perm = range(x.ndim)[::-1] if axes is None else axes_of(axes, x.ndim)
    return g("Transpose", x, perm=list(perm)) if x.ndim else g("Identity", x)


@MANIPULATION.of("tile")
def _tile(g: Graph, x: Value, reps: Any) -> Value:
    reps = [int(n) for n in reps]
    if len(reps) > x.ndim:
        x = g.reshaped(x, (*(1,) * (len(reps) - x.ndim), *x.sizes))
    return g("Tile", x, [1] * (x.ndim - len(reps)) + reps)


@MANIPULATION.of("repeat")
def _repeat(g: Graph, x: Value, repeats: Any, axis: int) -> Value:
    """Gathered by an index for each element; one number of repeats also works along the batch."""
    axis = axis_of(axis, x.ndim)
    if isinstance(repeats, int):
        repeated = g(
            "Tile", g("Unsqueeze", x, [axis + 1]), [repeats if i == axis + 1 else 1 for i in range(x.ndim + 1)]
        )
        return g.reshaped(repeated, g.shape)
    size = fixed(x.sizes[axis : axis + 1])[0]
    return g("Gather", x, g.constant(np.repeat(np.arange(size), repeats)), axis=axis)


@MANIPULATION.of("flip")
def _flip(g: Graph, x: Value, axis: Any) -> Value:
    axes = axes_of(axis, x.ndim)
    for each in axes:
        x = sliced(g, x, each, -1, -_END, -1)
    return x if axes else g("Identity", x)


def rolled(g: Graph, x: Value, axis: int, shift: int, size: Any) -> Value:
    """The elements moved along an axis; those that leave it come in at the other end."""
    if isinstance(size, Varying):
        if shift == 0:
            return x
        fixed((size,))  # raises
    shift = shift % size if size else 0
    if shift == 0:
        return x
    return g("Concat", sliced(g, x, axis, -shift), sliced(g, x, axis, 0, -shift), axis=axis)


@MANIPULATION.of("roll")
def _roll(g: Graph, x: Value, shift: Any, axis: Any) -> Value:
    if axis is None:
        flat = rolled(g, g("Reshape", x, [-1]), 0, int(np.sum(shift)), int(np.prod(fixed(x.sizes), initial=1)))
        return g.reshaped(flat, g.shape)
    pairs = np.broadcast(np.asarray(shift), np.asarray(axis))
    y = x
    for by, along in pairs:
        along = axis_of(along, x.ndim)
        y = rolled(g, y, along, int(by), x.sizes[along])
    return g("Identity", y) if y is x else y


def _shifted(inverse: bool) -> Any:
    def rule(g: Graph, x: Value, axes: Any) -> Value:
        y = x
        for axis in axes_of(axes, x.ndim):
            (size,) = fixed(x.sizes[axis : axis + 1])
            y = rolled(g, y, axis, -(size // 2) if inverse else size // 2, size)
        return g("Identity", y) if y is x else y

    return rule


MANIPULATION.rows({"fftshift": _shifted(False), "ifftshift": _shifted(True)})


@MANIPULATION.of("pad")
def _pad(g: Graph, x: Value, pad_width: Any, mode: str, constant_values: Any = 0, **others: Any) -> Value:
    if not pad_width:
        return g("Identity", x)
    if mode not in ("constant", "edge", "reflect", "wrap") or any(others.values()):
        raise Refused(f"ONNX pads with constant, edge, reflect and wrap, got mode={mode!r} {others or ''}")
    before, after = ([int(p[i]) for p in pad_width] for i in (0, 1))
    if mode == "constant":
        values = np.broadcast_to(np.asarray(constant_values, object), (x.ndim, 2))
        if len(set(values.reshape(-1).tolist())) == 1:
            return g("Pad", x, before + after, g.constant(values[0, 0], g.dtype), mode="constant")
        for axis in range(x.ndim):  # one axis after the other, as NumPy does
            for side in (0, 1):
                widths = [0] * (2 * x.ndim)
                widths[axis + side * len(g.shape)] = (before, after)[side][axis]
                padded = g("Pad", x, widths, g.constant(float(values[axis, side]), g.dtype), mode="constant")
                x = Value(padded.name, padded.dtype, x.sizes)
        return x
    for size, *widths in zip(x.sizes, before, after, strict=True):
        if not any(widths):
            continue
        (length,) = fixed((size,))
        if max(widths) > (length - 1 if mode == "reflect" else length) and mode != "edge":
            raise Refused(f"ONNX cannot pad {length} elements by {max(widths)} with mode={mode!r}")
    return g("Pad", x, before + after, mode=mode)


@MANIPULATION.of("sort")
def _sort(g: Graph, x: Value, axis: int) -> Value:
    axis = axis_of(axis, x.ndim)
    count = g.size_list(x.sizes[axis : axis + 1])
    return g.several(2, "TopK", x, count, axis=axis, largest=0, sorted=1)[0]


@MANIPULATION.of("reorder", mixed=True)
def _reorder(g: Graph, x: Value, order: Any, axis: int) -> Value:
    return g("GatherElements", x, g.constant(order), axis=axis_of(axis, x.ndim))


@MANIPULATION.of("scatter", mixed=True)
def _scatter(g: Graph, x: Value, index: Any, shape: Any) -> Value:
    """Zeros, to which x is added at places that are the same for all inputs."""
    if _has_value(index):
        raise Refused("ONNX has no such sum at places that depend on the input")
    shape = fixed(g.shape)
    places = np.arange(int(np.prod(shape))).reshape(shape)[index].reshape(-1)
    zeros = g.constant(np.zeros(int(np.prod(shape)), g.dtype))
    elements = g("Expand", g("Reshape", x, [-1]), [places.size])
    added = g("ScatterElements", zeros, g.constant(places.astype(np.int64)), elements, axis=0, reduction="add")
    return g.reshaped(added, shape)


def _has_value(index: Any) -> bool:
    return isinstance(index, Value) or (isinstance(index, tuple | list) and any(map(_has_value, index)))
