"""What depends on shapes and settings alone is computed once."""

import sys
from types import CodeType
from typing import Any

import numpy as np
import pytest

import minigrad as mg
from minigrad.rules import looked_up as module
from minigrad.rules.looked_up import looked_up


@pytest.fixture
def calls() -> list[tuple[Any, ...]]:
    return []


@pytest.fixture
def noted(calls):
    """A function that notes its calls, and refuses what is not whole."""

    @looked_up
    def noted(*arguments: Any) -> tuple[Any, ...]:
        calls.append(arguments)
        if any(type(n) is float for n in arguments):
            raise ValueError(f"not whole: {arguments}")
        return arguments

    return noted


def test_is_computed_once_for_each_set_of_arguments(noted, calls):
    results = [noted(*arguments) for arguments in [(1, "same"), (2, "same"), (1, "same"), (1, "valid")]]
    assert results == [(1, "same"), (2, "same"), (1, "same"), (1, "valid")]
    assert len(calls) == 3


@pytest.mark.parametrize("other", [True, (1,), [1], "1", np.int64(1), None], ids=repr)
def test_what_is_equal_as_a_key_is_told_apart(noted, calls, other):
    noted(1)
    assert noted(other) == (other,)
    assert type(noted(other)[0]) is type(other)
    assert calls[:2] == [(1,), (other,)]


@pytest.mark.parametrize(("first", "second"), [((1, 1), (1, True)), (((0, 0),), ((0, False),)), ((1,), [1])])
def test_also_within_tuples(noted, calls, first, second):
    noted(first)
    noted(second)
    assert len(calls) == 2


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (np.int64(1), np.array([1, 0], np.int32)),
        (np.float64(1.0), np.float64(1.0).view(np.int64)),
        ((np.int64(1), 2), (np.array([1, 0], np.int32), 2)),
    ],
)
def test_numbers_and_arrays_of_numpy_with_the_same_bytes(noted, calls, first, second):
    for one, other in ((first, second), (second, first)):
        calls.clear()
        noted(one)
        assert noted(other)[0] is other
        assert len(calls) == 2


def test_the_name_stays(noted):
    assert noted.__name__ == "noted"


def test_padding_of_the_same_bytes() -> None:
    assert mg.conv2d(_IMAGES, _FILTERS, padding=np.int64(1)).shape == (1, 2, 6, 6)
    with pytest.raises(ValueError, match="padding must be"):
        mg.conv2d(_IMAGES, _FILTERS, padding=np.array([1, 0], np.int32))


def test_errors_are_raised_anew(noted, calls):
    noted(1)
    for _ in range(2):
        with pytest.raises(ValueError, match="not whole"):
            noted(1.0)
    assert len(calls) == 3


def test_what_has_no_bytes_is_computed_each_time(noted, calls):
    given = object()
    assert noted(given) == noted(given) == (given,)
    assert len(calls) == 2


def test_as_many_results_are_kept_as_a_limit_says(noted, calls, monkeypatch):
    monkeypatch.setattr(module, "_MOST", 3)
    for i in range(4):
        noted(i)
    noted(3)
    assert len(calls) == 4
    noted(0)  # forgotten
    assert len(calls) == 5


_IMAGES = np.zeros((1, 2, 6, 6), np.float32)
_FILTERS = np.zeros((2, 2, 3, 3), np.float32)
_WINDOWED = {
    "conv2d": lambda: mg.conv2d(_IMAGES, _FILTERS, np.zeros(2, np.float32), stride=(1, 2), padding=((0, 1), 1)),
    "conv2d, same": lambda: mg.conv2d(_IMAGES, _FILTERS, padding="same"),
    "conv2d, reflect": lambda: mg.conv2d(_IMAGES, _FILTERS, padding=1, padding_mode="reflect"),
    "conv_transpose2d": lambda: mg.conv_transpose2d(_IMAGES, _FILTERS, stride=2, output_padding=1),
    "max_pool2d": lambda: mg.max_pool2d(_IMAGES, 2, ceil_mode=True),
    "avg_pool2d": lambda: mg.avg_pool2d(_IMAGES, (2, 3), 1),
    "lp_pool2d": lambda: mg.lp_pool2d(_IMAGES, 2, 2),
}


@pytest.mark.parametrize("call", _WINDOWED.values(), ids=_WINDOWED)
def test_a_second_call_with_the_same_windows_checks_nothing_again(call):
    call()
    functions: set[CodeType] = set()
    sys.setprofile(lambda frame, event, _: functions.add(frame.f_code) if event == "call" else None)
    try:
        call()
    finally:
        sys.setprofile(None)
    checks = {"check_shapes", "check_fits", "per_axis", "normalize_padding", "dilated_size", "memory_layout"}
    assert {code.co_name for code in functions} & checks == set()
