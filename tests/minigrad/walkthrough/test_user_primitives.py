"""A user's primitives: whatever they are called, formulas, checks and pictures treat them alike."""

import builtins
import keyword
import sys

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import minigrad as mg
from minigrad.core import primitive as registry
from minigrad.core.primitive import primitives
from minigrad.notation.expression import Form
from minigrad.notation.latex import _FUNCTIONS
from minigrad.notation.name import printable
from minigrad.notation.python import _Writer
from minigrad.notation.typeset.typesetter import Typesetter
from tests.minigrad.notation.test_hostile_names import HOSTILE

_IN_USE = {
    *(primitive.name for primitive in primitives()),
    *(name.lower() for name in Form.__members__),
    *(name for module in (mg, np, builtins) for name in dir(module)),
    *(name for path, module in sys.modules.items() if path.startswith("minigrad.notation") for name in dir(module)),
    *(name for cls in (Typesetter, _Writer, mg.Primitive, mg.Tensor) for name in dir(cls)),
    *(name for name, value in vars(np).items() if isinstance(value, np.ufunc)),
    *_FUNCTIONS,
    *(*keyword.kwlist, *keyword.softkwlist),
    *("derivative", "place", "set", "matrix", "value", "at", "argmax", "argsort", "I", "e", "np"),
    *("x", "w", "y", "L", "x_bar", "_0", "_1", "_2", "<lambda>", "a$b", "f x"),
    *HOSTILE.values(),
    *("σ", "λ", "Φ", "Σ", "Π", "φ_1", "损失", "активация", "ȳ", "fᵀ", "f′", "log₂", "𝟏"),
}
names = st.one_of(
    st.sampled_from(sorted(_IN_USE)),
    st.from_regex(r"\A[^\W\d]\w{0,8}\Z"),
    st.text("αβγδεζηθλμξπρστφχψωΣΠΩ", min_size=1, max_size=3),
    st.text("一二三层激活函数", min_size=1, max_size=3),
)
keywords = st.sampled_from(
    ["scale", "axis", "axes", "shape", "index", "order", "k", "dtype", "ord", "subscripts", "x", "y"]
)
values = st.sampled_from([0.5, 2, -1, None, True, "rows", (0, 1), (), [1.5, 2.0], {"a": 1}, slice(1, None)])
arrays = st.sampled_from([np.float64(0.7), np.array([0.5, -1.5]), np.array([[0.5, -1.5, 2.0], [1.0, 0.25, -0.75]])])


@pytest.fixture(autouse=True)
def _registry_restored(monkeypatch):
    monkeypatch.setattr(registry, "_registry", dict(registry._registry))


def defined(name, function, *rules, **options):
    function.__name__ = name
    return mg.primitive(*rules, **options)(function)


def explains(loss):
    walkthrough = mg.explain(loss)
    assert str(walkthrough)
    assert walkthrough.check().endswith("all agree")
    assert walkthrough.latex()
    assert walkthrough.markdown()
    assert walkthrough.html()
    assert all(step.python for step in walkthrough)
    assert mg.draw(loss).source
    return walkthrough


lots = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@lots
@example(HOSTILE["colours"], np.float64(0.7), None)
@given(names, arrays, st.sampled_from([None, "σ′", "f′"]))
def test_of_one_argument(name, array, derivative):
    f = defined(name, lambda x: x * x, lambda y_bar, y, x: y_bar * 2 * x, derivative=derivative)
    x = mg.Tensor(array, requires_grad=True, name="x")
    y = f(x).named("y")
    walkthrough = explains(mg.sum(y * y + f(y)).named("L"))
    if np.ndim(array) == 0:
        assert walkthrough.forward[0].formula == f"{printable(name)}(x)"


@lots
@given(names, arrays, st.sampled_from([None, "f′"]))
def test_of_two_arguments(name, array, derivative):
    rules = (lambda y_bar, y, x, w: y_bar * w), (lambda y_bar, y, x, w: y_bar * x)
    f = defined(name, lambda x, w: x * w, *rules, derivative=derivative)
    x, w = mg.Tensor(array, requires_grad=True, name="x"), mg.Tensor(0.3, requires_grad=True, name="w")
    y = f(x, w).named("y")
    explains(mg.sum(f(y, mg.exp(x))).named("L"))
    explains(mg.sum(2.0 * f(f(x, x), 3.0) / (1.0 + y)).named("L"))


@lots
@given(names, arrays, keywords, values, st.sampled_from([None, "f′"]))
def test_with_a_keyword(name, array, key, value, derivative):
    rule = lambda y_bar, y, a, /, **params: f(y_bar, **params)  # noqa: E731
    f = defined(name, lambda a, /, **params: 3.0 * a, rule, derivative=derivative)
    x = mg.Tensor(array, requires_grad=True, name="x")
    y = f(x, **{key: value}).named("y")
    explains(mg.sum(y * f(x, **{key: value})).named("L"))


@lots
@given(names, st.lists(names, min_size=2, max_size=4))
def test_several_of_the_same_name(name, others):
    """Different primitives of the same name stay apart."""
    x = mg.Tensor(0.7, requires_grad=True, name="x")
    total = mg.sin(x)
    for factor, called in enumerate([name, name, *others], start=2):
        f = defined(called, lambda x, c=factor: c * x, lambda y_bar, y, x, c=factor: y_bar * c)
        total = total + f(total)
    explains(total.named("L"))


@pytest.mark.parametrize("name", ["row", "less", "derivative", "ones", "number", "place", "call", "at"])
def test_named_like_a_form_of_the_notation(name):
    f = defined(name, lambda x: x * x, lambda y_bar, y, x: y_bar * 2 * x)
    walkthrough = explains(f(mg.Tensor(3.0, requires_grad=True, name="x")).named("L"))
    assert [step.formula for step in walkthrough] == [f"{name}(x)", "1", "2 L̄ x"]
    assert [step.numbers for step in walkthrough] == [f"{name}(3)", "", "2 · 1 · 3"]
