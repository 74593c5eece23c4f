"""The number of parameters without parameter sharing, as the lectures count it.

A filter has the same weights at every position. A locally connected layer has its own at each: a weight for every
product of the convolution, and a bias for every output.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import minigrad as mg
from nn.analysis.forward_record import ForwardRecord, call_of
from nn.module import Parameter

__all__ = ["unshared_parameters"]


def unshared_parameters(record: ForwardRecord) -> list[int]:
    """The number of parameters for each call of a module, without those of the layers that it calls in turn."""
    by_call: Counter[Any] = Counter()
    depends_on_sample = {record.sample}
    composed_of: dict[mg.Tensor, int] = {}  # the number of parameters in a value that is computed from them alone
    for operation in record.operations:
        tensors = {i: x for i, x in enumerate(operation.inputs) if isinstance(x, mg.Tensor)}
        parameters = {i: composed_of.get(x, x.size if isinstance(x, Parameter) else 0) for i, x in tensors.items()}
        if depends_on_sample.isdisjoint(tensors.values()):
            composed_of[operation.output] = sum(parameters.values())
            continue
        depends_on_sample.add(operation.output)
        for i, n in parameters.items():
            if n:
                by_call[call_of(operation.output)] += n * max(1, _uses(operation, i) // tensors[i].size)
    return [by_call.pop(call_of(output, module), 0) for module, output in record.outputs]


def _uses(operation: mg.Operation, i: int) -> int:
    """How many times the operation uses the elements of input `i`, together; once per output if it does not say."""
    axes = operation.primitive.axes or mg.Axes()
    return axes.uses(operation, i)
