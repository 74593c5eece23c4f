"""relu after max-pooling: the same numbers as before it, ties, NaN and infinities included."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import minigrad as mg
from minigrad.program.compiled import compile


def pooled(z: Any, weight: Any) -> Any:
    return mg.sum(mg.max_pool2d(mg.relu(z), 2) * weight)


def draw(seed: int, dtype: Any = np.float64) -> tuple[Any, Any]:
    rng = np.random.default_rng(seed)
    z = rng.integers(-3, 2, (2, 3, 6, 8)).astype(dtype)  # many ties, many windows below 0
    return z, rng.normal(size=(2, 3, 3, 4)).astype(dtype)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_ties_and_windows_below_0(dtype: Any) -> None:
    step = mg.value_and_grad(pooled)
    compiled = compile(step, "fast")
    for seed in range(4):
        z, weight = draw(seed, dtype)
        (value, z_bar), (expected, expected_bar) = compiled(z, weight), step(z, weight)
        assert value == expected
        np.testing.assert_array_equal(z_bar, expected_bar)
    text = compiled.source
    assert text.index("max_pool(z") < text.index("= relu(")
    assert "z_bar = unpool(" in text or "return L, unpool(" in text or "unpool(v" in text


@pytest.mark.parametrize("special", [np.nan, np.inf, -np.inf])
def test_special_numbers(special: float) -> None:
    step = mg.value_and_grad(pooled)
    compiled = compile(step, "fast")
    z, weight = draw(0)
    compiled(z, weight)
    z[0, 0, :2, :3], z[1, 1, 2, 2] = special, special
    with np.errstate(invalid="ignore"):
        (value, z_bar), (expected, expected_bar) = compiled(z, weight), step(z, weight)
    np.testing.assert_array_equal(value, expected)
    np.testing.assert_array_equal(z_bar, expected_bar)


def test_an_activation_that_is_used_again_stays_before_pooling() -> None:
    def f(z: Any, weight: Any) -> Any:
        a = mg.relu(z)
        return mg.sum(mg.max_pool2d(a, 2) * weight) + mg.mean(a)

    step = mg.value_and_grad(f)
    compiled = compile(step, "fast")
    for seed in range(2):
        (value, z_bar), (expected, expected_bar) = compiled(*draw(seed)), step(*draw(seed))
        assert value == expected
        np.testing.assert_array_equal(z_bar, expected_bar)
    assert "max_pool(a" in compiled.source


def test_second_derivatives_and_the_forward_pass_alone() -> None:
    for f in (pooled, mg.grad(lambda z, weight: mg.sum(mg.grad(pooled)(z * z, weight) ** 2))):
        compiled = compile(f, "fast")
        for given in (draw(0), draw(1)):
            np.testing.assert_array_equal(compiled(*given), f(*given))


def test_a_setting_of_numpys_errors_holds() -> None:
    def f(x: Any, c: Any) -> Any:
        with np.errstate(invalid="raise"):
            return c * (x * np.float32(2) > 0)

    compiled = compile(f, "fast")
    x, c = np.random.default_rng(0).normal(size=(2, 300, 400)).astype(np.float32)
    np.testing.assert_array_equal(compiled(x, c), f(x, c))
    assert "relu_grad(" in compiled.source
    c[:] = np.inf
    for call in (f, compiled):
        with pytest.raises(FloatingPointError):
            call(x, c)


def test_the_mask_is_that_of_the_result() -> None:
    def f(x: Any) -> Any:
        z = x * 3.0
        y = mg.relu(z)
        return mg.sum(y * y)

    step = mg.value_and_grad(f)
    compiled = compile(step, "fast")
    for seed in range(2):
        x = np.random.default_rng(seed).normal(size=(200, 300))
        x[0, :3] = np.nan, np.inf, -np.inf
        with np.errstate(all="ignore"):
            (value, x_bar), (expected, expected_bar) = compiled(x), step(x)
        np.testing.assert_array_equal(value, expected)
        np.testing.assert_array_equal(x_bar, expected_bar)
    assert "y > 0" in compiled.source
    assert "y = relu_in_place(z)" in compiled.source


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_the_error_signal_in_one_pass(dtype: Any) -> None:
    """Of large float32 arrays; a mask that is used twice stays."""

    def f(x: Any, c: Any) -> Any:
        y = mg.relu(x * dtype(3.0))
        return mg.sum(y * c * (y > 0)) if uses_mask else mg.sum(y * c)

    for uses_mask in (False, True):
        step = mg.value_and_grad(f)
        compiled = compile(step, "fast")
        for seed in range(2):
            x, c = np.random.default_rng(seed).normal(size=(2, 200, 400)).astype(dtype)
            x[0, :3] = np.nan, np.inf, -np.inf
            with np.errstate(all="ignore"):
                (value, x_bar), (expected, expected_bar) = compiled(x, c), step(x, c)
            np.testing.assert_array_equal(value, expected)
            np.testing.assert_array_equal(x_bar, expected_bar)
        assert ("relu_grad(" in compiled.source) == (dtype is np.float32)
        assert ("= y > 0" in compiled.source) == (uses_mask or dtype is np.float64)
