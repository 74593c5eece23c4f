"""The number of multiply-adds of each call of a module: the products that convolutions and matrix products sum."""

from __future__ import annotations

from collections import Counter
from typing import Any

from nn.analysis.forward_record import ForwardRecord, call_of

__all__ = ["multiply_adds"]


def multiply_adds(record: ForwardRecord) -> list[int | None]:
    """For each call of a module, without those of the layers that it calls; ``None`` where nothing was recorded.

    Each operation states its own in its `mg.Axes`. Products with the zeros of a padding count, as usual.
    """
    by_call: Counter[Any] = Counter()
    for operation in record.operations:
        axes = operation.primitive.axes
        if axes is not None and axes.multiply_adds is not None:
            by_call[call_of(operation.output)] += axes.multiply_adds(operation)
    return [
        by_call.pop(call_of(output, module), 0) if record.is_recorded(output) else None
        for module, output in record.outputs
    ]
