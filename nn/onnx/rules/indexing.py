"""x[index]: slices, numbers, new axes, and arrays of integers or booleans."""

from __future__ import annotations

from typing import Any

import numpy as np

from nn.onnx.graph import Graph, Value
from nn.onnx.refused import Refused
from nn.onnx.sizes import Size
from nn.onnx.table import Rules

__all__ = ["INDEXING"]

INDEXING = Rules()
_END = np.iinfo(np.int64).max


@INDEXING.of("getitem", mixed=True)
def _getitem(g: Graph, x: Value, index: Any) -> Value:
    entries = _full(index if isinstance(index, tuple) else (index,), x.ndim)
    if any(map(_is_array, entries)) and any(entry is None for entry in entries):
        raise Refused("ONNX has no index with arrays and new axes; index first, and reshape the result")
    x, entries = _with_slices(g, x, entries)
    if any(_is_array(entry) for entry in entries):
        return _with_arrays(g, x, entries)
    numbers = [axis for axis, entry in enumerate(e for e in entries if e is not None) if entry is not slice]
    if numbers:
        x = g("Squeeze", x, numbers)
    new = _new_axes(entries)
    return g("Unsqueeze", x, new) if new else g("Identity", x) if not numbers else x


@INDEXING.of("padded_embedding", mixed=True)
def _padded_embedding(g: Graph, weight: Value, index: Any, padding_idx: int) -> Value:
    return g("Gather", weight, _indices(g, index), axis=0)


def _is_array(entry: Any) -> bool:
    return isinstance(entry, Value) or (hasattr(entry, "ndim") and not isinstance(entry, np.integer))


def _full(index: tuple[Any, ...], ndim: int) -> list[Any]:
    """The index with an entry for each axis: no ellipsis, and booleans as arrays of integers."""
    entries: list[Any] = []
    for entry in index:
        if isinstance(entry, bool | np.bool_) or (isinstance(entry, np.ndarray) and entry.dtype == bool):
            if np.ndim(entry) == 0:
                raise Refused("ONNX has no index True or False")
            entries += np.nonzero(np.asarray(entry))
        elif isinstance(entry, Value) and entry.dtype == bool:
            raise Refused(
                "how many elements a mask selects depends on the numbers; use mg.where, or take a fixed number"
            )
        elif isinstance(entry, list | tuple):
            entries += _full((np.asarray(entry),), 1)
        else:
            entries.append(entry)
    used = sum(entry is not None and entry is not Ellipsis for entry in entries)
    rest = [slice(None)] * (ndim - used)
    at = next((i for i, entry in enumerate(entries) if entry is Ellipsis), None)
    return [*entries, *rest] if at is None else [*entries[:at], *rest, *entries[at + 1 :]]


def _with_slices(g: Graph, x: Value, entries: list[Any]) -> tuple[Value, list[Any]]:
    """x cut by the slices and numbers; in the index, ``slice`` and ``int`` itself stand for an axis that was."""
    bounds: list[tuple[int, int, int, int]] = []
    left: list[Any] = []
    axis = 0
    with_array = any(_is_array(entry) for entry in entries)
    for entry in entries:
        if entry is None or _is_array(entry):
            left.append(entry)
            axis += entry is not None
            continue
        if isinstance(entry, slice):
            start, stop, step = _bounds(entry, x.sizes[axis])
            left.append(slice)
        elif with_array:  # a number among arrays is one of them
            left.append(np.asarray(int(entry)))
            axis += 1
            continue
        else:
            at = int(entry)
            start, stop, step = at, at + 1 if at != -1 else _END, 1
            left.append(int)
        if (start, stop, step) != (0, _END, 1):
            bounds.append((axis, start, stop, step))
        axis += 1
    if bounds:
        axes, starts, stops, steps = map(list, zip(*bounds, strict=True))
        x = g("Slice", x, starts, stops, axes, steps)
    return x, left


def _bounds(entry: slice, size: Size) -> tuple[int, int, int]:
    """Start, stop and step for ONNX, of which the last element may be beyond the end."""
    step = 1 if entry.step is None else int(entry.step)
    stop = None if step > 0 and entry.stop == size else entry.stop  # the batch size itself is the end
    if step < 0:
        return (_END if entry.start is None else int(entry.start)), (-_END if stop is None else int(stop)), step
    return (0 if entry.start is None else int(entry.start)), (_END if stop is None else int(stop)), step


def _new_axes(entries: list[Any]) -> list[int]:
    """Where the new axes are in the result."""
    kept = [entry for entry in entries if entry is not int]
    return [i for i, entry in enumerate(kept) if entry is None]


def _with_arrays(g: Graph, x: Value, entries: list[Any]) -> Value:
    """Rows by one array, elements by several, whose axes come first and go to where NumPy puts them."""
    places = [axis for axis, entry in enumerate(entries) if _is_array(entry)]
    if len(places) == 1:
        return g("Gather", x, _indices(g, entries[places[0]]), axis=places[0])
    arrays = [
        g.constant(np.asarray(entries[axis])) if not isinstance(entries[axis], Value) else entries[axis]
        for axis in places
    ]
    axes = max(array.ndim for array in arrays)
    shape = _broadcast([array.sizes for array in arrays], axes)
    spread = [g("Expand", g.cast(array, np.int64), g.size_list(shape)) for array in arrays]
    together = g("Concat", *(g("Unsqueeze", array, [axes]) for array in spread), axis=axes)
    others = [axis for axis in range(len(entries)) if axis not in places]
    first = g("Transpose", x, perm=[*places, *others])
    found = g("GatherND", first, together)
    if places != list(range(places[0], places[0] + len(places))) or places[0] == 0:
        return found
    before = places[0]
    order = [*range(axes, axes + before), *range(axes), *range(axes + before, axes + len(others))]
    return g("Transpose", found, perm=order)


def _broadcast(shapes: list[tuple[Size, ...]], ndim: int) -> tuple[Size, ...]:
    """The shape to which arrays of these shapes broadcast."""
    aligned = [(1,) * (ndim - len(shape)) + shape for shape in shapes]
    return tuple(next((size for size in sizes if size != 1), 1) for sizes in zip(*aligned, strict=True))


def _indices(g: Graph, entry: Any) -> Value:
    if isinstance(entry, Value):
        return entry if entry.dtype in (np.int32, np.int64) else g.cast(entry, np.int64)
    return g.constant(np.asarray(entry, np.int64))
