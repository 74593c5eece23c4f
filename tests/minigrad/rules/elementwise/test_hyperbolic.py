"""Hyperbolic functions: the precision of their slopes."""

from __future__ import annotations

import pytest

from tests.helpers.gradient import assert_slopes_agree_with_a_complex_step


@pytest.mark.parametrize(
    ("name", "points"),
    [
        ("sinh", (-3.0, -0.4, 1e-9, 2.5)),
        ("cosh", (-3.0, -0.4, 1e-9, 2.5)),
        ("tanh", (-3.0, -0.4, 1e-9, 2.5)),
        ("arcsinh", (-1e9, 1e-9, 0.5)),
        ("arccosh", (1 + 1e-10, 2.0, 1e200)),
        ("arctanh", (-0.999999, -1e-9, 0.5, 1 - 1e-10)),
    ],
)
def test_slopes_agree_with_a_complex_step(name: str, points: tuple[float, ...]) -> None:
    assert_slopes_agree_with_a_complex_step(name, points)
