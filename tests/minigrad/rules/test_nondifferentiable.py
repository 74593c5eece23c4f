"""NumPy's functions without a derivative, on Tensors: plain arrays, and no gradient is lost on the way."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import minigrad as mg
from minigrad.array_checks import DEEPEST
from minigrad.core.tensor import Tensor
from minigrad.rules.nondifferentiable import unwrap
from tests.helpers import fake_cupy

a = np.array([[0.4, -1.5, 2.5], [2.5, 0.0, -0.6]])
t = Tensor(a, requires_grad=True, name="t")
k = Tensor([2, 0, 1, 2])

CALLS: list[tuple[Any, tuple[Any, ...], dict[str, Any]]] = [
    *[(f, (t,), {}) for f in (np.floor, np.ceil, np.trunc, np.rint, np.fix, np.round, np.around)],
    (np.round, (t, 1), {}),
    (np.around, (t,), {"decimals": 1}),
    *[(f, (t,), {}) for f in (np.argmax, np.argmin, np.nanargmax, np.nanargmin, np.argsort)],
    (np.argmax, (t,), {"axis": 1, "keepdims": True}),
    (np.argmax, (t, 0, None), {}),
    (np.argsort, (t, 0), {"kind": "stable"}),
    (np.argpartition, (t, 1), {}),
    (np.lexsort, ((t[0], t[1]),), {}),
    *[(f, (t,), {}) for f in (np.nonzero, np.flatnonzero, np.argwhere, np.count_nonzero, np.where)],
    (np.count_nonzero, (t,), {"axis": 0}),
    (np.searchsorted, ([0.0, 1.0, 2.0], t), {"side": "right"}),
    (np.searchsorted, (Tensor([0.0, 1.0]), 0.5), {}),
    (np.digitize, (t, Tensor([0.0, 1.0])), {}),
    (np.bincount, (k,), {"minlength": 5}),
    (np.bincount, (k, Tensor([1.0, 2.0, 3.0, 4.0])), {}),
    (np.histogram, (t, 4), {}),
    (np.histogram, (t,), {"bins": [-2, 0, 3], "density": True}),
    (np.histogram2d, (t[0], t[1]), {}),
    (np.histogram_bin_edges, (t, 4), {}),
    (np.histogramdd, (t.T,), {"bins": 2}),
    (np.unique, (k,), {"return_counts": True}),
    (np.unique_inverse, (k,), {}),
    (np.union1d, (t, k), {}),
    (np.setdiff1d, (k, [0]), {}),
    (np.isin, (k,), {"test_elements": [0, 1]}),
    (np.isin, ([0, 1, 7], k), {}),
    *[(f, (t,), {}) for f in (np.isnan, np.isinf, np.isfinite, np.isposinf, np.signbit, np.isreal, np.iscomplexobj)],
    *[(f, (t, a > 0), {}) for f in (np.logical_and, np.logical_or, np.logical_xor)],
    (np.logical_not, (t,), {}),
    (np.isclose, (t, a + 1e-3), {"atol": 0.1}),
    (np.allclose, (t, t), {}),
    (np.array_equal, (t, a), {"equal_nan": True}),
    (np.array_equiv, (t, a), {}),
    (np.any, (t,), {"axis": 0}),
    (np.all, (t,), {"axis": (0, 1), "where": a > 0}),
    *[(f, (t,), {}) for f in (np.shape, np.ndim, np.size, np.result_type, np.min_scalar_type, np.common_type)],
    (np.result_type, (t, np.float32), {}),
    (np.can_cast, (t.dtype, np.float32), {}),
    *[(f, (t, t), {}) for f in (np.shares_memory, np.may_share_memory)],
    *[(f, (t,), {}) for f in (np.zeros_like, np.ones_like)],
    (np.zeros_like, (t,), {"dtype": int, "shape": (3,)}),
    (np.full_like, (t, 7.0), {}),
    *[(f, (t,), {}) for f in (np.array_repr, np.array_str, np.array2string)],
    (np.array2string, (t,), {"precision": 1}),
    (np.tril_indices_from, (t[:2, :2],), {}),
    (np.unravel_index, (k, (2, 3)), {}),
    (np.einsum_path, ("ij,kj", t, t), {}),
    *[(f, (k, 1), {}) for f in (np.bitwise_and, np.bitwise_or, np.left_shift, np.gcd)],
    (np.invert, (k,), {}),
    (np.linalg.matrix_rank, (t,), {}),
    (np.spacing, (t,), {}),
]


def values(args: Any) -> Any:
    if isinstance(args, Tensor):
        return args.data
    return type(args)(map(values, args)) if isinstance(args, tuple | list) else args


@pytest.mark.parametrize(("function", "args", "params"), CALLS, ids=lambda x: getattr(x, "__name__", ""))
def test_the_answer_is_numpys_about_the_values(function: Any, args: Any, params: Any) -> None:
    found, expected = function(*args, **params), function(*values(args), **params)
    assert type(found) is type(expected)
    pairs = zip(found, expected, strict=True) if isinstance(found, tuple) else [(found, expected)]
    for part, expected_part in pairs:
        assert type(part) is type(expected_part)
        np.testing.assert_equal(part, expected_part)


def test_empty_like_has_the_shape_and_type() -> None:
    assert np.empty_like(t).shape == (2, 3)
    assert type(np.empty_like(t, dtype=int)) is np.ndarray


def test_an_answer_is_written_where_it_is_asked_for() -> None:
    mask = np.zeros((2, 3), dtype=bool)
    assert np.isnan(t, out=mask) is mask
    mask |= np.greater(t, 0)
    mask &= t.astype(bool)
    np.testing.assert_array_equal(mask, a > 0)


@pytest.mark.parametrize(
    "call",
    [lambda: np.isnan(a, out=k), lambda: np.argmax(a, 0, k), lambda: np.round(a, out=t), lambda: np.floor(a, t)],
)
def test_nothing_is_written_into_a_tensor(call: Any) -> None:
    before = t.numpy().copy(), k.numpy().copy()
    with pytest.raises(TypeError, match="does not write into a Tensor"):
        call()
    np.testing.assert_array_equal(t.numpy(), before[0])
    np.testing.assert_array_equal(k.numpy(), before[1])


@pytest.mark.parametrize(
    "call",
    [
        lambda: np.bincount([0, 1, 1], t[0]),
        lambda: np.bincount([0, 1, 1], weights=t[0]),
        lambda: np.histogram(a, weights=t),
        lambda: np.histogram(a, 10, None, None, t),
        lambda: np.histogram2d(a[0], a[1], weights=t[0]),
        lambda: np.histogram2d(a[0], a[1], t[0]),
        lambda: np.histogram(a, t[0]),
        lambda: np.histogram_bin_edges(a, t[0]),
        lambda: np.histogramdd(a.T, t[0]),
        lambda: np.full_like(a, t[0, 0]),
    ],
)
def test_an_argument_with_a_derivative_is_not_taken_for_a_constant(call: Any) -> None:
    with pytest.raises(TypeError, match=r"t\.numpy\(\)"):
        call()


def test_files_hold_the_values(tmp_path: Path) -> None:
    np.save(tmp_path / "t.npy", t)
    np.savez(tmp_path / "t.npz", t=t, k=k)
    np.savetxt(tmp_path / "t.txt", t)
    np.testing.assert_array_equal(np.load(tmp_path / "t.npy", allow_pickle=False), a)
    np.testing.assert_array_equal(np.load(tmp_path / "t.npz")["k"], k.data)
    np.testing.assert_array_equal(np.loadtxt(tmp_path / "t.txt"), a)


def test_methods_answer_as_the_functions() -> None:
    assert t.argmax() == 2
    np.testing.assert_array_equal(t.argmin(axis=1), a.argmin(axis=1))
    np.testing.assert_array_equal(t.argsort(), a.argsort())
    np.testing.assert_array_equal(t.argpartition(1), a.argpartition(1))
    np.testing.assert_array_equal(t.round(1), a.round(1))
    np.testing.assert_array_equal(t.any(axis=0), a.any(axis=0))
    np.testing.assert_array_equal(t.all(axis=1, keepdims=True), a.all(axis=1, keepdims=True))
    assert Tensor([1.0, 2.0]).searchsorted(1.5) == 1
    for found, expected in zip(t.nonzero(), a.nonzero(), strict=True):
        np.testing.assert_array_equal(found, expected)


def test_operators_of_integers_and_conditions() -> None:
    n = k.data
    for found, expected in [
        (k & 1, n & 1),
        (1 | k, 1 | n),
        (k ^ k, n ^ n),
        (~k, ~n),
        (k << 1, n << 1),
        (8 >> k, 8 >> n),
        ((t > 0) & Tensor(a < 2), (a > 0) & (a < 2)),
    ]:
        assert type(found) is np.ndarray
        np.testing.assert_array_equal(found, expected)
    with pytest.raises(TypeError, match="bitwise_and"):
        t & 1


@pytest.mark.parametrize(
    "wrap", [lambda x: [x], lambda x: (x,), lambda x: {"x": x}], ids=["list", "tuple", "dictionary"]
)
def test_values_are_found_as_deep_as_an_array_can_be(wrap: Any) -> None:
    nested: Any = Tensor(2.0)
    for _ in range(DEEPEST):
        nested = wrap(nested)
    value = unwrap(nested)
    for _ in range(DEEPEST):
        (value,) = value.values() if isinstance(value, dict) else value
    assert value == 2.0
    with pytest.raises(ValueError, match="nested more than 64 deep"):
        unwrap(wrap(nested))
    endless: list[Any] = []
    endless.append(wrap(endless))
    with pytest.raises(ValueError, match="does a list contain itself"):
        unwrap(endless)


def test_elements_that_lose_their_derivative_are_told_in_a_differentiated_function() -> None:
    with pytest.warns(RuntimeWarning, match="return_index=True"):
        mg.grad(lambda x: np.sum(np.unique(x)) + x[0])(np.array([1.0, 2.0]))


def test_values_on_different_devices(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, module in fake_cupy.modules().items():
        monkeypatch.setitem(sys.modules, name, module)
    with pytest.raises(TypeError, match=r"isclose: got an array of shape \(2,\) on 'cuda:0' and one .* on 'cpu'"):
        np.isclose(Tensor([1.0, 2.0], device="cuda"), np.ones(2))


def test_new_arrays_are_constants_of_a_drawing() -> None:
    """A comparison is drawn as an operation within ``record``, but an array of zeros is a number like any other."""
    with mg.record():
        drawn = mg.draw(t + np.zeros_like(t) + np.greater(t, 1)).source
    assert "greater" in drawn
    assert "zeros_like" not in drawn
