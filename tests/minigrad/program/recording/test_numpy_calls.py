"""Each function of NumPy that asks its arguments is one that a program may call, or is known not to be."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import minigrad as mg
from minigrad.program.recording.numpy_calls import STATIC, is_pure
from tests.helpers.compiled.agrees import agrees

#: Functions that write into an argument or a file, draw from what they are not given, or show text.
NOT_RECORDED = {
    "array2string", "array_repr", "array_str", "busday_count", "busday_offset", "copyto", "datetime_as_string",
    "fill_diagonal", "is_busday", "isnat", "may_share_memory", "place", "printoptions", "put",
    "put_along_axis", "putmask", "save",
    "savetxt", "savez", "savez_compressed", "shares_memory",
}  # fmt: skip
#: What a program has no use for yet: other ways to say the same, and functions that give neither arrays nor numbers.
NOT_YET = {
    "apply_over_axes", "asanyarray", "asarray", "bartlett", "blackman", "bmat", "choose", "concat", "cond", "eigvals",
    "histogram2d", "histogramdd", "iscomplexobj", "linspace", "logspace", "geomspace", "mask_indices", "select",
    "polyadd", "polyder", "polydiv", "polyfit", "polyint", "polymul", "polysub", "pow", "roots", "sort_complex",
    "asfarray", "in1d", "min_scalar_type", "require",
}  # fmt: skip


def dispatched(module: Any) -> set[str]:
    """The public functions that hand themselves to ``__array_function__``."""
    return {
        name
        for name, f in vars(module).items()
        if not name.startswith("_") and hasattr(f, "__wrapped__") and callable(f) and not isinstance(f, type)
    }


def test_every_function_is_classified() -> None:
    names = dispatched(np)
    assert len(names) > 200
    unknown = {
        name
        for name in names
        if not is_pure(getattr(np, name)) and getattr(np, name) not in STATIC and name not in NOT_RECORDED | NOT_YET
    }
    assert unknown == set()
    assert not [name for name in NOT_RECORDED if hasattr(np, name) and is_pure(getattr(np, name))]


X = np.random.default_rng(0).normal(size=(6, 3))

#: Calls whose results have another shape, or another layout, for another whole number.
LENGTHS: dict[str, Callable[[Any, Any], Any]] = {
    "x[:n]": lambda x, n: x[:n],
    "x[::n]": lambda x, n: x[::n],
    "x[..., :n]": lambda x, n: x[..., :n],
    "x[n]": lambda x, n: x[n],
    "Tensor(x)[:n]": lambda x, n: mg.Tensor(x)[:n].data,
    "gradient": lambda x, n: mg.grad(lambda x: mg.sum(x[:n] ** 2) / x[:n].size)(x),
    "tile": lambda x, n: np.tile(x, n),
    "mg.tile": lambda x, n: mg.tile(x, n),
    "reshape": lambda x, n: np.reshape(x, (n, -1)),
    "x.reshape": lambda x, n: x.reshape(n, -1),
    "mg.reshape": lambda x, n: mg.reshape(x, (n, -1)),
    "pad": lambda x, n: np.pad(x, n),
    "broadcast_to": lambda x, n: np.broadcast_to(x, (n, 6, 3)) + 0.0,
    "ones_like": lambda x, n: np.ones_like(x, shape=(n,)),
    "diff": lambda x, n: np.diff(x, n, axis=0),
    "resize": lambda x, n: np.resize(x, (n, 3)),
    "vander": lambda x, n: np.vander(x[:, 0], n),
    "fft": lambda x, n: np.fft.fft(x[:, 0], n),
    "diag": lambda x, n: np.diag(x[:, 0], n),
    "rot90": lambda x, n: np.rot90(x, n),
    "sum(axis=n)": lambda x, n: np.sum(x, axis=n - 1),
    "x.sum(n)": lambda x, n: x.sum(n - 1),
    "mg.sum(axis=n)": lambda x, n: mg.sum(x, axis=n - 1),
    "repeat": lambda x, n: np.repeat(x, n),
    "x.repeat": lambda x, n: x.repeat(n),
    "insert": lambda x, n: np.insert(x[0], np.arange(3) < n, 0.0),
    "delete": lambda x, n: np.delete(x, np.arange(6) < n, axis=0),
    "count": lambda x, n: x[: np.count_nonzero(x[:, 0] > n - 2.0)],
    "stack": lambda x, n: np.stack([x, x], axis=n),
    "transpose": lambda x, n: np.transpose(x, (n - 1, 2 - n)),
    "expand_dims": lambda x, n: np.expand_dims(x, n),
    "moveaxis": lambda x, n: np.moveaxis(x[None], n, 0),
    "take": lambda x, n: np.take(x, n, axis=0),
    "x ** n": lambda x, n: x**n,
}


@pytest.mark.parametrize("name", LENGTHS)
def test_lengths_that_depend_on_an_argument_are_no_constants(name: str) -> None:
    """A whole number of NumPy's is an argument like others: what follows from it, such as ``y.size``, is guarded."""
    f = LENGTHS[name]

    def with_lengths(x: Any, n: Any) -> Any:
        y = f(x, n)
        return y + 0.0, np.float64(y.size), y.shape, y / y.shape[0] if y.ndim else y

    agrees(with_lengths, *[(X, np.int64(n)) for n in (1, 2, 1)])


@pytest.mark.parametrize(
    "f",
    [
        lambda x, mask: x[mask],
        lambda x, mask: x[mask, 0],
        lambda x, mask: np.compress(mask, x, axis=0),
        lambda x, mask: np.extract(mask, x[:, 0]),
        lambda x, mask: np.stack(np.where(mask)),
        lambda x, mask: mg.grad(lambda x: mg.sum(x[mask] ** 3) / x[mask].size)(x),
        lambda x, mask: np.unique(mask),
        lambda x, mask: x[(x.T * mask).T.any(axis=1)],
    ],
)
def test_numbers_of_elements_that_depend_on_a_mask_are_no_constants(f: Callable[..., Any]) -> None:
    masks = [np.array(bits, bool) for bits in ([1, 0, 0, 1, 0, 0], [1, 1, 1, 1, 1, 1], [1, 0, 0, 0, 0, 0])]
    agrees(lambda x, mask: (f(x, mask), f(x, mask).shape), *[(X, mask) for mask in masks])


def test_what_numpy_finds_from_the_numbers_themselves_is_refused() -> None:
    for f in (lambda n: np.min_scalar_type(n), lambda n: np.size(n[None], n)):
        with pytest.raises(RuntimeError, match="is not recorded"):
            mg.compile(f)(np.int64(0))


@pytest.mark.parametrize("split", [np.split, np.array_split, mg.split, mg.array_split])
@pytest.mark.parametrize("style", ["readable", "fast"])
def test_a_number_of_parts_is_what_a_program_is_written_for(split: Any, style: str) -> None:
    compiled = mg.compile(lambda x, n: split(x, n), style=style)
    x = np.arange(12.0)
    for n in (np.int64(3), np.int64(4), np.int32(3), np.uint8(2), np.array(4), 3, np.array([2, 5]), np.array([3])):
        for found, expected in zip(compiled(x, n), split(x, n), strict=True):
            np.testing.assert_array_equal(found, expected)
    for function in (np.hsplit, np.vsplit, np.dsplit):
        parts = mg.compile(function, style=style)
        y = np.arange(64.0).reshape(4, 4, 4)
        for n in (np.int64(2), np.int64(4)):
            for found, expected in zip(parts(y, n), function(y, n), strict=True):
                np.testing.assert_array_equal(found, expected)


def test_a_number_of_repetitions_may_be_a_python_number() -> None:
    with pytest.raises(RuntimeError, match=r"or pass int\(n\)"):
        mg.compile(lambda x, n: np.eye(n) * x)(np.ones(2), np.int64(2))
