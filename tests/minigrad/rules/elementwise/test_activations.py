"""Activation functions: kinks, and arguments so large that the textbook formula overflows or loses digits."""

from __future__ import annotations

import math
from decimal import Decimal, localcontext
from functools import partial
from typing import Any

import numpy as np
import pytest

import minigrad as mg
from minigrad.core.tensor import Tensor
from minigrad.rules.elementwise import activations

gelu_tanh = partial(mg.gelu, approximate="tanh")
prelu = partial(mg.prelu, weight=np.float32(0.25))
ALL = {name: getattr(mg, name) for name in activations.__all__} | {"gelu_tanh": gelu_tanh, "prelu": prelu}

#: name: the values far on the left and on the right, and the slopes there; None for x itself.
ENDS: dict[str, tuple[Any, Any, float, float]] = {
    "sigmoid": (0, 1, 0, 0),
    "log_sigmoid": (None, 0, 1, 0),
    "softplus": (0, None, 0, 1),
    "relu": (0, None, 0, 1),
    "leaky_relu": (-10, None, 0.01, 1),
    "elu": (-1, None, 0, 1),
    "selu": (-1.7580993408473766, 1050.7009873554805, 0, 1.0507009873554805),
    "silu": (0, None, 0, 1),
    "mish": (0, None, 0, 1),
    "gelu": (0, None, 0, 1),
    "gelu_tanh": (0, None, 0, 1),
    "hard_tanh": (-1, 1, 0, 0),
    "hard_sigmoid": (0, 1, 0, 0),
    "hard_swish": (0, None, 0, 1),
    "relu6": (0, 6, 0, 0),
    "celu": (-1, None, 0, 1),
    "prelu": (-250, None, 0.25, 1),
}


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", ALL)
def test_saturated_activations_neither_overflow_nor_warn(name: str, dtype: type) -> None:
    """To second order: every warning is an error here."""
    left, right, *slopes = ENDS[name]
    for array in (np.array([-1000.0, 1000.0], dtype), np.array(-1000.0, dtype), np.array(1000.0, dtype)):
        x = Tensor(array, requires_grad=True)
        y = ALL[name](x)
        ends = np.where(array < 0, -1000 if left is None else left, 1000 if right is None else right)
        np.testing.assert_allclose(y.data, ends, rtol=1e-6 if dtype == np.float32 else 1e-15)
        y.sum().backward(create_graph=True)
        np.testing.assert_allclose(x.grad.data, np.where(array < 0, *slopes), rtol=1e-6)
        slope = x.grad.sum()
        if slope.requires_grad:
            x.zero_grad()
            slope.backward()
            np.testing.assert_array_equal(x.grad, np.zeros(array.shape))


PI = Decimal("3.14159265358979323846264338327950288419716939937510582097494459230781640628620899")


def sigma(t: Decimal) -> Decimal:
    return t.exp() / (1 + t.exp())


def exact_mish(t: Decimal) -> tuple[Decimal, Decimal]:
    square = (1 + t.exp()) ** 2
    tanh = (square - 1) / (square + 1)  # of softplus
    return t * tanh, tanh + t * (1 - tanh**2) * sigma(t)


def exact_gelu_tanh(t: Decimal) -> tuple[Decimal, Decimal]:
    a, c = Decimal("0.044715"), (8 / PI).sqrt()
    y = sigma(c * (t + a * t**3))
    return t * y, y + t * y * (1 - y) * c * (1 + 3 * a * t**2)


#: The formula taken literally, and its derivative.
EXACT = {
    "log_sigmoid": lambda t: (sigma(t).ln(), 1 - sigma(t)),
    "softplus": lambda t: ((1 + t.exp()).ln(), sigma(t)),
    "elu": lambda t: (t, 1) if t > 0 else (t.exp() - 1, t.exp()),
    "silu": lambda t: (t * sigma(t), sigma(t) + t * sigma(t) * (1 - sigma(t))),
    "mish": exact_mish,
    "gelu_tanh": exact_gelu_tanh,
}


@pytest.mark.parametrize("x", [-700.0, -40.0, -20.0, -3.0, -1e-9, 1e-9, 0.3, 5.0, 20.0, 40.0, 700.0])
@pytest.mark.parametrize("name", EXACT)
def test_tails_to_the_last_digits(name: str, x: float) -> None:
    x = x / 40 if name == "gelu_tanh" else x  # e^(x³) is 0 at −20 already
    t = Tensor(x, requires_grad=True)
    y = ALL[name](t)
    y.backward()
    with localcontext(prec=700):
        value, slope = (float(v) for v in EXACT[name](Decimal(x)))
    rounding = 2e-14 if name == "gelu_tanh" else 3e-15  # e^u has |u| times the relative error of u
    assert float(y) == pytest.approx(value, rel=rounding)
    assert float(t.grad) == pytest.approx(slope, rel=rounding)


@pytest.mark.parametrize("x", [-37.0, -20.0, -5.0, -0.3, 1e-9, 2.0, 40.0])
def test_gelu_keeps_its_digits(x: float) -> None:
    t = Tensor(x, requires_grad=True)
    mg.gelu(t).backward()
    phi = math.erfc(-x / math.sqrt(2)) / 2
    assert float(mg.gelu(x)) == pytest.approx(x * phi, rel=1e-12)
    assert float(t.grad) == pytest.approx(phi + x * math.exp(-x * x / 2) / math.sqrt(2 * math.pi), rel=1e-12)


def test_sigmoid_keeps_its_digits_in_the_tails() -> None:
    x = np.array([-700.0, -40.0, 40.0])
    y = mg.sigmoid(x)
    np.testing.assert_allclose(y, [np.exp(-700), np.exp(-40), 1 - np.exp(-40)], rtol=1e-14)
    np.testing.assert_allclose(mg.sigmoid(x) + mg.sigmoid(-x), 1, rtol=1e-15)


def test_sigmoid_of_infinities() -> None:
    np.testing.assert_array_equal(mg.sigmoid(np.array([-np.inf, np.inf])), [0, 1])


@pytest.mark.parametrize(
    ("f", "at_0"),
    [
        (mg.relu, 0),
        (mg.leaky_relu, 0.01),
        (mg.elu, 1),
        (partial(mg.elu, alpha=0.5), 0.5),
        (mg.silu, 0.5),
        (mg.gelu, 0.5),
        (gelu_tanh, 0.5),
        (mg.mish, 0.6),
    ],
)
def test_slope_at_0(f: Any, at_0: float) -> None:
    x = Tensor([0.0, -0.0], requires_grad=True)
    f(x).sum().backward()
    np.testing.assert_allclose(x.grad, at_0)


def test_at_0_second_derivatives_are_those_of_the_left_side() -> None:
    assert mg.grad(mg.grad(mg.elu))(0.0, 0.5) == 0.5
    assert mg.grad(lambda alpha: mg.grad(mg.elu)(0.0, alpha))(0.5) == 1


def test_relu_is_flat_at_its_kink() -> None:
    x = Tensor([-1.0, 0.0, -0.0, 2.0], requires_grad=True)
    mg.relu(x).sum().backward()
    np.testing.assert_array_equal(x.grad, [0, 0, 0, 1])


def test_relu_of_single_numbers() -> None:
    assert [float(mg.relu(Tensor(v))) for v in (-1.0, 0.0, 2.0)] == [0, 0, 2]


def test_kinks_of_bounded_activations_are_flat() -> None:
    for f, at in ((mg.hard_tanh, (-1, 1)), (mg.relu6, (0, 6)), (mg.hard_sigmoid, (-3, 3))):
        x = Tensor([at[0] - 1.0, at[0], 0.5, at[1], at[1] + 1.0], requires_grad=True)
        f(x).sum().backward()
        np.testing.assert_array_equal(x.grad, np.array([0, 0, 1, 0, 0]) / (6 if f is mg.hard_sigmoid else 1))
    x = Tensor([-3.0, 3.0], requires_grad=True)
    mg.hard_swish(x).sum().backward()
    np.testing.assert_array_equal(x.grad, [0, 1])


@pytest.mark.parametrize(
    ("limits", "to"), [((-1, 1), "low x high"), ((1, 1), "high high high"), ((1, -1), "high high high")]
)
def test_the_limits_of_hard_tanh_get_the_error_signal_on_them_and_outside(limits: Any, to: str) -> None:
    given = {
        "x": Tensor([-1.0, 0.0, 1.0]),
        "low": Tensor(limits[0] * np.ones(3)),
        "high": Tensor(limits[1] * np.ones(3)),
    }
    for tensor in given.values():
        tensor.requires_grad = True
    mg.hard_tanh(**given).sum().backward()
    for name, tensor in given.items():
        np.testing.assert_array_equal(tensor.grad, [winner == name for winner in to.split()])


def test_softplus_is_straight_beyond_its_threshold() -> None:
    x = Tensor([1.9, 2.0, 2.1], requires_grad=True)
    y = mg.softplus(x, beta=2.0, threshold=4.0)
    np.testing.assert_allclose(y.data, [np.log1p(np.exp(3.8)) / 2, np.log1p(np.exp(4)) / 2, 2.1], rtol=1e-15)
    y.sum().backward()
    np.testing.assert_allclose(x.grad, [1 / (1 + np.exp(-3.8)), 1 / (1 + np.exp(-4)), 1], rtol=1e-15)
    np.testing.assert_allclose(mg.softplus([0.9, 1.1], threshold=1.0), [np.log1p(np.exp(0.9)), 1.1], rtol=1e-15)


@pytest.mark.parametrize("beta", [0, 0.5, 1, 2.0, -1])
def test_softplus_is_its_formula_for_every_beta(beta: float) -> None:
    x = np.array([-3.0, 0.0, 0.5, 30.0])
    for threshold in (np.inf, 20.0):
        with np.errstate(divide="ignore"):
            formula = np.logaddexp(0, beta * x) / np.float64(beta)
            found = mg.softplus(x, beta, threshold)
        np.testing.assert_allclose(found, np.where(beta * x > threshold, x, formula), rtol=1e-14)


def test_prelu_refuses_slopes_that_are_not_one_for_each_channel() -> None:
    cases = [((2, 4, 5), "4 channels on axis 1"), ((2, 4), "4 channels on axis 1"), ((3,), "no axis of channels")]
    for shape, said in cases:
        with pytest.raises(
            ValueError, match=rf"prelu: weight has shape \(3,\) and x .* has {said}; expected one slope"
        ):
            mg.prelu(np.ones(shape), np.ones(3))


@pytest.mark.parametrize("shape", [(2, 0), (2, 1, 3), (2, 2), (2, 2, 3), (2, 3, 2, 2)], ids=str)
def test_prelu_has_one_slope_for_each_of_any_number_of_channels(shape: tuple[int, ...]) -> None:
    x, weight = np.random.default_rng(0).normal(size=shape), 0.1 + np.arange(shape[1])
    slopes = weight.reshape(-1, *(1,) * (len(shape) - 2)) if weight.size else weight
    np.testing.assert_array_equal(mg.prelu(x, weight), np.where(x > 0, x, slopes * x), strict=True)


@pytest.mark.parametrize("f", [mg.leaky_relu, mg.elu])
def test_the_slope_of_the_left_side_can_be_learned(f: Any) -> None:
    """One slope for each channel."""
    x, a = np.array([[-2.0, 3.0], [1.0, -1.0]]), Tensor([0.1, 0.2], requires_grad=True)
    f(x, a).sum().backward()
    np.testing.assert_allclose(a.grad, [-2, -1] if f is mg.leaky_relu else np.expm1([-2, -1]))


@pytest.mark.parametrize("name", ALL)
def test_lists_numbers_and_nan(name: str) -> None:
    f = ALL[name]
    values = [-0.5, 0.0, 2.0]
    np.testing.assert_allclose(f(values), f(np.array(values)), rtol=1e-15)
    np.testing.assert_allclose([f(v) for v in values], f(np.array(values)), rtol=1e-15)
    assert np.isnan(f(np.nan))
    assert f(np.zeros((0, 3))).shape == (0, 3)
    with pytest.raises(TypeError, match="holds Tensors"):
        f([Tensor(1.0), Tensor(2.0)])


def test_an_unknown_approximation() -> None:
    with pytest.raises(ValueError, match='gelu: approximate is "none" or "tanh", got \'sigmoid\''):
        mg.gelu(1.0, approximate="sigmoid")


def test_selu_keeps_mean_and_variance() -> None:
    x = np.random.default_rng(0).normal(size=1_000_000)
    y = mg.selu(x)
    assert abs(y.mean()) < 0.01
    assert abs(y.var() - 1) < 0.01
