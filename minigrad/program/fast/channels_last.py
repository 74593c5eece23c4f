"""Images in the order in which oneDNN convolves them without copies: their channels next to each other in memory.

The first images of a chain of layers are put into this order, and the layers keep it. It pays where the channels fill
the processor's vectors, and where all that is computed of the images keeps the order. What they compute is the same but
for rounding, since sums are added up in another order.
"""

from __future__ import annotations

import operator
from math import prod
from typing import Any

import numpy as np

from minigrad.kernels.elementwise.activations import relu_grad
from minigrad.kernels.spatial.channels_last import channels_last
from minigrad.kernels.spatial.convolution import filter_sums
from minigrad.kernels.spatial.max_pool import max_pool
from minigrad.kernels.spatial.onednn import can_take
from minigrad.notation import operations as ops
from minigrad.program.fast.uses import result
from minigrad.program.recording.lines import Line, Variable, map_variables
from minigrad.program.recording.numpy_calls import Method
from minigrad.rules.spatial.convolution import CONVOLUTIONS, INPUT_GRADS, WEIGHT_GRADS
from minigrad.rules.spatial.max_pool import UNPOOLS

__all__ = ["with_channels_last"]

_ELEMENTWISE = (
    operator.add, operator.sub, operator.mul, operator.truediv, operator.neg, operator.gt, operator.ge, operator.lt,
    operator.le, ops.relu, relu_grad,
)  # fmt: skip
_LAYERS = (*CONVOLUTIONS, *INPUT_GRADS.values(), *WEIGHT_GRADS, max_pool, *UNPOOLS)
_BLOCK = 8  # channels of a vector
_LARGE = 1 << 20  # multiplications that oneDNN computes


def with_channels_last(lines: list[Line], _results: list[Any]) -> list[Line]:
    """The lines with the given images in this order, if all that is computed of images keeps it."""
    layers = [line for line in lines if line.function in CONVOLUTIONS]
    if not layers or not can_take(np.ones(1, np.float32)) or not all(map(_pays, layers)):
        return lines
    images = _images(lines)
    if not all(_keeps_order(line) for line in lines if not images.isdisjoint(line.inputs())):
        return lines
    given: dict[Variable, Variable] = {}
    changed: list[Line] = []
    for line in lines:
        for x in dict.fromkeys(line.inputs()):
            if x.line is None and x in images and x not in given:
                first = Line(channels_last, (x,), {})
                given[x] = result(first, x)
                given[x].is_view = x.shape[1] == 1
                changed.append(first)
        changed.append(_with(line, given))
    return changed


def _images(lines: list[Line]) -> set[Variable]:
    """What is convolved, what comes out, and what is computed with it; no filters."""
    images: set[Variable] = set()
    for line in lines:
        inputs: list[Any] = list(line.inputs())
        outputs = line.outputs
        if line.function in CONVOLUTIONS or line.function in INPUT_GRADS.values():
            inputs = [line.args[0]]
        elif line.function in WEIGHT_GRADS:
            outputs = ()
        elif images.isdisjoint(inputs):
            continue
        images.update(x for x in (*inputs, *outputs) if isinstance(x, Variable) and _is_image(x))
    return images


def _with(line: Line, given: dict[Variable, Variable]) -> Line:
    if given.keys().isdisjoint(line.inputs()):
        return line
    args, params = (
        map_variables(part, lambda x: given.get(x, x) if isinstance(x, Variable) else x)
        for part in (line.args, line.params)
    )
    return line.changed(line.function, args, params)


def _is_image(x: Variable) -> bool:
    return x.type is np.ndarray and len(x.shape) > 3


def _pays(line: Line) -> bool:
    x, weight = line.args[:2]
    (z,) = line.outputs
    is_large = prod(z.shape) * prod(weight.shape[1:]) > _LARGE
    channels = x.shape[1]
    full = z.shape[1] % _BLOCK == 0 and (channels % _BLOCK == 0 or (channels < _BLOCK and x.line is None))
    return full and is_large and z.dtype == np.float32 and line.params["groups"] == 1


def _keeps_order(line: Line) -> bool:
    """Whether a line of images gives images of the same order, or none."""
    if line.function in _ELEMENTWISE or line.function in _LAYERS or line.function is filter_sums:
        return True
    return isinstance(line.function, Method) and line.function.__name__ in ("sum", "reshape")
