"""Output sizes: the lectures' examples, and the sizes that convolution gives."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minigrad as mg
import nn


@pytest.mark.parametrize(
    ("params", "size"),
    [
        ({"N": 32, "F": 5}, 28),  # 28x28x6 from 32x32x3
        ({"N": 7, "F": 3}, 5),
        ({"N": 7, "F": 3, "S": 2}, 3),
        ({"N": 9, "F": 3, "S": 3}, 3),  # 7 with a padding of 1
        ({"N": 7, "F": 3, "S": 3, "P": 1}, 3),
        ({"N": 32, "F": 5, "S": 1, "P": 2}, 32),
        ({"N": 227, "F": 11, "S": 4}, 55),  # AlexNet
        ({"N": 4, "F": 2, "S": 2}, 2),  # pooling
        ({"N": 5, "F": 3, "P": 1}, 5),
        ({"N": 28, "F": 5, "P": "same"}, 28),
        ({"N": 28, "F": 4, "P": "same"}, 28),
    ],
)
def test_sizes_of_the_lectures(params: dict[str, Any], size: int) -> None:
    assert mg.conv_output_size(**params, strict=True) == size


@pytest.mark.parametrize(
    ("params", "message"),
    [
        (
            {"N": 7, "F": 3, "S": 3},
            r"\(N − F \+ 2P\) / S \+ 1 = \(7 − 3 \+ 2·0\) / 3 \+ 1 = 2\.333 is not a whole",
        ),
        (
            {"N": 10, "F": 3, "S": 2},
            r"\(10 − 3 \+ 2·0\) / 2 \+ 1 = 4\.5 is not a whole number",
        ),
        ({"N": (7, 7), "F": 3, "S": (1, 3)}, r"3 columns does not fit evenly into 7 columns"),
    ],
)
def test_strict_refuses_what_does_not_fit_as_the_lectures_do(params: dict[str, Any], message: str) -> None:
    assert mg.conv_output_size(**params)
    with pytest.raises(ValueError, match=rf"^conv_output_size: filter of .*{message}"):
        mg.conv_output_size(**params, strict=True)


@pytest.mark.parametrize(
    ("params", "message"),
    [
        (
            {"N": 3, "F": 5},
            r"filter of 5 elements does not fit into 3 elements .* = ⌊\(3 − 5 \+ 2·0\) / 1⌋ \+ 1 = −1; use",
        ),
        ({"N": 4, "F": 3, "D": 2}, r"\(dilation 2: F = 2·\(3 − 1\) \+ 1 = 5\)"),
        ({"N": 0, "F": 1}, r"N must be a whole number ≥ 1"),
        ({"N": 7.0, "F": 1}, r"N must be a whole number"),
        ({"N": 7, "F": 3, "S": 0}, r"S must be a whole number ≥ 1"),
        ({"N": 7, "F": 3, "P": -1}, r"P must be a whole number ≥ 0"),
        ({"N": 7, "F": 3, "P": (1, 2, 3)}, r"P must be a whole number ≥ 0"),
        ({"N": (7, 7), "F": (3, 3, 3)}, r"F must be a whole number ≥ 1, or a pair \(rows, columns\); got \(3, 3, 3\)"),
        ({"N": 7, "F": (1, 2, 3, 4)}, r"got numbers for 4 axes, expected 1, 2 or 3"),
    ],
)
def test_errors_say_how_to_mend_it(params: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=rf"^conv_output_size: .*{message}"):
        mg.conv_output_size(**params)


def up_to(most: int) -> st.SearchStrategy[Any]:
    """A number for both axes, or one for each."""
    return st.integers(1, most) | st.tuples(st.integers(1, most), st.integers(1, most))


@st.composite
def settings(draw: Any) -> dict[str, Any]:
    """Arguments for two axes, in all their forms."""
    side = st.integers(0, 3) | st.tuples(*[st.integers(0, 3)] * 2)
    padding = st.sampled_from(["same", "valid"]) | st.integers(0, 3) | st.tuples(side, side)
    return {
        "N": draw(st.tuples(*[st.integers(9, 12)] * 2)),
        "F": draw(up_to(5)),
        "S": draw(up_to(4)),
        "D": draw(up_to(2)),
        "P": draw(padding),
    }


@given(settings())
def test_convolution_gives_this_size(params: dict[str, Any]) -> None:
    kernel = (params["F"],) * 2 if isinstance(params["F"], int) else params["F"]
    image, filters = np.zeros((1, 1, *params["N"])), np.zeros((1, 1, *kernel))
    z = mg.conv2d(image, filters, stride=params["S"], padding=params["P"], dilation=params["D"])
    assert z.shape[2:] == mg.conv_output_size(**params)


def test_one_axis_is_a_number_and_its_padding_may_be_a_pair() -> None:
    assert mg.conv_output_size(7, 3, P=(0, 1)) == 6
    assert mg.conv_output_size((7,), 3, P=((0, 1),)) == (6,)
    assert mg.conv_output_size((7, 9), 3, P=(0, 1)) == (5, 9)
    assert nn.conv_output_size is mg.conv_output_size
