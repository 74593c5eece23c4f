"""Within mg.grad and its kin, a value that becomes plain numbers has its right slope, is refused, or is warned of."""

from __future__ import annotations

import array
import cmath
import contextlib
import copy
import functools
import logging
import math
import operator
import pickle
import re
import statistics
import struct
import warnings
from collections.abc import Callable, Iterator
from math import exp as exponential
from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn
from minigrad.core.tensor import Tensor
from tests.helpers.threads import at_once

X = np.array([0.3, 0.6])


def warnings_of(run: Callable[[], Any]) -> list[warnings.WarningMessage]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        run()
    return [w for w in caught if "out of the graph" in str(w.message)]


# ---------------------------------------------------------------- every function of NumPy, math, cmath, statistics

CREATORS = (
    "arange", "array", "asanyarray", "asarray", "asarray_chkfinite", "ascontiguousarray", "asfortranarray", "bmat",
    "complex128", "float32", "float64", "fromiter", "full", "longdouble", "matrix", "ndenumerate", "nditer", "poly1d",
    "require",
)  # fmt: skip

#: They give the values of memory that nobody has written, or counts, for which their edges are a means.
LEFT_OUT = ("empty_like", "histogram", "histogram2d", "histogramdd")


OF_NUMBERS = (math, cmath, statistics, operator)


def functions() -> Iterator[tuple[str, Callable[..., Any]]]:
    for module in (*OF_NUMBERS, np, np.linalg, np.fft, np.emath):
        for name in dir(module):
            function = getattr(module, name)
            of_numpy = isinstance(function, np.ufunc) or hasattr(function, "_implementation") or name in CREATORS
            if name not in LEFT_OUT and (of_numpy or (module in OF_NUMBERS and callable(function))):
                yield f"{module.__name__}.{name}", function


def matrix(x: Any) -> Any:
    parts = [x[0] + 2, x[1], x[1], x[0] + 1]
    return mg.stack(parts).reshape(2, 2) if isinstance(x, Tensor) else np.reshape(parts, (2, 2))


ARGUMENTS: dict[str, Callable[[Any], tuple[Any, ...]]] = {
    "array": lambda x: (x,),
    "number": lambda x: (x[0],),
    "matrix": lambda x: (matrix(x),),
    "list": lambda x: ([x[0], x[1]],),
    "list of arrays": lambda x: ([x, 2 * x],),
    "two arrays": lambda x: (x, 3 * x),
    "two numbers": lambda x: (x[0], x[1]),
    "two lists": lambda x: ([x[0], x[1]], [x[1], 0.5]),
    "constant and array": lambda x: (np.array([0.5, 0.25]), x),
    "constant and number": lambda x: (np.array([0.5, 0.25]), x[0]),
    "array and constant": lambda x: (x, 1),
}


def as_number(y: Any) -> Any:
    if isinstance(y, list | tuple):
        return functools.reduce(operator.add, map(as_number, y), 0.0)
    if isinstance(y, Tensor):
        return mg.sum(mg.real(y))
    if np.asarray(y).dtype.kind not in "fc":
        raise TypeError("it gives no floating number")
    return float(np.sum(np.real(y)))


@pytest.mark.parametrize("arguments", ARGUMENTS.values(), ids=ARGUMENTS)
def test_every_function_is_differentiated_or_refuses_or_warns(arguments: Callable[[Any], tuple[Any, ...]]) -> None:
    silent, checked = [], 0
    for name, function in functions():

        def f(x: Any, function: Callable[..., Any] = function) -> Any:
            return as_number(function(*arguments(x)))

        with warnings.catch_warnings(record=True) as caught, np.errstate(all="ignore"):
            warnings.simplefilter("always")
            try:
                truth = np.array([(f(X + step) - f(X - step)) / 2e-6 for step in np.eye(2) * 1e-6])
                assert np.isfinite(truth).all()
            except Exception:  # it does not take such arguments
                continue
            caught.clear()
            for slopes in (lambda f=f: mg.grad(f)(X), lambda f=f: [mg.jvp(f, (X,), (e,))[1] for e in np.eye(2)]):
                try:
                    found = slopes()
                except Exception:  # it refuses
                    continue
                right = np.allclose(found, truth, rtol=1e-3, atol=1e-4)
                checked += 1
                if not right and not any("out of the graph" in str(w.message) for w in caught):
                    silent.append(f"{name}: {np.asarray(found)}, and differences give {truth}")
    assert not silent, "\n".join(silent)
    assert checked > 20


# ---------------------------------------------------------------- ways out that no function stands for


def assigned(x: Any) -> Any:
    a = np.zeros(2)
    a[0] = 3 * x[0]
    return a


def assigned_slice(x: Any) -> Any:
    a = np.zeros(2)
    a[:] = x
    return a


def in_the_parameter_of_a_layer(x: Any) -> Any:
    layer = nn.Linear(2, 1)
    layer.bias.data = x[:1]
    return layer(np.ones((1, 2)))


def in_the_state_of_a_layer(x: Any) -> Any:
    layer = nn.Linear(2, 1)
    layer.load_state_dict({"weight": layer.weight, "bias": x[:1]})
    return layer(np.ones((1, 2)))


EXITS: dict[str, Callable[[Any], Any]] = {
    "array of numbers": lambda x: np.array([np.cos(x[0]), -np.sin(x[1])]),
    "array of arrays": lambda x: np.asarray([x, 2 * x]),
    "array with dtype": lambda x: np.array([x[0], 1.0], dtype=np.float32),
    "assigned": assigned,
    "assigned slice": assigned_slice,
    "float": lambda x: float(x[0]) ** 2,
    "int": lambda x: int(10 * x[0]) * 1.0,
    "complex": lambda x: abs(complex(x[0])),
    "math": lambda x: math.exp(x[0]),
    "cmath": lambda x: abs(cmath.exp(x[0])),
    "map": lambda x: sum(map(math.sin, x)),
    "operator with a list": lambda x: np.ones(2) * [x[0], x[1]],
    "norm of a list": lambda x: np.linalg.norm([x[0], x[1]]),
    "struct": lambda x: struct.unpack("d", struct.pack("d", x[0]))[0],
    "array.array": lambda x: array.array("d", list(x))[0],
    "new Tensor": lambda x: mg.sum(Tensor(x)),
    "new leaf": lambda x: mg.sum(Tensor(x, requires_grad=True) ** 2),
    "unique": lambda x: np.unique(x),
    "parameter": in_the_parameter_of_a_layer,
    "state": in_the_state_of_a_layer,
    "scipy": lambda x: pytest.importorskip("scipy.linalg").norm(x),
    "integrand": lambda x: pytest.importorskip("scipy.integrate").quad(lambda s: s * x[0], 0, 1)[0],
}

KIN: dict[str, Callable[[Callable[[Any], Any]], Any]] = {
    "grad": lambda f: mg.grad(f)(X),
    "value_and_grad": lambda f: mg.value_and_grad(f)(X),
    "grad of a Tensor": lambda f: mg.grad(f)(Tensor(X, requires_grad=True)),
    "vjp": lambda f: mg.vjp(f, X),
    "jvp": lambda f: mg.jvp(f, (X,), (X,)),
    "jacobian": lambda f: mg.jacobian(f)(X),
    "hessian": lambda f: mg.hessian(f)(X),
    "hvp": lambda f: mg.hvp(f, X, X),
    "grad of grad": lambda f: mg.grad(lambda x: mg.sum(mg.grad(f)(x)))(X),
    "checkpoint": lambda f: mg.checkpoint(lambda x: f(x) + 0.0 * x.sum())(Tensor(X, requires_grad=True)),
    "a part of a dictionary": lambda f: mg.grad(lambda p: f(p["w"]))({"w": X}),
}


def line_of(f: Callable[[Any], Any]) -> range:
    code = f.__code__
    return range(code.co_firstlineno, max(line or 0 for *_, line in code.co_lines()) + 1)


@pytest.mark.parametrize("way_out", EXITS.values(), ids=EXITS)
def test_each_way_out_warns_once_and_names_the_users_line(way_out: Callable[[Any], Any]) -> None:
    caught = warnings_of(lambda: mg.grad(lambda x: mg.sum(way_out(x)))(X))
    assert [w.category for w in caught] == [RuntimeWarning]
    assert (caught[0].filename, caught[0].lineno in line_of(way_out)) == (__file__, True)
    assert "mg.stop_gradient" in str(caught[0].message)


@pytest.mark.parametrize("differentiate", KIN.values(), ids=KIN)
def test_each_of_the_kin_warns_once(differentiate: Callable[[Any], Any]) -> None:
    def f(x: Any) -> Any:
        return mg.sum(x**2) + sum(math.exp(t) for t in x)

    (caught,) = warnings_of(lambda: differentiate(f))
    assert caught.lineno == f.__code__.co_firstlineno + 1
    assert "exp(…) takes a Tensor (shape ()) out of the graph" in str(caught.message)
    assert "Write mg.exp;" in str(caught.message)


def test_check_grads_says_why_it_fails() -> None:
    with pytest.warns(RuntimeWarning, match=r"sin\(…\) takes a Tensor .* mg\.sin"), pytest.raises(AssertionError):
        mg.check_grads(lambda x: x * math.sin(x), 1.5)


def test_an_argument_of_an_outer_function_counts_within_an_inner_one() -> None:
    def f(x: Any) -> Any:
        return mg.grad(lambda y: y**2 * math.exp(x))(2.0)

    assert len(warnings_of(lambda: mg.grad(f)(1.0))) == 1


def test_each_line_is_warned_of_and_each_once_in_a_call() -> None:
    def f(x: Any) -> Any:
        y = [math.exp(t) for t in x] + [math.exp(t) for t in x]
        z = [math.sin(t) for t in x]
        return mg.sum(x) + sum(y) + sum(z)

    assert len(warnings_of(lambda: mg.grad(f)(np.linspace(0, 1, 20)))) == 2
    assert len(warnings_of(lambda: mg.grad(f)(X))) == 2


def test_workers_of_a_differentiated_function_warn() -> None:
    def f(x: Any) -> Any:
        return sum(outcome.result() for outcome in at_once(lambda i: math.exp(i * x)))

    with pytest.warns(RuntimeWarning, match="Write mg.exp"):
        mg.grad(f)(1.0)


WAYS_BACK: dict[str, tuple[Callable[[Any], Any], str]] = {
    "math": (lambda x: math.exp(x[0]), "Write mg.exp;"),
    "a name of one's own": (lambda x: exponential(x[0]), "Write mg.exp;"),
    "no such function": (lambda x: math.gamma(x[0]), r"minigrad's functions \(mg.exp"),
    "another name": (lambda x: math.asin(x[0]), "Write mg.arcsin;"),
    "array": (lambda x: np.array([x[0]]), "mg.stack"),
    "assigned": (assigned, "mg.stack"),
    "int": (lambda x: int(x[0]) * 1.0, r"For an index or a count, write int\(t\.item\(\)\)"),
    "float": (lambda x: float(x[0]), r"Leave out float\(…\)"),
    "new Tensor": (lambda x: Tensor(x), "Write t itself"),
    "unique": (lambda x: np.unique(x), r"t\[np.unique\(t, return_index=True\)\[1\]\]"),
    "parameter": (in_the_parameter_of_a_layer, "Compute with t itself in place of this leaf"),
}


@pytest.mark.parametrize(("way_out", "mend"), WAYS_BACK.values(), ids=WAYS_BACK)
def test_the_mend_fits_the_way_out(way_out: Callable[[Any], Any], mend: str) -> None:
    with pytest.warns(RuntimeWarning, match=mend):
        mg.grad(lambda x: mg.sum(way_out(x)))(X)


ELEMENTARY = [name for name, f in vars(math).items() if isinstance(getattr(np, name, None), np.ufunc) and callable(f)]


@pytest.mark.parametrize("name", ELEMENTARY)
def test_what_is_recommended_for_a_function_of_math_has_its_values(name: str) -> None:
    def f(x: Any) -> Any:
        given = [x] * getattr(np, name).nin
        with contextlib.suppress(TypeError, ValueError):  # it is of whole numbers, or not defined there
            values.append((getattr(math, name)(*given), given))
        return x

    values: list[Any] = []
    caught = warnings_of(lambda: mg.grad(f)(0.3))
    for recommended in re.findall(r"Write mg\.(\w+);", str(caught[0].message) if caught else ""):
        ((expected, given),) = values
        np.testing.assert_allclose(getattr(mg, recommended)(*given).data, expected)


# ---------------------------------------------------------------- what is free


def messages(x: Any) -> None:
    logging.getLogger("a log").warning("%.3f at %d", x[0], 3)
    logging.getLogger("a log").warning("%.3f" % x[0])  # noqa: UP031
    str(x), repr(x), f"{x[0]:.2f} {x}", "{:.2f}".format(x[0])  # noqa: UP032


def questions(x: Any) -> None:
    assert x[0] < x[1]
    assert x[0] if x[0] > 0 else not x[1]
    assert x[0] in (0.3, 0.6) and x[0] == 0.3 and bool(x[0])  # noqa: PT018
    assert math.isfinite(x[0]) and math.isclose(x[0], 0.3) and not math.isnan(x[0])  # noqa: PT018
    assert np.isfinite(x).all() and np.allclose(x, X) and np.argmax(x) == 1  # noqa: PT018
    assert max(x) is not min(x) and sorted(x) and len(x) == 2 and range(len(x))  # noqa: PT018
    np.testing.assert_allclose(x, X)
    assert math.floor(x[0]) == round(x[0]) == np.floor(x[0]) == 0


def explicit(x: Any) -> None:
    x[0].item(), x.numpy(), x.data, x.tolist(), float(x[0].item()), np.array(x.data)
    constant = mg.stop_gradient(x)
    float(constant[0]), np.array(constant), np.array([constant, x.detach()]), Tensor(constant)
    with mg.no_grad():
        float(x[0]), np.array([x[0], x[1]]), math.exp(x[0])
    str(mg.explain(mg.sum(x * x))), mg.draw(mg.sum(x * x))


def objects(x: Any) -> None:
    np.array([x[0], x[1]], dtype=object)
    np.asarray(x, dtype=object)


def others(x: Any) -> None:
    w = Tensor([1.0, 2.0], requires_grad=True)
    float(w[0]), math.exp(w[0] * w[1]), np.array(w), np.asarray(2 * w), np.exp(X), Tensor(w)
    float(mg.sum(Tensor(X)))
    x.requires_grad  # noqa: B018


@pytest.mark.parametrize("free", [messages, questions, explicit, objects, others], ids=lambda f: f.__name__)
@pytest.mark.parametrize("differentiate", KIN.values(), ids=KIN)
def test_what_is_free(free: Callable[[Any], None], differentiate: Callable[[Any], Any]) -> None:
    def f(x: Any) -> Any:
        free(x)
        return mg.sum(x**2)

    assert warnings_of(lambda: differentiate(f)) == []


def test_after_its_function_a_value_is_free() -> None:
    kept = []
    mg.grad(lambda x: kept.append(x[0]) or mg.sum(x))(X)
    with pytest.raises(ValueError, match="wrong"):
        mg.grad(lambda x: kept.append(x[0]) or raising())(X)
    assert warnings_of(lambda: [float(x) for x in kept]) == []


def raising() -> Any:
    raise ValueError("wrong")


# ---------------------------------------------------------------- what is recorded


RECORDED: dict[str, Callable[[Any], Any]] = {
    "array of objects": lambda x: np.array([x[0], x[1]], dtype=object).sum() ** 2,
    "its elements": lambda x: (np.asarray(x, dtype=object) ** 2).sum(),
    "astype": lambda x: (x.astype(object) ** 3).sum(),
    "matrix of objects": lambda x: (np.asarray(matrix(x), dtype=object) @ np.array([1.0, 2.0])).sum(),
    "vectorize of objects": lambda x: np.vectorize(lambda t: t**2, otypes=[object])(x).sum(),
    "copy": lambda x: mg.sum(copy.copy(x) ** 2),
    "sum": lambda x: sum(x) ** 2,
    "max": lambda x: max(x) ** 2,
    "reduce": lambda x: functools.reduce(operator.mul, x),
    "prod": lambda x: math.prod(x),
    "unpacked": lambda x: (lambda a, b: a * b)(*x),
}


@pytest.mark.parametrize("f", RECORDED.values(), ids=RECORDED)
def test_what_is_recorded(f: Callable[[Any], Any]) -> None:
    numbers = {"copy": lambda x: np.sum(x**2)}.get("copy") if f is RECORDED["copy"] else f
    truth = [(numbers(X + step) - numbers(X - step)) / 2e-6 for step in np.eye(2) * 1e-6]
    np.testing.assert_allclose(mg.grad(f)(X), truth, rtol=1e-6)
    np.testing.assert_allclose([mg.jvp(f, (X,), (e,))[1] for e in np.eye(2)], truth, rtol=1e-6)
    second = [(mg.grad(f)(X + step) - mg.grad(f)(X - step)) / 2e-6 for step in np.eye(2) * 1e-6]
    np.testing.assert_allclose(mg.hessian(f)(X), second, rtol=1e-5, atol=1e-8)


@pytest.mark.parametrize("copied", [copy.deepcopy, pickle.dumps])
@pytest.mark.parametrize("differentiate", [KIN["grad"], KIN["hessian"], KIN["checkpoint"]])
def test_a_deep_copy_of_an_argument_is_refused(differentiate: Any, copied: Callable[[Any], Any]) -> None:
    with pytest.raises(TypeError, match=r"would be cut from its graph: write t\.copy\(\)"):
        differentiate(lambda x: copied(x) and mg.sum(x))
