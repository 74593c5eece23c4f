"""Values as rows: numbers, small matrices, larger arrays by shape and range."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minigrad.drawing.contents.rows.values import in_full, range_text, value_text
from minigrad.drawing.contents.writing.text import magnitude_text, sum_text, wrapped

COLUMN = "\xa0" * 3


@pytest.mark.parametrize(
    ("value", "lines"),
    [
        (-0.14629, ["−0.1463"]),
        (np.float32(3), ["3"]),
        ([0.5, -2.0], ["[0.5, −2]"]),
        (np.array([[1.0, -0.5], [2.0, 10.0]]), [f"[1{COLUMN}−0.5]", f"[2{COLUMN}\xa0\xa0\xa010]"]),
        (np.ones((1, 1, 2)), [f"[1{COLUMN}1]"]),
        (np.ones((4, 3)), [f"[1{COLUMN}1{COLUMN}1]"] * 4),
        (np.ones((5, 3)), None),
        (np.ones(7), None),
        (np.full(6, -0.123456), None),
        (np.ones((0, 3)), None),
    ],
)
def test_small_arrays_are_shown_in_full(value, lines):
    assert in_full(value) == lines


def test_ranges_and_sizes():
    assert range_text([1.0, np.nan, -3.0]) == "−3 … 1"
    assert range_text([2.0, 2.0]) == "all 2"
    assert range_text([2.0]) == "2"
    assert range_text([np.nan]) == "no finite number"
    assert range_text(np.array([3 + 4j, 0])) == "|z| 0 … 5"
    assert range_text([0.123456, 1.98765], 2) == "0.12 … 2"
    assert value_text(np.ones((2, 3), np.float32)) == "shape 2×3, float32, all 1"
    assert value_text(np.ones((0, 3))) == "shape 0×3, float64, empty"


@given(
    st.lists(st.floats(-1e100, 1e100), min_size=1, max_size=9), st.sampled_from([np.float16, np.float32, np.float64])
)
def test_rms_is_that_of_numpy(numbers, dtype):
    with np.errstate(all="ignore"):
        array = np.array(numbers).astype(dtype)
        expected = np.sqrt(np.mean(np.square(array, dtype=float)))
    word, text = magnitude_text(array).split()
    assert word == ("all" if len(array) > 1 and (array == array[0]).all() else "rms")
    found = float(text.replace("−", "-" if word == "rms" else ""))
    assert found == pytest.approx(expected, rel=0.051) or found == expected or np.isnan(expected)
    assert np.isnan(found) == np.isnan(expected)


def test_sums_have_true_signs():
    assert magnitude_text([2e-5]) == "rms 2e−05"
    assert sum_text([-0.2926, 0.05]) == "−0.2926 + 0.05"
    assert sum_text([0.05, -0.2926]) == "0.05 − 0.2926"
    assert sum_text([1j, 1 - 2j]) == "i + (1 − 2i)"


@given(st.text(max_size=120), st.integers(1, 40))
def test_wrapped_text_fits(text, columns):
    lines = wrapped(text, columns, 8)
    assert len(lines) <= 8
    assert all(len(line) <= columns for line in lines)


@pytest.mark.parametrize(
    ("value", "expected"),
    [(np.ones((2, 3)), "all 1"), (np.zeros(4), "all 0"), ([2.0, -2.0], "rms 2"), ([2.0], "rms 2"), ([], "empty")],
)
def test_arrays_of_one_number_say_it(value, expected):
    assert magnitude_text(value) == expected
