"""Windows and resampling along an axis: which elements an output position sees."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

import minigrad as mg


@pytest.mark.parametrize(("kernel", "stride", "padding", "dilation"), [(3, 1, 1, 1), (2, 2, 0, 1), (3, 2, 2, 2)])
def test_a_window_sees_what_a_convolution_multiplies(kernel: int, stride: int, padding: int, dilation: int) -> None:
    n = 12
    positions = mg.conv1d(
        np.eye(n)[:, None], np.ones((1, 1, kernel)), stride=stride, padding=padding, dilation=dilation
    )[:, 0].T
    window = mg.Window(kernel, stride, padding, dilation)
    for j, weights in enumerate(positions):
        assert set(np.flatnonzero(weights)) == set(window.elements(j)) & set(range(n))
    assert (window.period, window.shift) == (1, stride)


@pytest.mark.parametrize(("kernel", "stride", "padding"), [(3, 1, 1), (2, 2, 0), (4, 2, 1), (5, 3, 2)])
def test_a_transposed_window_sees_what_a_transposed_convolution_multiplies(
    kernel: int, stride: int, padding: int
) -> None:
    n = 6
    positions = mg.conv_transpose1d(np.eye(n)[:, None], np.ones((1, 1, kernel)), stride=stride, padding=padding)[:, 0].T
    window = mg.Window(kernel, stride, padding, transposed=True)
    for j, weights in enumerate(positions):
        assert set(np.flatnonzero(weights)) == set(window.elements(j)) & set(range(n))
    assert (window.period, window.shift) == (stride, 1)


def test_where_transposed_windows_leave_a_gap_a_position_sees_the_element_before() -> None:
    window = mg.Window(1, stride=3, transposed=True)
    assert [window.elements(j) for j in range(5)] == [[0], [0], [0], [1], [1]]


def test_slices_and_reversed_axes_are_windows() -> None:
    x = np.arange(9)
    assert [x[mg.Window(1, stride=2, padding=-3).elements(j)].item() for j in range(3)] == x[3::2].tolist()
    assert [x[mg.Window(1, stride=-1, padding=-8).elements(j)].item() for j in range(9)] == x[::-1].tolist()


def test_resampling_sees_the_element_before_or_both_neighbours() -> None:
    nearest = mg.Resampling(Fraction(3, 2))
    assert [nearest.elements(j) for j in range(4)] == [[0], [1], [3], [4]]
    linear = mg.Resampling(Fraction(1, 2), start=Fraction(-1, 4), linear=True)
    assert [linear.elements(j) for j in range(3)] == [[-1, 0], [0, 1], [0, 1]]
    assert (nearest.period, nearest.shift, linear.period, linear.shift) == (2, 3, 2, 1)
