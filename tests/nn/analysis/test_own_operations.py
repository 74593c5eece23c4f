"""Operations of a user's own that state how they treat their axes."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn


class Apply(nn.Module):
    """A function as a layer, of x and perhaps a parameter."""

    def __init__(self, function: Any, parameter: tuple[int, ...] | None = None) -> None:
        self.function = function
        self.parameters_of_function = [] if parameter is None else [nn.Parameter(np.ones(parameter))]

    def forward(self, x: Any) -> Any:
        return self.function(x, *self.parameters_of_function)


def last_axis(window: mg.Window | mg.Resampling) -> mg.Axes:
    return mg.Axes(lambda operation, i, axis: mg.AxisMap(axis, window if axis == -1 else None))


@mg.primitive(axes=last_axis(mg.Window(3, stride=2, padding=1)))
def own_blur(x: Any) -> Any:
    padded = np.pad(x, (*((0, 0),) * (x.ndim - 1), (1, 1)))
    return (padded[..., :-2] + padded[..., 1:-1] + padded[..., 2:])[..., ::2]


@mg.primitive(axes=last_axis(mg.Window(2, stride=2, transposed=True)))
def own_doubling(x: Any) -> Any:
    return np.repeat(x, 2, axis=-1)


@mg.primitive(axes=last_axis(mg.Resampling(Fraction(3, 2))))
def own_sampling(x: Any) -> Any:
    return x[..., np.arange(2 * x.shape[-1] // 3) * 3 // 2]


@mg.primitive(axes=mg.Axes(lambda operation, i, axis: mg.AxisMap({-1: -2, -2: -1}.get(axis, axis))))
def own_swap(x: Any) -> Any:
    return x.swapaxes(-1, -2)


@mg.primitive(axes=mg.Axes(lambda operation, i, axis: mg.AxisMap(None if axis == -1 else axis)))
def own_centre(x: Any) -> Any:
    return x - x.mean(axis=-1, keepdims=True)


@mg.primitive(axes=mg.Axes())
def own_shift(x: Any, y: Any) -> Any:
    return x + y


@mg.primitive()
def own_unknown(x: Any) -> Any:
    return x


def field(function: Any, shape: tuple[int, ...] = (1, 12)) -> tuple[Any, Any, Any]:
    row = nn.receptive_field(nn.Sequential(nn.ReLU(), Apply(function)), shape).layers[-1]
    return row.size, row.jump, row.offset


def test_a_window() -> None:
    assert field(own_blur) == ((3,), (2,), (0,))
    assert field(lambda x: own_blur(own_blur(x))) == ((7,), (4,), (0,))
    assert field(own_blur, (1, 5, 12)) == ((1, 3), (1, 2), (0, 0))


def test_a_transposed_window() -> None:
    assert field(own_doubling) == ((1,), (Fraction(1, 2),), (0,))
    assert field(lambda x: own_doubling(own_blur(x)) + x) == ((3,), (1,), (0,))


def test_an_axis_that_is_resampled() -> None:
    assert field(own_sampling) == ((1,), (Fraction(3, 2),), (0,))


def test_axes_that_change_places_or_are_seen_as_a_whole() -> None:
    assert field(lambda x: own_blur(own_swap(x)), (1, 5, 12)) == ((3, 1), (2, 1), (0, 0))
    assert field(own_centre, (1, 5, 12)) == ((1, 12), (1, 0), (0, 5.5))


def test_element_by_element_with_broadcasting() -> None:
    assert field(lambda x: own_shift(x, np.ones(12))) == ((1,), (1,), (0,))
    assert field(lambda x: own_shift(x, x[..., :1])) == ((12,), (0,), (5.5,))


def test_an_operation_without_axes_sees_everything() -> None:
    assert field(lambda x: own_unknown(x[..., 3:])) == ((12,), (0,), (5.5,))


def test_the_name_of_an_operation_does_not_matter() -> None:
    """A user's primitive may have a name that resembles a built-in one."""

    @mg.primitive()
    def sum_pool(x: Any) -> Any:
        return x

    assert field(sum_pool)[0] == (12,)


def _per_output_and_weight(operation: Any, i: int) -> int:
    return int(operation.output.size * (3 if i == 1 else 1))


@mg.primitive(axes=mg.Axes(last_axis(mg.Window(3)).map, uses=_per_output_and_weight))
def own_filter(x: Any, w: Any) -> Any:
    return sum(w[k] * x[..., k : x.shape[-1] - 2 + k] for k in range(3))


@pytest.mark.parametrize(
    ("function", "parameter", "without"),
    [(own_filter, (3,), 3 * 10), (own_shift, (12,), 12), (own_shift, (1,), 12), (own_shift, (2, 12), 24)],
)
def test_parameters_without_sharing(function: Any, parameter: Any, without: int) -> None:
    table = nn.summary(Apply(function, parameter), (1, 12), sharing=True)
    assert table.total_without_sharing == without
