"""NumPy's functions that do not ask a Tensor are refused, with the way out; what a user converts is free."""

from __future__ import annotations

import contextlib
import math
import re
import warnings
import weakref
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

import minigrad as mg
from minigrad.core.tensor import Tensor

rng = np.random.default_rng(0)


def numbers() -> Any:
    return np.ones((2, 2))


#: What is refused, and what the error says to write instead, for a number t and a vector v.
REFUSED: dict[str, tuple[Callable[[Any, Any], Any], str]] = {
    "full": (lambda t, v: np.full(3, t), r"full\(…\).*np\.full\(shape, t, like=t\), or mg\.broadcast_to"),
    "full of a vector": (lambda t, v: np.full((3, 2), v), r"full\(…\).*shape \(2,\).*like=t"),
    "full_like": (lambda t, v: np.full_like(numbers(), t), r"np\.full_like\(mg\.Tensor\(a\), …\)"),
    "r_": (lambda t, v: np.r_[t, 1.0], r"mg\.concatenate\(\[s, t\]\), of single numbers mg\.stack"),
    "r_ of vectors": (lambda t, v: np.r_[v, v], r"r_\(…\).*mg\.concatenate"),
    "r_ of a range": (lambda t, v: np.r_[0:t:3j], r"r_\(…\).*mg\.linspace for a range"),
    "c_": (lambda t, v: np.c_[v, v], r"mg\.column_stack"),
    "c_ of a vector and numbers": (lambda t, v: np.c_[[1.0, 2.0], v], r"mg\.column_stack"),
    "mgrid": (lambda t, v: np.mgrid[0:t:1], r"mg\.linspace"),
    "ogrid": (lambda t, v: np.ogrid[0:t], r"mg\.linspace"),
    "arange": (lambda t, v: np.arange(t), r"mg\.linspace"),
    "fill_diagonal": (lambda t, v: np.fill_diagonal(numbers(), t), r"mg\.where\(np\.eye"),
    "fill_diagonal of a vector": (lambda t, v: np.fill_diagonal(numbers(), v), r"mg\.where\(np\.eye"),
    "put": (lambda t, v: numbers().put([0, 1], v), r"mg\.where\(mask"),
    "copyto": (lambda t, v: np.copyto(numbers(), v), r"np\.copyto writes.*mg\.where\(mask"),
    "place": (lambda t, v: np.place(numbers(), numbers() > 0, v), r"np\.place writes.*mg\.where\(mask"),
    "putmask": (lambda t, v: np.putmask(numbers(), numbers() > 0, v), r"np\.putmask writes.*mg\.where\(mask"),
    "put_along_axis": (
        lambda t, v: np.put_along_axis(numbers()[0], np.array([0, 1]), v, 0),
        r"put_along_axis writes.*mg\.where",
    ),
    "choose": (lambda t, v: np.choose([0, 1], [v, v], out=np.zeros(2)), "choose does not take out="),
    "dot": (lambda t, v: numbers().dot(v), r"a @ t, or mg\.dot"),
    "initial": (lambda t, v: numbers().sum(initial=t), r"the result \+ t"),
    "initial, by keyword": (lambda t, v: np.sum(numbers(), initial=t), r"the result \+ t"),
    "initial of a ufunc": (lambda t, v: np.add.reduce(numbers(), initial=t), r"np\.add\(np\.add\.reduce\(a\), t\)"),
    "initial of a product": (lambda t, v: numbers().prod(initial=t), r"the result \* t"),
    "initial of the largest": (lambda t, v: numbers().max(initial=t), r"mg\.maximum or mg\.minimum"),
    "pad": (lambda t, v: np.pad(numbers(), 1, constant_values=t), r"mg\.where\(mask"),
    "vectorize": (lambda t, v: np.vectorize(lambda x: 2 * x)(v), r"the function of t itself"),
    "vectorize of math": (lambda t, v: np.vectorize(math.exp)(v), r"the function of t itself"),
    "ndenumerate": (lambda t, v: list(np.ndenumerate(v)), "whose elements are Tensors"),
    "broadcast": (lambda t, v: list(np.broadcast(v, 1.0)), "whose elements are Tensors"),
    "poly1d": (lambda t, v: np.poly1d(v), r"mg\.polyval\(p, x\), mg\.polymul"),
    "Polynomial": (lambda t, v: np.polynomial.Polynomial(v), r"mg\.polyval"),
    "value of a Polynomial": (lambda t, v: np.polynomial.Polynomial([1.0, 2.0])(t), r"mg\.polyval"),
    "polynomial.polyval": (lambda t, v: np.polynomial.polynomial.polyval(2.0, v), r"mg\.polyval"),
    "as_strided": (lambda t, v: np.lib.stride_tricks.as_strided(v, (2,), (8,)), r"mg\.sliding_window_view"),
    "records": (lambda t, v: np.rec.fromarrays([v, v]), r"fromarrays\(…\)"),
    "mean of a masked array": (lambda t, v: np.ma.average(v), r"average\(…\)"),
    "normal": (lambda t, v: rng.normal(t), r"mean \+ deviation \* rng\.normal\(size=shape\)"),
    "normal of a vector": (lambda t, v: rng.normal(v), r"mean \+ deviation"),
    "uniform": (lambda t, v: rng.uniform(0.0, t), r"uniform\(…\).*drawn without t"),
    "choice": (lambda t, v: rng.choice(v, 1), r"t\[rng\.permutation\(len\(t\)\)\]"),
    "permutation": (lambda t, v: rng.permutation(v), r"t\[rng\.permutation\(len\(t\)\)\]"),
}

#: They write into an array, and are refused of all Tensors.
WRITING = ("full_like", "copyto", "place", "putmask", "put_along_axis", "choose")

#: NumPy hides the error of a number that becomes an element of an array behind its own.
HIDDEN: dict[str, tuple[Callable[[Any, Any], Any], str]] = {
    "fill": (lambda t, v: numbers().fill(t), r"fill\(…\).*np\.full\(shape, t, like=t\)"),
    "fromiter": (lambda t, v: np.fromiter((2 * x for x in v), float), r"np\.array\(list\(…\), like=t\), or mg\.stack"),
}


def leaves() -> tuple[Tensor, Tensor]:
    return Tensor(2.0, requires_grad=True), Tensor([1.0, 2.0], requires_grad=True)


def cause_of(error: BaseException) -> BaseException:
    return error.__cause__ or error


@pytest.mark.parametrize(("f", "message"), [*REFUSED.values(), *HIDDEN.values()], ids=[*REFUSED, *HIDDEN])
def test_what_is_silent_in_numpy_is_an_error_that_names_the_way_out(f: Callable[[Any, Any], Any], message: str) -> None:
    with pytest.raises((TypeError, ValueError)) as caught:
        f(*leaves())
    error = cause_of(caught.value)
    assert isinstance(error, TypeError)
    assert re.search(message, str(error)), error
    with pytest.raises((TypeError, ValueError)) as caught:  # within a differentiated function as well
        mg.grad(lambda t, v: mg.sum(t * v) + (f(t, v), 0.0)[1], (0, 1))(2.0, np.array([1.0, 2.0]))
    assert re.search(message, str(cause_of(caught.value)))


@pytest.mark.parametrize("f", [f for f, _ in REFUSED.values()], ids=REFUSED)
def test_a_constant_is_no_argument_to_refuse(f: Callable[[Any, Any], Any]) -> None:
    """Of Tensors without gradients, and under no_grad, NumPy computes on; what writes into arrays is refused at all."""
    writing = [REFUSED[name][0] for name in WRITING]
    for give in (lambda: [x.detach() for x in leaves()], leaves):
        with mg.no_grad(), contextlib.suppress(TypeError) if f in writing else contextlib.nullcontext():
            f(*give())


def test_what_takes_its_place_has_the_gradient() -> None:
    for f, expected in (
        (lambda t, v: mg.sum(np.full(3, t, like=t)), (3, [0, 0])),
        (lambda t, v: mg.sum(np.array([t, [v[0], 1.0]][1], like=t)), (0, [1, 0])),
        (lambda t, v: mg.sum(np.array([[t, 0.0], [0.0, t]], like=t) @ v), (3, [2, 2])),
        (lambda t, v: mg.sum(mg.column_stack([v, v])[:, 1]), (0, [1, 1])),
        (lambda t, v: mg.sum(mg.where(np.eye(2, dtype=bool), t, numbers())), (2, [0, 0])),
        (lambda t, v: sum(x**2 for x in v.reshape(-1)), (0, [2, 4])),
    ):
        slope, slopes = mg.grad(f, (0, 1))(2.0, np.array([1.0, 2.0]))
        assert slope == expected[0]
        np.testing.assert_array_equal(slopes, expected[1])


def test_conversions_that_a_user_writes_are_free() -> None:
    t, v = leaves()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.simplefilter("ignore", PendingDeprecationWarning)
        for convert in (np.array, np.asarray, np.asanyarray, np.asarray_chkfinite, np.require, np.ascontiguousarray,
                        np.asfortranarray, np.ma.array, np.ma.asarray, np.asmatrix, np.matrix, np.float32):  # fmt: skip
            np.testing.assert_array_equal(np.ravel(convert(v)), [1, 2])
        assert (float(t), math.exp(t), math.gamma(t), np.float64(t)) == (2, math.exp(2), 1, 2)
        np.testing.assert_allclose(v, v)
        np.testing.assert_array_equal(np.array([3, 4, 5]).searchsorted(v), [0, 0])
        assert (np.format_float_positional(t), np.format_float_scientific(t)) == ("2.", "2.e+00")


def test_a_graph_is_freed_after_its_numbers_were_taken() -> None:
    """While the function goes on that took them: asking a frame for its variables would keep them all."""
    loss = 2 * leaves()[1]
    gone = weakref.ref(loss)
    numbers_taken = float(loss[0]), np.asarray(loss).sum()
    del loss
    assert gone() is None
    assert numbers_taken == (2, 6)


def test_a_package_whose_name_begins_as_that_of_numpy_is_not_numpy() -> None:
    lines = "import numpy as np\ndef rate(x):\n    return float(np.asarray(x).sum())"
    package: dict[str, Any] = {}
    exec(compile(lines, np.__path__[0] + "_financial/rates.py", "exec"), package)
    assert package["rate"](leaves()[1]) == 3


# ---------------------------------------------------------------- everything that NumPy has

#: Conversions, and questions about elements, which are answered with plain numbers outside of mg.grad.
FREE = {
    *("array", "asarray", "asanyarray", "asarray_chkfinite", "ascontiguousarray", "asfortranarray", "require"),
    *("matrix", "asmatrix", "getdata", "masked_array", "MaskedArray"),
    *(name for name in dir(np) if isinstance(getattr(np, name), type) and issubclass(getattr(np, name), np.generic)),
    *("unique", "unique_all", "unique_counts", "unique_inverse", "unique_values", "union1d", "intersect1d"),
    *("setdiff1d", "setxor1d", "ix_", "histogram_bin_edges", "histogram", "histogram2d", "histogramdd"),
}
#: They write files, give memory that nobody has written, or take no Tensor in any way.
LEFT_OUT = {
    *("test", "info", "show_config", "show_runtime", "get_include", "empty", "empty_like", "ndarray", "bmat", "resize"),
    *("save", "savez", "savez_compressed", "savetxt", "tofile", "dump", "dumps", "tobytes", "memmap", "setflags"),
    *("fromregex", "fromfile", "loadtxt", "genfromtxt"),
    *("set_printoptions", "seterr", "seterrcall", "setbufsize"),  # they would hold for all tests
}


def functions() -> Iterator[tuple[str, Callable[..., Any]]]:
    polynomial = np.polynomial
    for module in (np, np.ma, np.linalg, np.fft, np.emath, np.rec, np.lib.stride_tricks, polynomial,
                   polynomial.polynomial, polynomial.chebyshev, polynomial.legendre):  # fmt: skip
        for name in dir(module):
            function = getattr(module, name)
            if callable(function) and not name.startswith("_") and name not in LEFT_OUT | FREE:
                yield f"{module.__name__}.{name}", function
    for name in dir(np.ndarray):
        if not name.startswith("_") and name not in LEFT_OUT and callable(getattr(np.ndarray, name)):
            # the lambda is a line of a user, as these functions in C ask from it
            yield f"ndarray.{name}", eval(f"lambda *args: written_or_returned(lambda a: a.{name}(*args))", globals())
    for name in dir(np.random.Generator):
        if not name.startswith("_") and callable(getattr(np.random.Generator, name)):
            yield f"rng.{name}", eval(f"lambda *args: np.random.default_rng(0).{name}(*args)", globals())


def written_or_returned(f: Callable[[Any], Any]) -> Any:
    a = np.array([0.5, 0.25])
    y = f(a)
    return a if y is None else y


ARGUMENTS: dict[str, Callable[[Any], tuple[Any, ...]]] = {
    "array": lambda x: (x,),
    "number": lambda x: (x[0],),
    "two arrays": lambda x: (x, 3 * x),
    "constant and array": lambda x: (np.array([0.5, 0.25]), x),
    "constant and number": lambda x: (np.array([0.5, 0.25]), x[0]),
    "array and constant": lambda x: (x, 1),
    "a shape and a number": lambda x: (2, x[0]),
    "a number, an array and a number": lambda x: (0.5, x, 1.0),
}


def as_number(y: Any) -> float:
    """A number that depends on all that was returned; NaN where there are no floating numbers."""
    if isinstance(y, list | tuple):
        return sum((as_number(part) for part in y), 0.0)
    y = y.data if isinstance(y, Tensor) else y
    return float(np.sum(np.real(y))) if np.asarray(y).dtype.kind in "fc" else 0.0


def has_tensor(y: Any) -> bool:
    return isinstance(y, Tensor) or (isinstance(y, list | tuple) and any(map(has_tensor, y)))


@pytest.mark.parametrize("arguments", ARGUMENTS.values(), ids=ARGUMENTS)
def test_no_function_of_numpy_loses_a_gradient_without_a_word(arguments: Callable[[Any], tuple[Any, ...]]) -> None:
    at, silent, refused = np.array([0.3, 0.6]), [], 0
    for name, function in functions():
        with warnings.catch_warnings(record=True) as caught, np.errstate(all="ignore"):
            warnings.simplefilter("always")
            try:
                slopes = [as_number(function(*arguments(at + h))) - as_number(function(*arguments(at - h)))
                          for h in (np.array([1e-6, 0]), np.array([0, 1e-6]))]  # fmt: skip
            except Exception:  # it does not take such arguments
                continue
            caught.clear()
            try:
                y = function(*arguments(Tensor(at, requires_grad=True)))
            except Exception:
                refused += 1
                continue
            if np.any(np.abs(slopes) > 1e-9) and not has_tensor(y) and not caught:
                silent.append(name)
    assert silent == []
    assert refused > 5
