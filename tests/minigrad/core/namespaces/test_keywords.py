"""Each keyword of each of NumPy's functions: minigrad's function takes it, or refuses it by name with the way out."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import minigrad as mg
from minigrad.core import dispatch
from minigrad.core.dispatch import numpy_functions
from minigrad.core.tensor import Tensor
from minigrad.rules.nondifferentiable import NondifferentiableFunction
from minigrad.unsupported import NUMPY_KEYWORDS

#: Keywords of ufuncs, which the signatures of some versions do not tell.
OF_UFUNCS = ("out", "where", "casting", "order", "dtype", "subok", "signature")


def keywords(function: Any) -> list[str]:
    """What NumPy takes by keyword, but for the required arguments."""
    if isinstance(function, np.ufunc):
        return [*OF_UFUNCS, *(("axes", "axis") if function.signature else ())]
    try:
        parameters = inspect.signature(function).parameters.values()
    except ValueError:  # written in C, in an older NumPy
        return []
    return [p.name for p in parameters if p.default is not p.empty and p.kind is not p.POSITIONAL_ONLY]


def taken(ours: Any) -> set[str] | None:
    """What minigrad's function takes by keyword; ``None`` for any."""
    function = getattr(ours, "forward", ours if inspect.isroutine(ours) else ours.__call__)
    if isinstance(function, np.ufunc):
        return set()
    parameters = inspect.signature(function).parameters.values()
    return None if any(p.kind is p.VAR_KEYWORD for p in parameters) else {p.name for p in parameters}


def refused() -> Iterator[tuple[Any, str]]:
    """The functions that record, each with each keyword of NumPy's that it does not take."""
    for function, ours in numpy_functions.items():
        if not isinstance(ours, NondifferentiableFunction):  # which hands every keyword to NumPy
            known = taken(ours)
            yield from ((function, key) for key in keywords(function) if known is not None and key not in known)


REFUSED = list(refused())


def test_there_are_many_of_both_kinds() -> None:
    assert len(REFUSED) > 300
    reductions = (np.sum, np.prod, np.nansum, np.max, np.amin, np.nanmax, np.mean, np.nanmean, np.var, np.nanstd)
    assert {key for function, key in REFUSED if function in reductions} == {"out"}
    of_quantiles = {key for f, key in REFUSED if f in (np.quantile, np.percentile, np.nanquantile, np.nanpercentile)}
    assert of_quantiles == {"out", "overwrite_input"}


@pytest.mark.parametrize("keyword", sorted({key for _, key in REFUSED}))
def test_what_is_refused_is_named_with_the_way_out(keyword: str) -> None:
    t = Tensor([[2.0, 0.3], [0.3, 3.0]], requires_grad=True)
    assert keyword in NUMPY_KEYWORDS, "say in minigrad/unsupported.py what to write instead"
    for function, key in REFUSED:
        if key == keyword:
            required = function.nin if isinstance(function, np.ufunc) else 1
            with pytest.raises(TypeError, match=rf"{function.__name__} does not take {keyword}= with a Tensor; \S"):
                dispatched(function, t, (t,) * required, {keyword: np.int8})


def dispatched(function: Any, t: Tensor, args: Any, params: Any) -> Any:
    """The call as NumPy hands it over."""
    if isinstance(function, np.ufunc):
        return t.__array_ufunc__(function, "__call__", *args, **params)
    return t.__array_function__(function, (Tensor,), args, params)


@pytest.mark.parametrize("keyword", sorted({key for _, key in REFUSED} - {"order", "device", "like"}))
def test_a_default_says_nothing(keyword: str) -> None:
    t = Tensor([[2.0, 0.3], [0.3, 3.0]], requires_grad=True)
    for function, key in REFUSED:
        if key == keyword and not isinstance(function, np.ufunc):
            default = inspect.signature(function).parameters[key].default
            assert "does not take" not in what_is_wrong_with(function, t, {keyword: default})


@pytest.fixture
def without_signatures(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Functions written in C do not tell their arguments in NumPy before 2.4."""

    def signature(function: Any) -> inspect.Signature:
        if function in (np.concatenate, np.dot):
            raise ValueError(f"no signature found for builtin {function}")
        return inspect.signature(function)

    monkeypatch.setattr(dispatch, "signature", signature)
    cached = (dispatch._defaults, dispatch._required)
    for function in cached:
        function.cache_clear()
    yield
    for function in cached:
        function.cache_clear()


@pytest.mark.usefixtures("without_signatures")
def test_a_keyword_of_a_function_without_a_signature_is_refused_by_name() -> None:
    t = Tensor([1.0, 2.0], requires_grad=True)
    for call in (lambda: np.concatenate([t, t], out=np.zeros(4)), lambda: np.dot(t, t, out=np.zeros(()))):
        with pytest.raises(TypeError, match=r"does not take out= with a Tensor; .* never written into an array"):
            call()
    np.testing.assert_array_equal(np.concatenate([t, t], casting="same_kind").data, [1, 2, 1, 2])


def test_a_default_of_a_ufunc_that_a_function_hands_on() -> None:
    t = Tensor([1.0, 2.0], requires_grad=True)
    np.testing.assert_array_equal(np.clip(t, 0.0, 1.5, casting="same_kind", where=True, subok=True).data, [1, 1.5])
    with pytest.raises(TypeError, match="does not take casting= with a Tensor"):
        np.clip(t, 0.0, 1.5, casting="unsafe")


def what_is_wrong_with(function: Any, t: Tensor, params: Any) -> str:
    """The error of a call whose other arguments may not fit; nothing if there is none."""
    try:
        dispatched(function, t, (t,), params)
    except (TypeError, ValueError, IndexError, np.linalg.LinAlgError) as error:
        return str(error)
    return ""


NAMESAKES = [
    (function, getattr(mg, function.__name__))
    for function in numpy_functions
    if getattr(np, function.__name__, None) is function and inspect.isfunction(getattr(mg, function.__name__, None))
]


@pytest.mark.parametrize(("function", "ours"), NAMESAKES, ids=lambda f: f.__name__)
def test_functions_of_minigrad_say_the_same(function: Any, ours: Any) -> None:
    """mg.sum takes what np.sum takes, or names the keyword, and says how it is called."""
    known = taken(ours)
    for key in keywords(function):
        if known is not None and key not in known:
            with pytest.raises(
                TypeError, match=rf"unexpected keyword argument '{key}'.*it is called {ours.__name__}\("
            ):
                ours(**{key: object()})


@pytest.mark.parametrize(("function", "ours"), NAMESAKES, ids=lambda f: f.__name__)
def test_the_order_of_arguments_is_numpys(function: Any, ours: Any) -> None:
    """What both take by position stands at the same place: nothing passed by position means something else."""
    theirs = positional(function)
    for place, name in enumerate(positional(ours)):
        if name in theirs:
            assert theirs.index(name) == place, name


def positional(function: Any) -> list[str]:
    try:
        parameters = inspect.signature(function).parameters.values()
    except ValueError:
        return []
    names = []
    for p in parameters:
        if p.kind not in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD):
            break
        names.append(p.name)
    return names


@pytest.mark.parametrize(
    "name", [n for n in dir(np.ndarray) if n[0] != "_" and inspect.isfunction(getattr(Tensor, n, None))]
)
def test_the_order_of_arguments_of_methods(name: str) -> None:
    """As far as NumPy tells: methods written in C have no signature, but functions of the same name."""
    function = getattr(np, name, None)
    if name in ("reshape", "transpose", "compress") or function is None:  # lengths one by one; the array comes second
        return
    ours, theirs = positional(getattr(Tensor, name))[1:], positional(function)
    for place, argument in enumerate(ours, 1):
        if argument in theirs:
            assert theirs.index(argument) == place
