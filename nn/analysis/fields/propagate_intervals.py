"""Receptive fields propagated through the recorded graph, by what each operation states of its axes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

import minigrad as mg
from nn.analysis.fields.interval import Interval, merge
from nn.analysis.forward_record import ForwardRecord

__all__ = ["seen_pixels"]


def seen_pixels(record: ForwardRecord, image: tuple[int, ...]) -> dict[mg.Tensor, tuple[Interval, ...]]:
    """For each value that depends on the sample, what its units see along each axis of the image.

    Raises:
        ValueError: if units with different jumps meet.
    """
    axes = range(len(image))
    intervals = {record.sample: tuple(Interval((0,), (0,), 1, k - len(image)) for k in axes)}
    for operation in record.operations:
        inputs = [intervals.get(x) if isinstance(x, mg.Tensor) else None for x in operation.inputs]
        if any(x is not None for x in inputs):
            intervals[operation.output] = tuple(
                _propagate(operation, [None if x is None else x[k] for x in inputs], image[k]) for k in axes
            )
    return intervals


def _propagate(operation: mg.Operation, inputs: Sequence[Interval | None], pixels: int) -> Interval:
    """The pixels that the units of an operation's output see along an axis of the image, from those of its inputs.

    Arguments:
        inputs: for each input; ``None`` where it does not depend on the image.
        pixels: the size of the image along that axis. An operation that says nothing of its axes is taken to see all.

    Raises:
        ValueError: if units with different jumps meet.
    """
    parts = [_through(operation, i, x, pixels) for i, x in enumerate(inputs) if x is not None]
    try:
        merged = merge(list(dict.fromkeys(parts)), operation.output.shape)
    except ValueError as error:
        name, shape = operation.primitive.name, operation.output.shape
        raise ValueError(f"receptive_field: in {name}, of shape {shape}, {error}") from None
    if merged.axis is not None:
        return merged
    return replace(merged, low=(max(merged.low[0], 0),), high=(min(merged.high[0], pixels - 1),))


def _through(operation: mg.Operation, i: int, interval: Interval, pixels: int) -> Interval:
    """What the output's units see through input `i`."""
    if interval.axis is None:
        return interval
    axes = operation.primitive.axes
    axis_map = axes.map(operation, i, interval.axis) if axes is not None else None
    if axis_map is None:
        return Interval((0,), (pixels - 1,), 0, None)
    return interval.through(axis_map, np.shape(operation.inputs[i])[interval.axis])
