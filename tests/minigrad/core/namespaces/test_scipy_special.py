"""Every function of ``scipy.special`` on Tensors that require gradients: recorded, plain, or refused by name."""

from __future__ import annotations

import itertools
import warnings
from typing import Any

import numpy as np
import pytest
from scipy import special

import minigrad as mg
from minigrad.core.scipy_special import special_functions
from minigrad.core.tensor import Tensor
from tests.helpers.parametrized.for_each import for_each
from tests.minigrad.core.namespaces import kinds
from tests.minigrad.core.namespaces.kinds import SPECIAL as EVERY
from tests.minigrad.core.namespaces.kinds import holds_gradients, kind_of

UFUNCS = {name: function for name, function in EVERY.items() if isinstance(function, np.ufunc)}
PLAIN = {name for name, function in UFUNCS.items() if kind_of(function) == kinds.PLAIN}
RECORDED = {name for name, function in UFUNCS.items() if kind_of(function) == kinds.RECORDED}

X = np.array([0.3, 0.6, 0.8])


def places(function: Any) -> list[tuple[bool, ...]]:
    """A Tensor alone, and in each place beside other numbers."""
    lengths = [function.nin] if isinstance(function, np.ufunc) else range(1, 5)
    return [places for n in lengths for places in itertools.product([True, False], repeat=n) if any(places)]


def ignores_it(function: Any, places: tuple[bool, ...]) -> bool:
    """Whether SciPy does not look at what is in these places: at arguments too many."""
    one, other = (function(*[x if place else 2 for place in places]) for x in (X, X + 0.1))
    return bool(np.array_equal(one, other, equal_nan=True))


def test_most_of_it_is_looked_at() -> None:
    assert len(EVERY) > 300
    assert len(UFUNCS) > 200
    assert special_functions.keys() <= EVERY.keys()
    assert len(RECORDED) >= 40


@for_each("name", sorted(EVERY))
def test_no_call_loses_a_gradient(name: str) -> None:
    function = EVERY[name]
    x = Tensor(X, requires_grad=True)
    recorded = False
    for where in places(function):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                found = function(*[x if place else 2 for place in where])
            except (TypeError, ValueError, IndexError, NotImplementedError, AssertionError):
                continue  # refused, or SciPy's own answer to nonsense
        recorded |= holds_gradients(found)
        assert name in PLAIN or holds_gradients(found) or ignores_it(function, where), where
    assert recorded == (name in kinds.namespaces()["scipy.special"][kinds.RECORDED])


@for_each("name", sorted(UFUNCS.keys() - special_functions.keys()))
def test_ufuncs_without_a_rule_are_refused_by_name_with_the_way_out(name: str) -> None:
    x = Tensor(X, requires_grad=True)
    with pytest.raises(TypeError, match=rf"^scipy\.special\.{UFUNCS[name].__name__} has no derivative .*t\.numpy\(\)"):
        UFUNCS[name](*[x] * UFUNCS[name].nin)


#: An order or a parameter comes first, which gets no error signal.
ONE_CONSTANT = ("gammainc", "gammaincc", "iv", "ive", "jn", "jv", "yn", "yv")


@pytest.mark.parametrize("name", sorted(RECORDED))
def test_what_is_recorded_has_scipys_values_and_their_slopes(name: str) -> None:
    function = UFUNCS[name]
    orders = {"betainc": [1.5, 2]}.get(name, [1] if name in ONE_CONSTANT else [])
    xs = [X, X[::-1] + 0.05][: function.nin - len(orders)]
    y = function(*orders, *[Tensor(x, requires_grad=True) for x in xs])
    np.testing.assert_allclose(y.data, function(*orders, *xs), rtol=1e-13)
    mg.check_grads(lambda *xs: function(*orders, *xs), *xs)
    assert type(function(*orders, *[Tensor(x) for x in xs])) is Tensor


@pytest.mark.parametrize("name", sorted(PLAIN))
def test_what_is_plain_has_scipys_values(name: str) -> None:
    x = np.array([-1.7, -0.5, 0.5, 1.5])
    found = UFUNCS[name](Tensor(x, requires_grad=True))
    assert type(found) is np.ndarray
    np.testing.assert_array_equal(found, UFUNCS[name](x))


def test_functions_of_python_name_ours() -> None:
    """They make a plain array of their argument: nothing of ours is asked but for it."""
    x = Tensor(X, requires_grad=True)
    for call, ours in (
        (special.softmax, r"mg\.softmax\(t, axis=…\)"),
        (special.log_softmax, r"mg\.log_softmax\(t, axis=…\)"),
        (lambda x: special.logsumexp(x, axis=0), r"mg\.logsumexp\(t, axis=…\)"),
        (lambda x: special.logsumexp([x, x]), r"mg\.logsumexp\(t, axis=…\)"),
        (lambda x: special.polygamma(1, x), r"mg\.polygamma"),
        (lambda x: special.multigammaln(x + 1, 2), r"mg\.multigammaln"),
    ):
        for loses in (call, lambda x, call=call: mg.grad(lambda x: mg.sum(call(x)))(x.data)):
            with pytest.raises(
                TypeError, match=rf"^scipy\.special\.\w+ has no derivative: .*write {ours}, or call it on"
            ):
                loses(x)


def test_functions_are_named_through_wrappers_and_ufuncs_without_a_public_name() -> None:
    x = Tensor(X, requires_grad=True)
    for call, name in (
        (lambda: special.spherical_jn(1, x), r"scipy\.special\.spherical_jn"),
        (lambda: special.legendre_p(2, x), r"scipy\.special\.legendre_p"),
        (lambda: special.zeta(x + 1), r"scipy\.special\.zeta"),
    ):
        with pytest.raises(TypeError, match=rf"^{name} has no derivative.*t\.numpy\(\)"):
            call()


def test_whoever_needs_no_gradient_gets_scipys_plain_array() -> None:
    x = Tensor(X, requires_grad=True)
    assert type(special.softmax(Tensor(X))) is np.ndarray
    with mg.no_grad():
        assert type(special.softmax(x)) is np.ndarray
    assert type(special.softmax(x.numpy())) is np.ndarray


def test_what_scipy_composes_of_its_ufuncs_is_recorded() -> None:
    mg.check_grads(lambda x: special.jvp(1, x, 2), X)
    mg.check_grads(special.softplus, X)


def test_a_function_that_scipy_calls_back_is_not_refused() -> None:
    """Its value is SciPy's to read: an optimizer asks for the number of a loss."""
    integrate = pytest.importorskip("scipy.integrate")
    w = Tensor(2.0, requires_grad=True)
    found, _ = integrate.quad(lambda s: special.gamma(w) * s, 0, 1)
    assert found == pytest.approx(0.5)
