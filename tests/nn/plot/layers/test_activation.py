"""Activation functions with their slopes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn
from tests.helpers.figures import overlaps, texts

pytest.importorskip("matplotlib")


def lines(axes: Any) -> dict[str, tuple[Any, Any]]:
    return {line.get_label(): line.get_data() for line in axes.lines}


def spans(axes: Any) -> list[tuple[float, float]]:
    return [(patch.get_x(), patch.get_x() + patch.get_width()) for patch in axes.patches if patch.get_hatch()]


def test_the_function_and_its_slope() -> None:
    (axes,) = nn.plot.activation(mg.sigmoid).axes
    z, y = lines(axes)["function"]
    assert (z[0], z[-1]) == (-6, 6)
    np.testing.assert_allclose(y, 1 / (1 + np.exp(-z)))
    np.testing.assert_allclose(lines(axes)["slope"][1], y * (1 - y))


def test_where_it_is_steepest_and_saturated() -> None:
    """sigmoid: σ (1 − σ) = 0.05 · 0.25; tanh: 1 − tanh² = 0.05."""
    (axes,) = nn.plot.activation(mg.sigmoid).axes
    assert texts(axes.figure)[:1] == ["largest slope 0.25, at z = 0"]
    sigma = (1 + np.sqrt(1 - 0.05)) / 2
    edge = np.log(sigma / (1 - sigma))
    np.testing.assert_allclose(spans(axes), [(-6, -edge), (edge, 6)], atol=0.02)
    (axes,) = nn.plot.activation(mg.tanh, limits=(-3, 4)).axes
    edge = np.arctanh(np.sqrt(0.95))
    np.testing.assert_allclose(spans(axes), [(-3, -edge), (edge, 4)], atol=0.02)


@pytest.mark.parametrize(
    ("function", "note", "saturated"),
    [
        (nn.ReLU(), "largest slope 1", [(-6, 0)]),
        (nn.LeakyReLU(0.1), "largest slope 1", []),
        (nn.ELU(), "largest slope 1", [(-6, np.log(0.05))]),
        (nn.GELU(), "largest slope 1.13, at z = 1.4", [(-6, -2.27)]),  # its slope is 0 at −0.75, too, but no end there
        (lambda z: -2.0 * z, "largest slope −2", []),
        (lambda z: 0.0 * z, "largest slope 0", []),
    ],
)
def test_others(function: Any, note: str, saturated: list[tuple[float, float]]) -> None:
    (axes,) = nn.plot.activation(function).axes
    assert texts(axes.figure)[:1] == [note]
    np.testing.assert_allclose(np.reshape(spans(axes), (-1, 2)), np.reshape(saturated, (-1, 2)), atol=0.03)


def test_a_jump_of_the_slope_is_a_gap() -> None:
    slope = lines(nn.plot.activation(nn.ReLU()).axes[0])["slope"][1]
    assert np.isnan(slope).sum() == 1
    assert set(slope[np.isfinite(slope)]) == {0, 1}
    assert np.isfinite(lines(nn.plot.activation(mg.sigmoid).axes[0])["slope"][1]).all()


def test_several_in_panels() -> None:
    figure = nn.plot.activation([mg.sigmoid, mg.tanh, nn.ReLU(), nn.PReLU()])
    assert [axes.get_title(loc="left") for axes in figure.axes] == ["sigmoid", "tanh", "ReLU", "PReLU"]
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == [
        *("function", "slope", "saturated: slope at most 5 % of the largest")
    ]
    assert not overlaps(figure)


def test_a_module_is_left_as_it_was_and_nameless_functions_have_a_title() -> None:
    layer = nn.PReLU()
    nn.plot.activation(layer)
    assert layer.training
    assert layer.weight.grad is None
    (axes,) = nn.plot.activation(lambda z: z * mg.sigmoid(z)).axes
    assert axes.get_title(loc="left") == "function"


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: nn.plot.activation(nn.ReLU), TypeError, r"expected a function or a module.*write ReLU\(\)"),
        (lambda: nn.plot.activation("relu"), TypeError, "got 'relu', expected a function"),
        (lambda: nn.plot.activation([]), ValueError, "there are no functions"),
        (lambda: nn.plot.activation(mg.tanh, (1, -1)), ValueError, r"limits=\(1, -1\), expected two numbers"),
        (lambda: nn.plot.activation(mg.tanh, (0, np.inf)), ValueError, "expected two numbers"),
        (lambda: nn.plot.activation(mg.sum), TypeError, r"of 801 numbers sum gives shape \(\), expected one number"),
    ],
)
def test_errors(call: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        call()


def test_axes_hold_one_function() -> None:
    from matplotlib.figure import Figure

    with pytest.raises(ValueError, match="got 2 functions for one ax"):
        nn.plot.activation([mg.tanh, mg.sigmoid], ax=Figure().add_subplot())
