"""What operations state of their axes is true: a NaN reaches exactly the elements of the output that see it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import minigrad as mg
from minigrad.axis_map import AxisMap
from minigrad.rules.spatial import avg_pool

ones = np.ones
_WINDOW = {"kernel": (3,), "stride": (2,), "padding": ((1, 1),)}

#: Functions of one array that call a single primitive, and the shape of the array.
CALLS: dict[str, tuple[Callable[[Any], Any], tuple[int, ...]]] = {
    "elementwise": (lambda x: mg.exp(x), (2, 3)),
    "broadcasting": (lambda x: x * ones((2, 3, 4)), (3, 1)),
    "where": (lambda x: mg.where(ones((2, 3), bool), x, 0.0), (2, 3)),
    "sum": (lambda x: mg.sum(x, axis=1), (2, 3, 4)),
    "sum over all": (lambda x: mg.sum(x, keepdims=True), (2, 3)),
    "mean over two axes": (lambda x: mg.mean(x, axis=(0, -1)), (2, 3, 4)),
    "mean that keeps its axes": (lambda x: mg.mean(x, axis=(0, 2), keepdims=True), (2, 3, 4)),
    "softmax": (lambda x: mg.softmax(x, axis=0), (2, 3)),
    "convolution": (lambda x: mg.conv2d(x, ones((2, 3, 3, 2)), stride=(2, 1), padding=((1, 0), (0, 1))), (2, 3, 7, 6)),
    "dilated convolution": (lambda x: mg.conv1d(x, ones((2, 1, 3)), dilation=2), (1, 1, 9)),
    "transposed convolution": (lambda x: mg.conv_transpose2d(x, ones((3, 2, 3, 3)), stride=2, padding=1), (1, 3, 4, 5)),
    "max pooling": (lambda x: mg.max_pool2d(x, (2, 3), stride=(1, 2), padding=(0, 1)), (2, 2, 5, 7)),
    "sum pooling": (lambda x: avg_pool.sum_pool(1, x, _WINDOW), (1, 1, 9)),
    "sum unpooling": (lambda x: avg_pool._sum_unpool1d(x, size=(9,), **_WINDOW), (1, 1, 5)),
    "matmul, left": (lambda x: mg.matmul(x, ones((4, 5))), (2, 3, 4)),
    "matmul, right": (lambda x: mg.matmul(ones((5, 3)), x), (2, 3, 4)),
    "linear": (lambda x: mg.linear(x, ones((5, 4))), (2, 3, 4)),
    "einsum": (lambda x: mg.einsum("abc,bd->dca", x, ones((3, 5))), (2, 3, 4)),
    "stack": (lambda x: mg.stack([x, ones((2, 3))], axis=1), (2, 3)),
    "transpose": (lambda x: mg.transpose(x, (2, 0, 1)), (2, 3, 4)),
    "reversed axes": (lambda x: x.T, (2, 3, 4)),
    "pad": (lambda x: mg.pad(x, ((1, 2), (0, 1))), (2, 3)),
    "slices": (lambda x: x[1:, ::2, ::-1], (3, 5, 4)),
    "number, new axis and ellipsis": (lambda x: x[..., None, 1, :], (2, 3, 4)),
    "reshape that splits": (lambda x: x.reshape(2, 3, 2), (2, 6)),
    "reshape that adds an axis": (lambda x: x.reshape(2, 1, 3), (2, 3)),
    "reshape to other lengths": (lambda x: x.reshape(4, 3), (3, 4)),
    "reshape that drops an axis": (lambda x: x.reshape(2, 3), (2, 1, 3)),
    "linear interpolation": (lambda x: mg.upsample(x, size=8, mode="linear"), (1, 1, 4)),
    "linear, smaller": (lambda x: mg.upsample(x, size=5, mode="linear"), (1, 1, 8)),
    "linear to one": (lambda x: mg.upsample(x, size=1, mode="linear", align_corners=True), (1, 1, 4)),
    "linear with corners": (lambda x: mg.upsample(x, size=7, mode="linear", align_corners=True), (1, 1, 4)),
    "linear with other corners": (lambda x: mg.upsample(x, size=6, mode="linear", align_corners=True), (1, 1, 4)),
    "linear with corners, far larger": (
        lambda x: mg.upsample(x, size=1202, mode="linear", align_corners=True),
        (1, 1, 3),
    ),
    "nearest, far larger": (lambda x: mg.upsample(x, size=1201), (1, 1, 2)),
    "nearest, rounded down": (lambda x: mg.upsample(x, scale_factor=1.5), (1, 1, 5)),
    "nearest, rounded down far": (lambda x: mg.upsample(x, scale_factor=0.3), (1, 1, 31)),
    "nearest": (lambda x: mg.upsample(x, scale_factor=2), (1, 2, 4)),
    "nearest, smaller": (lambda x: mg.upsample(x, size=4), (1, 2, 6)),
}  # fmt: skip


def test_an_axis_of_length_1_leads_to_no_axis() -> None:
    (operation,) = mg.operations(mg.Tensor(ones((2, 1, 3)), requires_grad=True).reshape(2, 3))
    axes = operation.primitive.axes
    assert axes is not None
    assert axes.map(operation, 0, -2) == AxisMap(None)


@pytest.mark.parametrize("name", CALLS)
def test_builtin_axes_are_true(name: str) -> None:
    function, shape = CALLS[name]
    y = function(mg.Tensor(ones(shape), requires_grad=True))
    (operation,) = mg.operations(y)
    axes = operation.primitive.axes
    assert axes is not None
    (i,) = [i for i, x in enumerate(operation.inputs) if isinstance(x, mg.Tensor)]
    known = 0
    for axis in range(-len(shape), 0):
        axis_map = axes.map(operation, i, axis)
        if axis_map is None:  # nothing is stated
            continue
        known += 1
        for j, seen in enumerate(_seen(function, shape, axis, axis_map.axis)):
            if axis_map.window is not None:
                stated = set(axis_map.window.elements(j if axis_map.axis is not None else 0))
            else:
                stated = {j} if axis_map.axis is not None else set(range(shape[axis]))
            if axis_map.ordered:
                assert seen == stated & set(range(shape[axis])), (axis, j)
    assert known


def _seen(function: Any, shape: tuple[int, ...], axis: int, out_axis: int | None) -> list[set[int]]:
    """For each position along an axis of the output, or for the whole output, the elements along `axis` it sees."""
    reached = []
    for n in range(shape[axis]):
        x = ones(shape)
        np.moveaxis(x, axis, 0)[n] = np.nan
        with np.errstate(invalid="ignore"):
            is_nan = np.isnan(np.asarray(function(x)))
        reached.append(is_nan.reshape(1, -1) if out_axis is None else np.moveaxis(is_nan, out_axis, 0))
    return [{n for n, is_nan in enumerate(reached) if is_nan[j].any()} for j in range(len(reached[0]))]


def test_concatenation_states_its_other_axes() -> None:
    x = mg.Tensor(ones((2, 3)), requires_grad=True)
    (operation,) = mg.operations(mg.concatenate([x, ones((4, 3))]))
    axes = operation.primitive.axes
    assert axes is not None
    assert axes.map(operation, 0, -1) == mg.AxisMap(-1)
    assert axes.map(operation, 0, -2) is None
    (operation,) = mg.operations(mg.concatenate([x, ones((2, 5))], axis=1))
    assert axes.map(operation, 0, -1) is None
    assert axes.map(operation, 0, -2) == mg.AxisMap(-2)


@pytest.mark.parametrize(
    ("call", "i"),
    [
        (lambda x: mg.linear(ones((2, 4)), x), 1),
        (lambda x: mg.matmul(ones((2, 4)), x[0]), 1),
        (lambda x: mg.matmul(ones(3), x), 1),
        (lambda x: mg.conv1d(ones((1, 3, 9)), x[None]), 1),
    ],
)
def test_nothing_is_stated_of_weights_and_of_products_with_vectors(call: Any, i: int) -> None:
    operation = mg.operations(call(mg.Tensor(ones((3, 4)), requires_grad=True)))[-1]
    axes = operation.primitive.axes
    assert axes is not None
    ndim = np.ndim(operation.inputs[i])
    assert [axes.map(operation, i, axis) for axis in range(-ndim, 0)] == [None] * ndim


def test_flattening_loses_the_order() -> None:
    (operation,) = mg.operations(mg.Tensor(ones((2, 3, 4)), requires_grad=True).reshape(2, 12))
    axes = operation.primitive.axes
    assert axes is not None
    assert axes.map(operation, 0, -1) == mg.AxisMap(-1, ordered=False)
    assert axes.map(operation, 0, -3) == mg.AxisMap(-2)


@pytest.mark.parametrize(
    ("function", "i", "uses"),
    [
        (lambda x: mg.conv2d(x, ones((2, 3, 3, 3)), ones(2)), 1, 2 * 2 * 2 * 27),
        (lambda x: mg.conv2d(x, ones((2, 3, 3, 3)), ones(2)), 2, 2 * 2 * 2),
        (lambda x: mg.conv_transpose2d(x, ones((3, 2, 3, 3))), 1, 3 * 16 * 2 * 9),
        (lambda x: mg.matmul(x, ones((4, 5))), 1, 3 * 4 * 4 * 5),
        (lambda x: mg.linear(x, ones((5, 4)), ones(5)), 1, 3 * 4 * 4 * 5),
        (lambda x: mg.linear(x, ones((5, 4)), ones(5)), 2, 3 * 4 * 5),
        (lambda x: mg.einsum("abcd,b->a", x, ones(3)), 1, 3 * 4 * 4),
        (lambda x: x * ones((3, 1, 1)), 1, 3 * 4 * 4),
    ],
)
def test_uses_of_an_argument(function: Any, i: int, uses: int) -> None:
    (operation,) = mg.operations(function(mg.Tensor(ones((1, 3, 4, 4)), requires_grad=True)))
    axes = operation.primitive.axes
    assert axes is not None
    assert axes.uses(operation, i) == uses
