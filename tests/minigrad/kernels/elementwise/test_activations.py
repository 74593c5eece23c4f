"""relu of large arrays agrees with NumPy to the bit, whatever their order in memory."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest

from minigrad.kernels.elementwise import onednn
from minigrad.kernels.elementwise.activations import COMPILED, relu, relu_grad, relu_in_place

SPECIAL = np.array([0.0, -0.0, np.nan, np.inf, -np.inf, 1e-42, -1e-42, 3e38, -3e38, 1.0, -1.0])
SHAPE = (16, 16, 24, 32)
ORDERS: dict[str, Any] = {
    "C": lambda a: a,
    "Fortran": lambda a: a.T,
    "channels last": lambda a: a.transpose(0, 3, 1, 2),
    "with gaps": lambda a: a[:, :, :, ::2],
    "backwards": lambda a: a[::-1],
    "broadcast": lambda a: np.broadcast_to(a[:1, :, :, :1], (40, *a.shape[1:])),
    "small": lambda a: a[0, 0],
}
pytestmark = pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning")


@pytest.fixture(params=[True, False], ids=["oneDNN", "NumPy alone"], autouse=True)
def compiled(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if not request.param:
        monkeypatch.setattr(onednn, "can_take", lambda *_: False)


def draw(order: str, dtype: Any) -> tuple[Any, Any]:
    """x and ȳ with every pair of special numbers, as often as not."""
    rng = np.random.default_rng(0)
    pairs = np.array(list(product(SPECIAL, SPECIAL)), dtype).T
    x, y_bar = rng.normal(size=(2, *SHAPE)).astype(dtype)
    x.flat[: pairs.shape[1]], y_bar.flat[: pairs.shape[1]] = pairs
    x, y_bar = ORDERS[order](x), ORDERS[order](y_bar)
    assert (x.size > COMPILED) == (order != "small")
    return x, y_bar


def assert_same_bits(found: Any, wanted: Any) -> None:
    assert found.dtype == wanted.dtype
    np.testing.assert_array_equal(found, wanted)
    np.testing.assert_array_equal(np.signbit(found), np.signbit(wanted))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("order", ORDERS)
def test_bits(order: str, dtype: Any) -> None:
    x, y_bar = draw(order, dtype)
    y = relu(x)
    assert_same_bits(y, np.maximum(x, 0))
    assert_same_bits(relu_grad(y_bar, x), y_bar * (x > 0))
    assert_same_bits(relu_grad(y_bar, y), y_bar * (x > 0))
    assert not np.may_share_memory(y, x)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("order", [order for order in ORDERS if order != "broadcast"])
def test_in_place(order: str, dtype: Any) -> None:
    x, y_bar = draw(order, dtype)
    wanted, wanted_bar = np.maximum(x, 0), y_bar * (x > 0)
    for given_bar, given_x in ((y_bar, x.copy("K")), (y_bar.copy("K"), x)):
        for out in (given_bar, given_x):
            if out is not y_bar and out is not x:
                assert relu_grad(given_bar, given_x, out=out) is out
                assert_same_bits(out, wanted_bar)
    assert relu_in_place(x) is x
    assert_same_bits(x, wanted)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_arrays_in_different_orders(dtype: Any) -> None:
    x, y_bar = draw("C", dtype)
    last = np.ascontiguousarray(y_bar.transpose(0, 2, 3, 1)).transpose(0, 3, 1, 2)
    wanted = y_bar * (x > 0)
    assert_same_bits(relu_grad(last, x), wanted)
    assert_same_bits(relu_grad(y_bar, x, out=last), wanted)
    assert_same_bits(relu_grad(y_bar.astype(np.float64), x), wanted.astype(np.float64))


def test_an_error_signal_that_broadcasts() -> None:
    """Its strides are those of x, its shape is not."""
    x, y_bar = (a.reshape(1024, -1) for a in draw("C", np.float32))
    assert_same_bits(relu_grad(y_bar[:1], x), y_bar[:1] * (x > 0))


@pytest.mark.parametrize("size", [100, COMPILED])
def test_who_wants_to_know_of_0_times_infinity_is_told(size: int) -> None:
    x, y_bar = np.full(size, -1, np.float32), np.full(size, np.inf, np.float32)
    with np.errstate(invalid="raise"), pytest.raises(FloatingPointError):
        relu_grad(y_bar, x)


def test_very_large_arrays_in_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("minigrad.kernels.elementwise.activations._MANY", COMPILED)
    for order in ORDERS:
        x, _ = draw(order, np.float64)
        assert_same_bits(relu(x), np.maximum(x, 0))
