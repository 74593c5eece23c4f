"""A compiled method has programs for each object, and a module's forward stays what it is."""

from __future__ import annotations

import copy
import gc
import pickle
import weakref
from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn
from minigrad.program.compiled import CompiledFunction, compile


class Method:
    def __init__(self, rate: float) -> None:
        self.rate = np.full(2, rate)

    @compile
    def scaled(self, x: Any) -> Any:
        return self.rate * x


class Compiled(nn.Module):
    def __init__(self) -> None:
        self.linear = nn.Linear(2, 2, rng=0)

    @compile
    def forward(self, x: Any) -> Any:
        return mg.tanh(self.linear(x))


class Overrides(Method):
    def scaled(self, x: Any) -> Any:
        return super().scaled(x) * 2.0


class OverridesCompiled(Method):
    @compile
    def scaled(self, x: Any) -> Any:
        return super().scaled(x) * 2.0


@pytest.mark.parametrize("kind", [Overrides, OverridesCompiled])
def test_a_method_that_is_overridden_and_called_by_super(kind: type[Method]) -> None:
    x = kind(3.0)
    for _ in range(3):
        for y in (x, copy.deepcopy(x), pickle.loads(pickle.dumps(x))):
            assert y.scaled(1.0).tolist() == [6.0, 6.0]


def test_a_method_has_programs_for_each_object() -> None:
    first, second = Method(2.0), Method(3.0)
    for number in (2.0, 5.0):
        first.rate[:] = number
        assert first.scaled(1.0).tolist() == [number, number]
        assert second.scaled(1.0).tolist() == [3.0, 3.0]
    assert isinstance(Method.scaled, CompiledFunction)
    for other in (copy.deepcopy(first), pickle.loads(pickle.dumps(first))):
        other.rate[:] = 7.0
        assert other.scaled(1.0).tolist() == [7.0, 7.0]
        assert first.scaled(1.0).tolist() == [5.0, 5.0]
    assert pickle.loads(pickle.dumps(first.scaled))(1.0).tolist() == [5.0, 5.0]
    gone = weakref.ref(second)
    del second
    gc.collect()
    assert gone() is None


def test_the_forward_of_a_module() -> None:
    model = Compiled()
    x = np.ones((1, 2), np.float32)
    for m in (model, copy.deepcopy(model), pickle.loads(pickle.dumps(model))):
        for _ in range(2):
            assert np.array_equal(m(x).data, np.tanh(m.linear(x).data))
            m.linear.bias.data = m.linear.bias.data + 1
    assert list(model.state_dict()) == ["linear.weight", "linear.bias"]


def test_objects_without_attributes_have_no_place_for_programs() -> None:
    class Own:
        __slots__ = ()

        @compile
        def f(self, x: Any) -> Any:
            return x

    with pytest.raises(
        TypeError, match=r"an object with __slots__ cannot store the programs of Own.f; remove __slots__"
    ):
        Own().f(1.0)
