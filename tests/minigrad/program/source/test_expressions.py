"""Expressions have the brackets that Python needs, and compute in the order of the function."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import minigrad as mg
from minigrad.program.compiled import compile
from tests.helpers.compiled.agrees import agrees

A = np.array([3.0, 5.0, 7.0])
N = np.array([3, 5, 7])
SIGNED = np.array([0.0, -0.0, 1.3, -2.7]), np.array([-0.0, 0.0, 0.0, 3.1]), np.array([np.inf, 0.1, -0.0, -np.inf])


@pytest.mark.parametrize(
    ("f", "text"),
    [
        (lambda a: a - (a - 1.0), "a - (a - 1.0)"),
        (lambda a: a - 1.0 - a, "a - 1.0 - a"),
        (lambda a: a * (a * 3.0), "a * (a * 3.0)"),
        (lambda a: a / (a * 3.0) * 2.0, "a / (a * 3.0) * 2.0"),
        (lambda a: (-a) ** 2, "(-a) ** 2"),
        (lambda a: -(a**2), "-a**2"),
        (lambda a: 2.0 ** (a**2), "2.0 ** a**2"),
        (lambda a: (2.0**a) ** 0.5, "(2.0**a) ** 0.5"),
        (lambda a: (a - 2.0) * -3.0, "(a - 2.0) * -3.0"),
        (lambda a: (a > 4.0) == (a < 6.0), "(a > 4.0) == (a < 6.0)"),
        (lambda a: (a > 4.0) & (a < 6.0) | (a == 3.0), "(a > 4.0) & (a < 6.0) | (a == 3.0)"),
        (lambda a: a[::-1][1:, None], "a[::-1][1:, None].copy()"),
        (lambda a: a[..., 0], "a[..., 0].copy()"),
        (lambda a: (a + 1.0).sum(axis=0), "(a + 1.0).sum(axis=0)"),
        (lambda a: np.concatenate([a, 2 * a]), "np.concatenate([a, 2 * a])"),
        (lambda a: np.add.reduce(a), "np.add.reduce(a)"),
        (lambda a: a @ np.eye(3)[0], "a @ np.array([1.0, 0.0, 0.0])"),
        (lambda a: a + np.float32(0.5), "a + np.float32(0.5)"),
        (lambda a: a + np.float64(0.5), "a + 0.5"),
        (lambda a: a * np.inf - np.float64(np.nan), "a * np.inf - np.nan"),
        (lambda a: a * np.ones(3) + np.arange(3), "a * np.ones(3) + np.arange(3)"),
    ],
)  # fmt: skip
def test_text(f: Any, text: str) -> None:
    compiled = compile(f)
    np.testing.assert_array_equal(compiled(A), f(A))
    np.testing.assert_array_equal(compiled(-A), f(-A))
    assert compiled.source.splitlines()[-1].strip() == f"return {text}"


def test_operators_of_integers() -> None:
    def f(n: Any) -> Any:
        return (n << 1) + (n & 3) ^ ~n | n % 2, divmod(n, 2), n // 2

    compiled = compile(f)
    assert "(n << 1) + (n & 3) ^ ~n | n % 2" in compiled.source if compiled(N) else False
    for found, expected in zip(compiled(N + 4), f(N + 4), strict=True):
        np.testing.assert_array_equal(found, expected)


def test_long_settings_have_a_name_that_calls_share() -> None:
    def f(x: Any, w: Any, v: Any) -> Any:
        y = mg.conv2d(x, w, padding=1)
        z = mg.conv2d(y, w, padding=1)
        return mg.sum(mg.conv2d(z, v, stride=2))

    step = mg.value_and_grad(f, argnums=(1, 2))
    compiled = mg.compile(step)
    rng = np.random.default_rng(0)
    arrays = rng.normal(size=(1, 1, 6, 6)), rng.normal(size=(1, 1, 3, 3)), rng.normal(size=(1, 1, 2, 2))
    for found, expected in zip(compiled(*arrays)[1], step(*arrays)[1], strict=True):
        np.testing.assert_array_equal(found, expected)
    text = compiled.source
    assert text.count("CONV = ") == text.count("CONV_2 = ") == 1
    assert text.count("**CONV)") == 5
    assert text.count("**CONV_2)") == 3
    assert "conv_weight_grad(z_bar, y, kernel=(3, 3), **CONV)" in text


def test_what_is_added_to_itself_is_doubled() -> None:
    compiled = mg.compile(lambda x, k: (x + x, k + k, 0.5 * (x + x)))
    x, k = np.array([0.1, -0.0, np.inf, 1e308, 5e-324]), np.array([3, 4])
    with np.errstate(over="ignore"):
        doubled, ints, same = compiled(x, k)
        np.testing.assert_array_equal(doubled, x + x)
    np.testing.assert_array_equal(np.signbit(doubled), np.signbit(x))
    np.testing.assert_array_equal(ints, k + k)
    np.testing.assert_array_equal(same, x)
    assert "2 * x" in compiled.source
    assert "k + k" in compiled.source


@pytest.mark.parametrize(
    ("f", "text"),
    [
        (lambda a, b: a + -b, "a - b"),
        (lambda a, b: a + -(b * a) * b, "a - (b * a) * b"),
        (lambda a, b: a - -b / 3.0, "a + b / 3.0"),
        (lambda a, b: a + -(b + a), "a - (b + a)"),
        (lambda a, b: a + -0.7 * b, "a - 0.7 * b"),
        (lambda a, b: -(-0.7 * b / a), "0.7 * b / a"),
        (lambda a, b: a - (-b) ** 2, "a - (-b) ** 2"),
        (lambda a, b: a + -b % 3.0, "a + -b % 3.0"),
        (lambda a, b: a + -b @ b, "a + -b @ b"),
        (lambda a, b: -a * b, "-a * b"),
        (lambda a, b: a / 15 * 0.5 + b * np.float64(1 / 15), "a / 15 * 0.5 + b * (1 / 15)"),
        (lambda a, b: np.float64(2 / 3) * a - b / math.sqrt(2 * math.pi), "2 / 3 * a - b / SQRT_2_PI"),
        (lambda a, b: 0.1234567 * a + b * -0.1234567, "0.1234567 * a + b * -0.1234567"),
        (lambda a, b: np.float64(0.1) * (2.0 * a) + b, "0.2 * a + b"),
        (lambda a, b: np.exp(a - b) * (a - b), "np.exp(a - b) * (a - b)"),
    ],
)
def test_minus_signs_and_fractions(f: Any, text: str) -> None:
    """Zeros of both signs are among the numbers: the bits stay what they were."""
    with np.errstate(all="ignore"):
        compiled = agrees(f, *[(a, b) for a in SIGNED for b in SIGNED])
    assert compiled.source.splitlines()[-1].strip() == f"return {text}"


def test_integers_keep_their_signs() -> None:
    for dtype in (np.uint8, np.int8, np.int64):
        n = np.array([0, 1, 127], dtype)
        agrees(lambda a, n: a + -n * n, (np.array([1, 2, 3]), n))
        agrees(lambda a, n: a - -n, (A, n))


@pytest.mark.parametrize(("shape", "kept_shape"), [((4, 6), (4, 1)), ((2, 3, 4), (2, 1, 4))])
def test_axes_are_moved_and_kept_in_few_words(shape: tuple[int, ...], kept_shape: tuple[int, ...]) -> None:
    x = np.random.default_rng(0).normal(size=shape)
    y = np.random.default_rng(1).normal(size=shape)

    def f(x: Any, y: Any) -> Any:
        kept = x.sum(axis=(1,)).reshape(kept_shape)
        back = np.swapaxes(np.swapaxes(x * y, -1, -2), -2, -1)
        again = x.reshape(-1, 2).reshape((shape[0], -1))
        return y * np.broadcast_to(kept, shape), back, again + 1.0, np.swapaxes(x + y, -1, -2) @ y

    source = agrees(f, (x, y), (y, x), (np.asfortranarray(x), y), (x[::-1], np.asfortranarray(y))).source
    assert "swapaxes" not in source
    assert "broadcast_to" not in compiled_source(f, x, y)
    assert "x.sum(axis=1, keepdims=True)" in compiled_source(f, x, y)
    assert f"x.reshape({shape[0]}, -1)" in compiled_source(f, x, y)


def compiled_source(f: Any, *args: Any) -> str:
    compiled = compile(f)
    compiled(*args)
    return compiled.source
