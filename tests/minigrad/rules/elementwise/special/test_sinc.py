"""sinc near 0."""

from __future__ import annotations

import math
from decimal import Decimal, localcontext

import numpy as np
import pytest

import minigrad as mg
from minigrad.core.tensor import Tensor
from tests.samples import PRIMITIVES

PI = Decimal("3.14159265358979323846264338327950288419716939937510582097494459230781640628620899")


def sinc_exactly(x: float, order: int) -> float:
    """The power series of sinc, differentiated term by term, with 80 digits."""
    with localcontext(prec=80):
        t, total = PI * Decimal(x), Decimal(0)
        for k in range((order + 1) // 2, 80):
            m = 2 * k - order
            total += (-1) ** k * t**m / (math.factorial(m) * (2 * k + 1))
        return float(PI**order * total)


def test_sinc_and_its_derivatives_to_the_last_digits() -> None:
    """Near 0, and on both sides of the places where the series gives way to the recurrence."""
    x = np.array([1e-200, 1e-9, -1e-4, 0.01, 0.3, -0.6366, 0.6367, 0.95, 0.96, 1.27, 1.28, 1.7])
    for order in range(6):
        exact = np.array([sinc_exactly(v, order) for v in x])
        np.testing.assert_allclose(PRIMITIVES["sinc"](x, order=order), exact, rtol=2e-14)
        near = slice(5)  # farther away a derivative may be 0, and the error is relative to πx
        np.testing.assert_allclose(PRIMITIVES["sinc"](x[near], order=order), exact[near], rtol=1e-15)


def test_sinc_at_0() -> None:
    x = Tensor([0.0], requires_grad=True)
    for exact in (1, 0, -(math.pi**2) / 3, 0, math.pi**4 / 5):
        y = mg.sinc(x) if exact == 1 else x.grad
        assert y.item() == pytest.approx(exact, rel=1e-15)
        x.zero_grad()
        y.backward(create_graph=True)
