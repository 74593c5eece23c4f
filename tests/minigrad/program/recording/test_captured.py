"""What a function finds outside of its arguments: a program holds while it is the same, whatever it is."""

from __future__ import annotations

import random
from array import array
from collections import UserDict, UserList, deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial, wraps
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn
from minigrad.program.compiled import compile
from minigrad.program.recording.captured import same_names

scale: Any = [1.0]
static_scale: Any = [1.0]
settings = ModuleType("settings")
vars(settings).update(__file__="settings.py", rate=2.0)


def scaled(x: Any) -> Any:
    return scale[0] * x


class Config:
    rate = 2.0


@dataclass(slots=True)
class Slots:
    rate: Any = 2.0


class Scaling:
    """An object whose method, property and call look up its attributes."""

    def __init__(self) -> None:
        self._rate: Any = 2.0
        self.unused = 0

    @property
    def rate(self) -> Any:
        return self._rate

    def method(self, x: Any) -> Any:
        return self.rate * x

    def __call__(self, x: Any) -> Any:
        return self.method(x)

    def __getitem__(self, i: int) -> Any:
        return self._rate * i

    @classmethod
    def of_class(cls, x: Any) -> Any:
        return x * cls.shared

    @staticmethod
    def static(x: Any) -> Any:
        return x * static_scale[0]

    shared: Any = 2.0


class Masked(nn.Module):
    def __init__(self) -> None:
        self.mask = np.array([2.0, 3.0])
        self.shift = mg.Tensor([2.0, 3.0])
        self.settings = SimpleNamespace(rate=1.0, inner=SimpleNamespace(rate=1.0))

    def forward(self, x: Any) -> Any:
        return scale[0] * x * self.mask * self.settings.inner.rate + self.shift


Case = tuple[Callable[[Any], Any], Callable[[], Any]]


def a_number_around() -> Case:
    rate = 2.0

    def change() -> None:
        nonlocal rate
        rate = 3.0

    return lambda x: rate * x, change


def a_zero_whose_sign_changes() -> Case:
    held = {"rate": 0.0}
    return lambda x: np.copysign(x, held["rate"]), lambda: held.update(rate=-0.0)


def a_part_of_a_list() -> Case:
    rates: list[Any] = [1.0, [2.0]]

    def change() -> None:
        rates[1][0] = 3.0

    return lambda x: rates[1][0] * x, change


def a_part_of_an_array() -> Case:
    rates = np.array([1.0, 2.0])

    def change() -> None:
        rates[1] = 3.0

    return lambda x: rates * x, change


def an_array_as_a_default() -> Case:
    rates = np.array([1.0, 2.0])

    def f(x: Any, a: Any = rates, *, b: Any = rates) -> Any:
        return a * b * x

    return f, lambda: rates.fill(3.0)


def an_array_in_a_partial() -> Case:
    rates = np.array([1.0, 2.0])
    return partial(lambda a, x: a * x, rates), lambda: rates.fill(3.0)


def the_value_of_a_tensor() -> Case:
    rates = mg.Tensor([1.0, 2.0])

    def change() -> None:
        rates.data = np.array([3.0, 4.0])

    return lambda x: (rates * x).data, change


def an_attribute(holder: Any) -> Case:
    return lambda x: holder.rate * x, lambda: setattr(holder, "rate", 3.0)


def an_attribute_of_an_attribute() -> Case:
    holder = SimpleNamespace(inner=SimpleNamespace(rate=2.0))
    return lambda x: holder.inner.rate * x, lambda: setattr(holder.inner, "rate", 3.0)


def an_attribute_of_a_class() -> Case:
    class Own(Config):
        pass

    return lambda x: Own.rate * x, lambda: setattr(Own, "rate", 3.0)


def an_attribute_of_the_class_of_an_object() -> Case:
    class Own(Config):
        pass

    own = Own()
    return lambda x: own.rate * x, lambda: setattr(Own, "rate", 3.0)


def a_method() -> Case:
    scaling = Scaling()
    return scaling.method, lambda: setattr(scaling, "_rate", np.array([3.0, 4.0]))


def an_object_that_is_called() -> Case:
    scaling = Scaling()
    return lambda x: scaling(x), lambda: setattr(scaling, "_rate", 3.0)


def the_object_itself() -> Case:
    scaling = Scaling()
    return scaling, lambda: setattr(scaling, "_rate", 3.0)


def a_function_that_is_defined_anew() -> Case:
    def inner(x: Any) -> Any:
        return 2.0 * x

    def f(x: Any) -> Any:
        return inner(x)

    def change() -> None:
        nonlocal inner
        inner = mg.tanh

    return f, change


def a_function_in_a_list() -> Case:
    scaling = Scaling()
    layers = [lambda x: scaling.method(x)]
    return lambda x: layers[0](x), lambda: setattr(scaling, "_rate", 3.0)


def an_object_with_an_index() -> Case:
    scaling = Scaling()
    return lambda x: scaling[2] * x, lambda: setattr(scaling, "_rate", 3.0)


def a_class_method() -> Case:
    class Own(Scaling):
        pass

    return lambda x: Own.of_class(x), lambda: setattr(Own, "shared", 3.0)


def a_static_method() -> Case:
    return lambda x: Scaling.static(x), lambda: static_scale.__setitem__(0, 2.0)


def an_attribute_that_is_named_by_text() -> Case:
    holder = SimpleNamespace(rate=2.0)
    return lambda x: getattr(holder, "rate") * x, lambda: setattr(holder, "rate", 3.0)  # noqa: B009


def a_part_of(container: Any, key: Any) -> Case:
    return lambda x: container[key] * x, lambda: container.__setitem__(key, 3.0)


def an_array_of_a_model() -> Case:
    model = Masked()
    return lambda x: model(x).data, lambda: model.mask.fill(5.0)


def a_tensor_of_a_model() -> Case:
    model = Masked()
    return lambda x: model(x).data, lambda: setattr(model.shift, "data", np.array([5.0, 6.0]))


def settings_of_a_model() -> Case:
    model = Masked()
    return lambda x: model(x).data, lambda: setattr(model.settings.inner, "rate", 2.0)


CASES = [
    settings_of_a_model,
    a_number_around, a_zero_whose_sign_changes, a_part_of_a_list, a_part_of_an_array, an_array_as_a_default,
    an_array_in_a_partial, the_value_of_a_tensor, an_attribute_of_an_attribute, an_attribute_of_a_class,
    an_attribute_of_the_class_of_an_object, a_method, an_object_that_is_called, the_object_itself,
    a_function_that_is_defined_anew, a_function_in_a_list, an_array_of_a_model, a_tensor_of_a_model,
    an_object_with_an_index, a_class_method, a_static_method, an_attribute_that_is_named_by_text,
    *[partial(a_part_of, x, 0) for x in (deque([2.0]), UserList([2.0]), UserDict({0: 2.0}), array("d", [2.0]))],
    *[partial(an_attribute, x) for x in (settings, SimpleNamespace(rate=2.0), Slots())],
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: getattr(case, "__name__", "holder"))
def test_what_changes_outside_changes_the_result(case: Callable[[], Case]) -> None:
    f, change = case()
    compiled = compile(f)
    x = np.array([1.0, -2.0])
    for _ in range(2):
        assert np.array_equal(compiled(x), f(x))
    before = compiled(x)
    change()
    for _ in range(2):
        assert np.array_equal(compiled(x), f(x))
    assert before.tobytes() != compiled(x).tobytes()
    assert len([p for programs in compiled._programs.values() for p in programs]) == 2


def test_what_a_model_looks_up_in_a_training_step(monkeypatch: Any) -> None:
    class Net(nn.Module):
        def __init__(self) -> None:
            self.linear = nn.Linear(2, 2, rng=0)

        def forward(self, x: Any) -> Any:
            return scaled(self.linear(x))

    weight: Any = 1.0
    x = np.ones((3, 2), np.float32)
    step = nn.compile_step(
        net := Net(), lambda y, t: weight * mg.mean((y - t) ** 2), nn.optim.SGD(net.parameters(), 0.0)
    )
    first = step(x, x)
    assert step(x, x) == first
    weight = 2.0
    assert step(x, x) == 2 * first
    monkeypatch.setattr(f"{__name__}.scale", [0.0])
    assert step(x, x) == 2.0


def test_a_name_that_is_bound_anew(monkeypatch: Any) -> None:
    @wraps(scaled)
    def wrapped(x: Any) -> Any:
        return scaled(x)

    for f in (scaled, lambda x: scaled(x), partial(scaled), mg.grad(scaled), wrapped):
        holds = same_names(f)
        assert holds is not None
        assert holds()
        with monkeypatch.context() as context:
            context.setitem(globals(), "scale", [2.0])
            assert not holds()
        assert holds()


def test_what_is_equal_is_the_same() -> None:
    step, held = 1000, [np.zeros(2), float("nan")]

    def f(x: Any) -> Any:
        return x * step + held[0]

    holds = same_names(f)
    assert holds is not None
    step, held = int("1000"), [np.zeros(2), float("nan")]
    assert holds()
    step = 1001
    assert not holds()


def test_what_is_not_looked_up_may_change() -> None:
    scaling = Scaling()
    holds = same_names(scaling.method)
    assert holds is not None
    scaling.unused = 1
    assert holds()


def test_functions_without_names_of_their_own() -> None:
    assert same_names(np.exp) is None
    assert same_names(lambda x: mg.tanh(x) + np.exp(x)) is None
    assert same_names(lambda: random.random()) is None


def test_functions_that_call_each_other_and_lists_that_hold_themselves() -> None:
    held: list[Any] = []
    held.append(held)

    def even(n: int) -> bool:
        return n == 0 or odd(n - 1)

    def odd(n: int) -> bool:
        return n != 0 and even(n - 1) and bool(held)

    holds = same_names(even)
    assert holds is not None
    assert holds()


def test_large_arrays_are_better_passed() -> None:
    rates = np.zeros(3_000_000)
    with pytest.warns(RuntimeWarning, match="24 MB that are not arguments"):
        same_names(lambda x: rates * x)


def test_lists_that_are_given_stay_as_they_are() -> None:
    with pytest.raises(RuntimeError, match="changes a list or dictionary that it is given"):
        compile(lambda xs: xs.append(1.0) or xs[0])([2.0 * np.ones(2)])
    with pytest.raises(RuntimeError, match="changes a list or dictionary that it is given"):
        compile(lambda p: p["inner"].pop("a"))({"inner": {"a": np.ones(2)}})


def test_what_a_loss_looks_up_while_fit_trains() -> None:
    rng = np.random.default_rng(0)
    x, t = rng.normal(size=(16, 4)).astype(np.float32), rng.integers(0, 3, 16)

    class Loss:
        weight = 1.0

        def __call__(self, y: Any, t: Any) -> Any:
            return mg.cross_entropy(y, t) * self.weight

    def trained(compile: bool) -> list[float]:
        loss, model = Loss(), nn.Linear(4, 3, rng=0)
        settings = {"optimizer": nn.optim.SGD(model.parameters(), lr=0.1), "epochs": 3, "rng": 0, "verbose": False}
        after = [lambda _: setattr(loss, "weight", 2 * loss.weight)]
        return nn.fit(model, x, t, loss=loss, callbacks=after, compile=compile, **settings).history["loss"]

    assert trained(True) == trained(False)
