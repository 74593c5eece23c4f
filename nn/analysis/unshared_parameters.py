"""How many parameters there would be, were each used at one place only: the lectures' count without sharing.

A filter has the same weights at every position. With its own at each, as a locally connected layer has, there would be
a weight for every product of the scan, and a bias for every number that comes out.
"""

from __future__ import annotations

from collections import Counter
from math import prod
from typing import Any

import numpy as np

import minigrad as mg
from nn.analysis.forward_record import ForwardRecord
from nn.module import Module, Parameter

__all__ = ["unshared_parameters"]


def unshared_parameters(run: ForwardRecord) -> list[int]:
    """For each call of a module how many parameters it would use; not those of the layers that it calls in turn."""
    by_call: Counter[Any] = Counter()
    of_the_sample = {run.sample}
    behind: dict[Any, int] = {}  # how many parameters a value was made of, without the sample
    for operation in run.operations():
        tensors = {i: x for i, x in enumerate(operation.inputs) if isinstance(x, mg.Tensor)}
        made_of = {i: behind.get(x, x.size if isinstance(x, Parameter) else 0) for i, x in tensors.items()}
        if of_the_sample.isdisjoint(tensors.values()):
            behind[operation.output] = sum(made_of.values())
            continue
        of_the_sample.add(operation.output)
        for i, n in made_of.items():
            by_call[_call(operation.output)] += n and n * max(1, _products(operation, i) // tensors[i].size)
    return [by_call.pop(_call(output, module), 0) for module, output in run.calls]


def _products(operation: mg.Operation, i: int) -> int:
    """How many times in all an operation multiplies or adds an element of input `i`, for one sample."""
    name, out = operation.primitive.name, operation.output.size
    shapes: list[tuple[int, ...]] = [np.shape(x) for x in operation.inputs]
    if name in ("conv1d", "conv2d", "conv3d", "linear"):
        return out * prod(shapes[1][1:]) if i < 2 else out  # the bias comes last
    if name in ("conv1d_input_grad", "conv2d_input_grad", "conv3d_input_grad"):
        return prod(shapes[0]) * prod(shapes[1][1:])
    if name == "einsum":
        letters = operation.params["subscripts"].partition("->")[0].replace(",", "")
        return prod(dict(zip(letters, (n for shape in shapes for n in shape), strict=True)).values())
    return out * shapes[0][-1] if name == "matmul" else out


def _call(output: Any, module: Module | None = None) -> Any:
    """The scope of the innermost call of a module, or of the call of this one, in which something was computed."""
    scope = output.scope if isinstance(output, mg.Tensor) else None
    for around in reversed(scope.path() if scope is not None else []):
        called = getattr(around.label, "module", None)
        if called is not None and module in (None, called):
            return around
    return None
