"""Products composed of matmul and einsum."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minigrad as mg
from minigrad.core.tensor import Tensor


def test_numpys_functions_reach_them() -> None:
    a, b = np.random.default_rng(0).normal(size=(2, 3, 3))
    x, y = Tensor(a, requires_grad=True), Tensor(b)
    for f in (
        np.dot, np.inner, np.outer, np.vdot, np.kron, np.tensordot, np.linalg.tensordot, np.matmul, np.linalg.matmul,
        np.vecdot, np.linalg.vecdot, lambda p, q: np.linalg.multi_dot([p, q, p]), lambda p, q: p.dot(q),
        lambda p, q: np.linalg.outer(p[0], q[0]), lambda p, q: np.linalg.matrix_power(p, 3),
        lambda p, q: np.matrix_transpose(p), lambda p, q: np.linalg.matrix_transpose(p), lambda p, q: p.mT,
        lambda p, q: np.vecdot(p, q, axis=0), lambda p, q: np.linalg.vecdot(p, q, axis=-2),
    ):  # fmt: skip
        found = f(x, y)
        assert isinstance(found, Tensor)
        assert found.requires_grad
        np.testing.assert_allclose(found.data, f(a, b), rtol=1e-12)


def test_a_number_times_an_array() -> None:
    for f in (mg.dot, mg.inner, mg.kron):
        y = f(2.0, Tensor([[1.0, 2.0]], requires_grad=True))
        np.testing.assert_array_equal(y.data, [[2, 4]])
        assert y._primitive.name == "multiply"  # and so a derivation writes it


@pytest.mark.parametrize(
    ("f", "message"),
    [
        (lambda x: mg.tensordot(x, x, 1), r"\(-1,\) of x \(2, 3\) and \(0,\) of y \(2, 3\).* are \(3,\) and \(2,\)"),
        (lambda x: mg.tensordot(x, x, ([0, 1], [0])), "summed in pairs"),
        (lambda x: mg.tensordot(x, x, 3), "axis"),
        (lambda x: mg.tensordot(x, x, -1), "got axes=-1, expected the number of axes"),
        (lambda x: mg.inner(mg.reshape(x, 2, 3, 1), mg.reshape(x, 1, 2, 3)), "inner: the axes"),
        (lambda x: mg.vdot(x, [1.0, 2.0]), "6 elements .* and y 2"),
        (lambda x: mg.vecdot(x, [1.0, 2.0]), "differ in the length of axis -1"),
        (lambda x: mg.vecdot(x, 1.0), "axis"),
        (lambda x: np.linalg.outer(x, x), "two vectors"),
        (lambda x: mg.multi_dot([x]), "two or more"),
        (lambda x: mg.multi_dot([x, mg.reshape(x, 6), x]), "two or more"),
        (lambda x: mg.multi_dot([x, x]), "did you mean"),
        (lambda x: mg.matrix_power(x, 2), "square"),
        (lambda x: mg.matrix_power(x[0], 2), "square"),
        (lambda x: mg.matrix_power(mg.reshape(x, 1, 2, 3), 2), "square"),
    ],
)
def test_shapes_that_do_not_fit(f: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        f(Tensor(np.ones((2, 3))))


@pytest.mark.parametrize("n", [-3, -1, 0, 1, 2, 3, 4, 7])
def test_powers(n: int) -> None:
    a = np.random.default_rng(1).normal(size=(2, 3, 3)).astype(np.float32) + 2 * np.eye(3, dtype=np.float32)
    found = np.linalg.matrix_power(Tensor(a), n)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found.data, np.linalg.matrix_power(a, n), rtol=1e-3, atol=1e-4)
    with pytest.raises(TypeError):
        mg.matrix_power(a, n + 0.5)


def test_the_power_0_is_a_constant() -> None:
    x = Tensor([[np.nan, 1.0], [1.0, np.inf]], requires_grad=True)
    y = mg.matrix_power(x, 0)
    y.backward(np.ones((2, 2)))
    np.testing.assert_array_equal(y.data, np.eye(2))
    np.testing.assert_array_equal(x.grad, 0)


def multiplications(y: Tensor) -> int:
    """How many it took to make y, by products of matrices alone."""
    if y.is_leaf:
        return 0
    left, right = y._inputs
    return math.prod(left.shape) * math.prod(right.shape[1:]) + multiplications(left) + multiplications(right)


def fewest(shapes: list[tuple[int, ...]]) -> int:
    """Over all the places where the last product may stand."""
    ends = math.prod(shapes[0][:-1]), math.prod(shapes[-1][1:])
    return min(
        (fewest(shapes[:k]) + fewest(shapes[k:]) + ends[0] * shapes[k][0] * ends[1] for k in range(1, len(shapes))),
        default=0,
    )


@given(st.lists(st.integers(1, 9), min_size=3, max_size=7), st.booleans(), st.booleans())
def test_no_order_of_a_chain_takes_fewer_multiplications(lengths: Any, row: bool, column: bool) -> None:
    shapes = list(pairwise(lengths))
    shapes[0] = shapes[0][row:]
    shapes[-1] = shapes[-1][: 1 if column else 2]
    y = mg.multi_dot([Tensor(np.ones(shape), requires_grad=True) for shape in shapes])
    assert multiplications(y) == fewest(shapes)


def test_cross_is_at_right_angles_along_any_axes() -> None:
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(2, 3, 4)), rng.normal(size=(4, 3))
    for pair, axes in [((x[0], y), {"axisa": 0}), ((x, y.T), {"axisa": 1, "axisb": 0, "axisc": 1})]:
        z = np.cross(mg.Tensor(pair[0]), pair[1], **axes)
        np.testing.assert_allclose(z.data, np.cross(*pair, **axes), rtol=1e-12)
        np.testing.assert_array_equal(mg.cross(*pair, **axes), z.data)
    z = np.linalg.cross(mg.Tensor(y), y[::-1])
    np.testing.assert_allclose(np.sum(z * y, axis=-1).data, 0, atol=1e-12)
    np.testing.assert_array_equal(np.linalg.cross(mg.Tensor(y.T), y[::-1].T, axis=0).data, z.data.T)


def test_cross_reads_as_in_a_book() -> None:
    a, b = (mg.Tensor(v, requires_grad=True, name=n) for v, n in (([1.0, 2.0, 3.0], "a"), ([0.0, 1.0, 1.0], "b")))
    text = str(mg.explain((mg.cross(a, b) * [1.0, 10.0, 100.0]).sum()))
    assert "a × b" in text


def test_vectors_along_the_last_axis_are_not_moved() -> None:
    a, b = (mg.Tensor(np.ones((2, 3)), requires_grad=True) for _ in range(2))
    for axes in ({}, {"axis": -1}, {"axis": 1}, {"axisa": 1, "axisc": 1}):
        x, y = mg.cross(a, b, **axes)._inputs
        assert x is a
        assert y is b


@pytest.mark.parametrize(("m", "n"), [((2,), (2,)), ((3, 2), (3,)), ((3,), (4,))])
def test_cross_of_other_vectors_is_refused(m: Any, n: Any) -> None:
    with pytest.raises(ValueError, match=r"^cross: got vectors of length \d and \d.*expected 3 and 3"):
        mg.cross(np.ones(m), np.ones(n))
    with pytest.raises(ValueError, match="out of bounds"):
        mg.cross(np.ones(3), np.ones(3), axis=1)


@pytest.mark.parametrize("lengths", [(2, 2), (2, 3), (3, 1), (3, 4), (1, 4)])
def test_vectors_in_the_plane_are_told_of_the_area(lengths: tuple[int, int]) -> None:
    m, n = lengths
    with pytest.raises(ValueError, match=f"vectors of length {m} and {n}.*expected 3 and 3") as error:
        mg.cross(np.ones((5, m)), np.ones(n))
    assert ("in the plane, x₀ y₁ − x₁ y₀ is the area" in str(error.value)) == (2 in lengths)


def test_matvec_and_vecmat_are_numpys() -> None:
    rng = np.random.default_rng(0)
    A, x = rng.normal(size=(2, 1, 3, 4)), rng.normal(size=(5, 4)) + 1j
    np.testing.assert_allclose(mg.matvec(mg.Tensor(A), x).data, np.einsum("...ij,...j->...i", A, x), rtol=1e-12)
    y = rng.normal(size=(5, 3)) + 1j
    np.testing.assert_allclose(mg.vecmat(y, mg.Tensor(A)).data, np.einsum("...i,...ij->...j", y.conj(), A), rtol=1e-12)
    if hasattr(np, "matvec"):
        np.testing.assert_array_equal(np.matvec(mg.Tensor(A), x).data, mg.matvec(A, x))
        np.testing.assert_array_equal(np.vecmat(y, mg.Tensor(A)).data, mg.vecmat(y, A))
    with pytest.raises(ValueError, match=r"^matvec: .*\(2, 3\) and vectors of shape \(2,\), expected as many columns"):
        mg.matvec(np.ones((2, 3)), np.ones(2))
    with pytest.raises(ValueError, match=r"^vecmat: .*\(2, 3\) and vectors of shape \(3,\), expected as many rows"):
        mg.vecmat(np.ones(3), np.ones((2, 3)))
    for f, args in ((mg.matvec, (np.ones(3), np.ones(3))), (mg.vecmat, (1.0, np.ones((2, 3))))):
        with pytest.raises(ValueError, match="got matrices of shape"):
            f(*args)
