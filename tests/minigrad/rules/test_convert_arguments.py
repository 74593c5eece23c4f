"""Arguments of operations: their shapes, integers of any kind, and the device that they go to."""

from __future__ import annotations

import re
import sys

import numpy as np
import pytest

from minigrad.core.tensor import Tensor
from minigrad.device import device_of, to_device
from minigrad.rules.convert_arguments import as_array, as_arrays, as_integer, as_integers, shape_of
from tests.helpers import fake_cupy


def test_everything_has_a_shape() -> None:
    assert [shape_of(x) for x in (Tensor(np.ones((2, 3))), np.ones(2), [[1.0], [2.0]], 3.0)] == [
        (2, 3),
        (2,),
        (2, 1),
        (),
    ]


def test_one_integer_of_any_kind() -> None:
    for two in (2, 2.0, np.int8(2), np.float32(2), np.array(2), np.array(2.0), Tensor(2), Tensor(2.0)):
        number = as_integer("f", two)
        assert (number, type(number)) == (2, int)
    for other in (2.5, np.nan, np.inf, (2,), np.array([2]), "2", None, 2j, Tensor(2.0, requires_grad=True)):
        with pytest.raises(TypeError, match=rf"^f: expected a whole number, got {re.escape(repr(other))}"):
            as_integer("f", other)


def test_integers_of_any_kind() -> None:
    assert (
        as_integers("f", 2)
        == as_integers("f", np.int8(2))
        == as_integers("f", np.array(2))
        == as_integers("f", Tensor(2))
        == 2
    )
    assert as_integers("f", [1, 2]) == as_integers("f", (1, np.int8(2))) == as_integers("f", Tensor([1, 2])) == (1, 2)
    for other in (0.5, [1, 0.5], "2"):
        with pytest.raises(TypeError, match=f"f: expected whole numbers, got {re.escape(repr(other))}"):
            as_integers("f", other)


def test_lists_and_numbers_go_to_the_device_of_the_arrays(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, module in fake_cupy.modules().items():
        monkeypatch.setitem(sys.modules, name, module)
    x = to_device(np.ones(2), "cuda")
    for other in ([1.0, 2.0], 3.0, np.float32(3)):
        assert device_of(as_array(other, "f", x)) == "cuda:0"
        assert [device_of(y) for y in as_arrays([other, np.float64(1), x], "f")] == ["cuda:0"] * 3
        assert device_of(as_array(other, "f")) == device_of(as_array(other, "f", np.ones(2))) == "cpu"
    assert as_array(x, "f", np.ones(2)) is x
    assert isinstance(as_array(np.float32(3), "f"), np.generic)
    tensors = [Tensor(1.0), Tensor(x)]
    assert as_arrays(tensors, "f") == tensors
