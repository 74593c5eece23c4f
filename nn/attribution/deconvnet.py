"""Deconvnet: what a unit answers to, projected back to the pixels."""

from __future__ import annotations

from typing import Any

import numpy as np

import minigrad as mg
from nn.attribution.class_scores import input_of, pulled_back
from nn.attribution.layer_outputs import layer_of, run_and_keep
from nn.attribution.saliency import score_signal
from nn.module import Module
from nn.typing import Array
from nn.unsupported import explains_calls

__all__ = ["deconvnet"]


def rectified(y_bar: Array, y: Array, x: Array) -> Array:  # noqa: ARG001
    """x̄ = relu(ȳ)."""
    return mg.relu(y_bar)


@explains_calls
def deconvnet(
    model: Module,
    x: Array,
    target: Any = None,
    *,
    layer: Module | str | None = None,
    unit: int | tuple[int, ...] | None = None,
) -> Any:
    """What a unit of a layer, or the score of a class, answers to in each input: its answer, projected back.

    The projection goes back as error signals do: through a convolution by its transposed filters, through max-pooling
    by its switches, which know where the largest value was. Only a ReLU has another rule, which
    looks at the error signal and not at x::

        x̄ = relu(ȳ)

    The projection starts at the answer of the one unit;
    all others of its layer are set to 0. It is no gradient.

    Arguments:
        model: takes a batch. Without `layer` it gives a score of each class, (N, K), and its activations are ReLUs.
        x: inputs, images ``(N, C, H, W)`` or of any shape.
        target: without a layer: a class number for all inputs, or one for each, ``(N,)``; the predicted ones if not
            given. The projection starts at 1, as an error signal does.
        layer: the layer of the unit, as a module of the model or by its dotted name; best after a ReLU, for before it
            an answer may be negative.
        unit: with a layer: the number of a feature map, whose largest answer in each input is projected; or a unit,
            ``(channel, row, column)``.

    Returns:
        The shape of `x`, with a sign.

    Raises:
        TypeError: if `model` is not a module, `x` not a batch, `target` not class numbers, or if `unit` is missing or
            not one.
        ValueError: if there is no such layer, unit or class; if the layer is called several times, or without `layer`,
            the model has no ReLU.
        FloatingPointError: if a score is infinite or NaN.

    Source: Zeiler, Fergus, "Visualizing and understanding convolutional networks", ECCV 2014, section 2.1.

    >>> import nn, numpy as np
    >>> model = nn.Sequential(conv=nn.Conv2d(1, 1, 2, bias=False, rng=0), relu=nn.ReLU())
    >>> model.conv.weight.data = np.array([[[[1.0, 2.0], [0.0, -1.0]]]])
    >>> x = np.array([[[[0.0, 0.0, 0.0], [0.0, 1.0, 1.0], [0.0, 0.0, 0.0]]]])
    >>> deconvnet(model, x, layer="relu", unit=0)[0, 0].tolist()  # the answer 3 of the unit at (1, 1), times the filter
    [[0.0, 0.0, 0.0], [0.0, 3.0, 6.0], [0.0, 0.0, -3.0]]
    """
    if layer is None:
        if unit is not None:
            raise TypeError('deconvnet: unit is one of a layer; give the layer, too: layer="conv2"')
        return score_signal("deconvnet", model, x, target, rectified)
    if target is not None or unit is None:
        raise TypeError(
            "deconvnet: with a layer, unit says what is projected: the number of a feature map, or (channel, row, "
            "column); target is a class, and goes without a layer"
        )
    given = input_of("deconvnet", model, x)
    name, module = layer_of("deconvnet", model, layer)
    return pulled_back(
        "deconvnet",
        model,
        given,
        lambda x: run_and_keep("deconvnet", model, x, name, module)[1],
        lambda answers: _of_the_unit(answers, unit, name),
        rectified,
    )


def _of_the_unit(answers: Any, unit: Any, name: str) -> Any:
    """The answer of the unit for each input, in an array that is 0 everywhere else."""
    values = np.asarray(mg.to(answers, "cpu"))
    n, *shape = values.shape
    if not shape or not _are_whole(unit) or (isinstance(unit, tuple) and len(unit) != len(shape)):
        raise TypeError(
            f"deconvnet: the unit is {unit!r}, expected the number of a feature map, or {len(shape)} numbers, for the "
            f"layer {name} gives (N, {', '.join(map(str, shape))})"
        )
    position = unit if isinstance(unit, tuple) else (unit,)
    if not all(0 <= i < size for i, size in zip(position, shape, strict=False)):
        raise ValueError(
            f"deconvnet: there is no unit {unit}; the layer {name} gives (N, {', '.join(map(str, shape))}), counted "
            "from 0"
        )
    kept = np.zeros_like(values)
    if isinstance(unit, tuple):
        kept[:, *unit] = values[:, *unit]
        return kept
    largest = values[:, unit].reshape(n, -1).argmax(axis=1)
    at: Any = (np.arange(n), unit, *(np.unravel_index(largest, shape[1:]) if shape[1:] else ()))
    kept[at] = values[at]
    return kept


def _are_whole(unit: Any) -> bool:
    numbers = unit if isinstance(unit, tuple) else (unit,)
    return all(isinstance(i, int | np.integer) and not isinstance(i, bool) for i in numbers)
