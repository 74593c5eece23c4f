"""Values as text: numbers, vectors, matrices, and what is too large for either."""

import numpy as np
import pytest

from minigrad.notation import show


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (np.float64(-0.25), "−0.25"),
        ([0.5, -1.0], "[0.5, −1]"),
        ([[1.0, 2.0, 3.0]], "[1  2  3]"),
        ([[1.0, -0.5], [2.0, 10.0]], "⎡1  −0.5⎤\n⎣2    10⎦"),
        ([[1.0], [2.0], [3.0]], "⎡1⎤\n⎢2⎥\n⎣3⎦"),
        ([[[[1.0, 2.0], [3.0, 4.0]]]], "⎡1  2⎤\n⎣3  4⎦"),
        (np.ones((2, 2, 2)), "2×2×2, 1 … 1, norm 2.828"),
        (np.arange(9.0), "9 elements, 0 … 8, norm 14.28"),
        (np.linspace(0.1234, 0.9876, 7), "7 elements, 0.1234 … 0.9876, norm 1.656"),
        (np.zeros((0, 3)), "0×3, empty"),
        (np.array([True, False]), "[1, 0]"),
        (np.full((10, 10), np.nan), "10×10, nan … nan, norm nan"),
        (np.array([1e30, 1.0]), "[1e+30, 1]"),
    ],
)
def test_show(value, text):
    assert show(value) == text
