"""How arrays lie in memory: a program gives the same bits for all layouts, and results of their own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import minigrad as mg
from tests.helpers.compiled.agrees import agrees, assert_identical

RNG = np.random.default_rng(0)
SQUARE = RNG.normal(size=(33, 33))
LARGER = RNG.normal(size=(70, 70))
READ_ONLY = SQUARE.copy()
READ_ONLY.flags.writeable = False
LAYOUTS = (
    SQUARE, SQUARE.T, LARGER[:66:2, :66:2], SQUARE[::-1, ::-1], SQUARE[:, ::-1].T, np.broadcast_to(SQUARE[0], (33, 33)),
    SQUARE.astype(">f8"), READ_ONLY, np.float32(SQUARE).T, RNG.normal(size=(33, 2, 33)).transpose(2, 0, 1)[..., 0],
)  # fmt: skip

#: Each makes an array that lies in memory in another way than its argument may, or that copies it.
COPIES: dict[str, Callable[[Any], Any]] = {
    "x.copy()": lambda x: x.copy(),
    "np.copy(x)": lambda x: np.copy(x),
    "x.T.copy()": lambda x: x.T.copy(),
    "x.copy(order='F')": lambda x: x.copy(order="F"),
    "x.astype": lambda x: x.astype(x.dtype),
    "astype(order='F', copy=False)": lambda x: x.astype(x.dtype, order="F", copy=False),
    "1 * x": lambda x: 1 * x,
    "x - 0": lambda x: x - 0,
    "−(−x)": lambda x: np.negative(-x),
    "½ (2 x)": lambda x: 0.5 * (2 * x),
    "(½ x) (2 xᵀ)": lambda x: (0.5 * x) * (2 * x.T),
    "Tensor(x)": lambda x: mg.Tensor(x).data,
    "ones_like(x) * xᵀ": lambda x: np.ones_like(x) * x.T,
    "ones_like(x)": lambda x: np.ones_like(x),
    "x": lambda x: x,
    "x[0]": lambda x: x[0],
    "x[:, 1].copy()": lambda x: x[:, 1].copy(),
}


@pytest.mark.parametrize("name", COPIES)
def test_the_order_in_memory(name: str) -> None:
    copied = COPIES[name]
    agrees(
        lambda x: (copied(x).ravel(order="K"), copied(x).ravel(order="A"), copied(x).flatten("K")),
        *zip(LAYOUTS),
        rounds=1,
    )


@pytest.mark.parametrize("name", COPIES)
def test_sums_and_products_to_the_last_bit(name: str) -> None:
    copied = COPIES[name]

    def f(x: Any, y: Any) -> Any:
        c = copied(x)
        return (
            c.sum(),
            c.mean(axis=0),
            c @ y,
            c.dot(y),
            np.dot(c, y),
            mg.matmul(c, y),
            c @ x.T,
            c @ c.T,
            y @ copied(x).T,
        )

    agrees(f, *zip(LAYOUTS, LAYOUTS[::-1], strict=True), *[(x, x.T) for x in LAYOUTS[:3]], rounds=1)


def test_gradients_of_one_array_passed_twice() -> None:
    def loss(x: Any, y: Any) -> Any:
        return mg.sum(mg.tanh(x @ y) @ mg.transpose(x))

    agrees(mg.grad(loss, argnums=(0, 1)), *[(x, y) for x in LAYOUTS[:5] for y in (x, x.T)], rounds=1)


def test_a_product_that_is_computed_twice_from_equal_arrays() -> None:
    agrees(lambda x: (x + 1.0) @ (x + 1.0).T, *zip(LAYOUTS))


CONSTANT = RNG.normal(size=(12, 12))


@pytest.mark.parametrize(
    "f",
    [
        lambda x, i: np.broadcast_arrays(x + 1.0, CONSTANT)[1],
        lambda x, i: np.broadcast_arrays(x + 1.0, x)[1],
        lambda x, i: [np.diff(x, n=0), x],
        lambda x, i: np.split(x, 2),
        lambda x, i: (x, x.T, x.reshape(-1), x.ravel(), np.diagonal(x), x.real, x[i], x[1:], np.atleast_3d(x)),
        lambda x, i: (np.nan_to_num(x, copy=False), np.nan_to_num(x + 1.0, copy=False), np.real_if_close(x)),
        lambda x, i: x.astype(x.dtype, copy=False),
        lambda x, i: mg.Tensor(CONSTANT)[i].data,
        lambda x, i: mg.Tensor(CONSTANT)[i : i + 2].data,
        lambda x, i: CONSTANT,
        lambda x, i: mg.Tensor(CONSTANT),
    ],
)
@pytest.mark.parametrize("layout", [lambda x: x, lambda x: x.T, lambda x: x[::-1]], ids=["C", "T", "reversed"])
def test_results_share_memory_with_nothing(f: Callable[..., Any], layout: Callable[[Any], Any]) -> None:
    before = CONSTANT.copy()
    x, i = layout(RNG.normal(size=(12, 12))), np.int64(1)
    expected = mg.compile(f)(x, i)
    compiled = mg.compile(f)
    for _ in range(3):
        found = compiled(x, i)
        assert_identical(found, expected)
        arrays = [
            a.data if isinstance(a, mg.Tensor) else a for a in (found if isinstance(found, tuple | list) else [found])
        ]
        for k, a in enumerate(arrays):
            assert not np.shares_memory(a, x)
            assert not any(np.shares_memory(a, b) for b in arrays[:k])
        for a in arrays:
            if a.flags.writeable:
                a[...] = 99.0
    assert_identical(CONSTANT, before)


def test_two_views_of_one_array() -> None:
    def f(x: Any) -> Any:
        t, u = x + 1.0, x * 2.0
        return u, np.broadcast_arrays(t, u)[1]

    a, b = mg.compile(f)(SQUARE)
    assert not np.shares_memory(a, b)
