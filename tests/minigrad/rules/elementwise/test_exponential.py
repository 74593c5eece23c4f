"""The origin, infinities, and signs of 0."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minigrad as mg
from minigrad.core.tensor import Tensor

inf, nan = np.inf, np.nan
numbers = st.floats(-1e3, 1e3)


def gradients(f: Any, *values: Any) -> list[Any]:
    xs = [Tensor(v, requires_grad=True) for v in values]
    f(*xs).sum().backward()
    return [x.grad for x in xs]


@pytest.mark.parametrize("f", [mg.hypot, mg.arctan2])
def test_at_the_origin_both_error_signals_are_0(f: Any) -> None:
    x_bar, y_bar = gradients(f, [0.0, 3.0], [0.0, 4.0])
    assert x_bar[0] == y_bar[0] == 0
    assert x_bar[1] != 0 != y_bar[1]


def test_hypot_of_one_number_is_its_absolute_value() -> None:
    np.testing.assert_array_equal(gradients(lambda x: mg.hypot(x, 0.0), [-2.0, 0.0, 2.0])[0], [-1, 0, 1])


def test_hypot_does_not_overflow() -> None:
    np.testing.assert_allclose(gradients(mg.hypot, 3e200, 4e200), [0.6, 0.8])


def test_arctan2_in_every_quadrant() -> None:
    angles = np.array([0.3, 2.0, -2.5, -0.4])
    height_bar, width_bar = gradients(np.arctan2, 2 * np.sin(angles), 2 * np.cos(angles))
    np.testing.assert_allclose(height_bar, np.cos(angles) / 2)
    np.testing.assert_allclose(width_bar, -np.sin(angles) / 2)


@pytest.mark.parametrize("f", [mg.logaddexp, mg.logaddexp2])
@pytest.mark.parametrize(
    ("x", "y", "share"),
    [
        (1000.0, 1000.0, 0.5),
        (-1000.0, 1000.0, 0),
        (1e300, -1e300, 1),
        (inf, inf, 0.5),
        (-inf, -inf, 0.5),
        (inf, -inf, 1),
        (-inf, 3.0, 0),
        (inf, 3.0, 1),
    ],
)
def test_logaddexp_of_large_numbers(f: Any, x: float, y: float, share: float) -> None:
    z = f(x, y)
    assert z == max(x, y) if share in (0, 1) or np.isinf(x) else z > max(x, y)
    np.testing.assert_allclose(gradients(f, x, y), [share, 1 - share])
    np.testing.assert_allclose(gradients(f, [x, 0.0, 99.0], [y, 0.0, 99.0]), [[share, 0.5, 0.5], [1 - share, 0.5, 0.5]])


def test_shares_of_logaddexp_keep_their_digits() -> None:
    """Also where both numbers are large and close to one another."""
    x_bar, y_bar = gradients(mg.logaddexp, -1e6, -1e6 - 30)
    assert y_bar == pytest.approx(np.exp(-30) / (1 + np.exp(-30)), rel=1e-14)
    assert x_bar + y_bar == 1


@given(numbers, numbers)
def test_logaddexp_is_the_logarithm_of_a_softmax(x: float, y: float) -> None:
    both = Tensor([x, y], requires_grad=True)
    mg.logsumexp(both).backward()
    np.testing.assert_allclose(gradients(mg.logaddexp, x, y), both.grad, rtol=1e-10, atol=1e-300)


def test_copysign() -> None:
    x_bar, y_bar = gradients(mg.copysign, [2.0, -2.0, 2.0, 0.0], [-1.0, 3.0, -0.0, 1.0])
    np.testing.assert_array_equal(x_bar, [-1, -1, -1, 0])
    np.testing.assert_array_equal(y_bar, 0)


@pytest.mark.parametrize("f", [mg.arctan2, mg.hypot, mg.logaddexp, mg.logaddexp2, mg.copysign])
def test_empty_lists_and_single_numbers(f: Any) -> None:
    assert gradients(f, np.zeros((0, 3)), 1.0)[0].shape == (0, 3)
    ufunc = getattr(np, f.name)
    np.testing.assert_array_equal(f([1.0, 2.0], 3.0), ufunc([1.0, 2.0], 3.0))
    assert f(2.0, 3.0) == ufunc(2.0, 3.0)
    with pytest.raises(TypeError, match="holds Tensors"):
        f([Tensor(1.0)], 1.0)
