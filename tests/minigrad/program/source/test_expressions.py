"""Expressions have the brackets that Python needs, and compute in the order of the function."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from minigrad.program.compiled import compile

A = np.array([3.0, 5.0, 7.0])
N = np.array([3, 5, 7])


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
        (lambda a: a * np.ones(3) + np.arange(3), "a * np.full((3,), 1.0) + np.arange(3)"),
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
