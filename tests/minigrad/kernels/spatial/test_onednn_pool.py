"""Max-pooling by oneDNN: the values and switches of NumPy, element for element, and what it leaves to NumPy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from minigrad.kernels.spatial import max_pool, onednn, onednn_pool
from minigrad.typing import Array

needs_onednn = pytest.mark.skipif(onednn._dnnl() is None, reason="onednn-cpu-gomp is not installed")
BY_TWO: dict[str, Any] = {"kernel": (2, 2), "stride": (2, 2), "padding": ((0, 0),) * 2, "dilation": (1, 1)}


@pytest.fixture(autouse=True)
def computed(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether oneDNN could compute what it was asked for; of any size."""
    results: list[bool] = []
    monkeypatch.setattr(max_pool, "_COMPILED", 0)
    for function in ("pool", "unpool"):
        monkeypatch.setattr(onednn_pool, function, noting(getattr(onednn_pool, function), results))
    return results


def noting(function: Any, results: list[bool]) -> Any:
    def noted(*args: Any) -> bool:
        results.append(function(*args))
        return results[-1]

    return noted


def there_and_back(x: Array, y_bar: Array, **window: Any) -> tuple[Array, ...]:
    y, switches = max_pool.max_pool(x, **window)
    return y, switches, max_pool.unpool(y_bar, switches=switches, size=x.shape[2:], **window)


def assert_as_numpy(x: Array, monkeypatch: pytest.MonkeyPatch, **window: Any) -> None:
    shape = max_pool.max_pool(x, **window)[0].shape
    y_bar = np.random.default_rng(1).standard_normal(shape).astype(x.dtype)
    found = there_and_back(x, y_bar, **window)
    with monkeypatch.context() as without:
        without.setattr(onednn_pool, "can_take", lambda *_: False)
        expected = there_and_back(x, y_bar, **window)
    for a, b in zip(found, expected, strict=True):
        np.testing.assert_array_equal(a, b)
        assert a.dtype == b.dtype


def ties(*shape: int) -> Array:
    return np.random.default_rng(0).integers(-3, 3, shape).astype(np.float32)


@needs_onednn
@pytest.mark.parametrize(
    ("size", "kernel", "stride"),
    [
        ((8, 8), (2, 2), (2, 2)),
        ((9, 7), (2, 2), (2, 2)),
        ((9, 9), (2, 3), (3, 4)),
        ((12,), (3,), (4,)),
        ((6, 7, 8), (2, 2, 2), (2, 2, 2)),
    ],
)
def test_the_same_as_numpy(
    size: Any, kernel: Any, stride: Any, computed: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With ties, and pixels that no window sees."""
    window = {"kernel": kernel, "stride": stride, "padding": ((0, 0),) * len(size), "dilation": (1,) * len(size)}
    assert_as_numpy(ties(3, 5, *size), monkeypatch, **window)
    assert computed == [True] * 3


@needs_onednn
def test_large_windows_have_switches_of_another_type(computed: list[bool], monkeypatch: pytest.MonkeyPatch) -> None:
    for f in (16, 17):
        assert_as_numpy(ties(2, 3, 40, 40), monkeypatch, **(BY_TWO | {"kernel": (f, f), "stride": (f, f)}))
    assert not any(computed)


@needs_onednn
@pytest.mark.parametrize("value", [np.nan, -np.inf, np.inf])
def test_nan_and_infinity(value: float, computed: list[bool], monkeypatch: pytest.MonkeyPatch) -> None:
    x = ties(2, 3, 8, 8)
    x[0, 1] = value
    x[1, 2, 3, 4] = value
    assert_as_numpy(x, monkeypatch, **BY_TWO)
    assert computed == [value == np.inf, value == np.inf, True]


@pytest.mark.parametrize(
    "change",
    [{"stride": (1, 2)}, {"padding": ((1, 0), (0, 0))}, {"padding": ((0, 0), (0, 1))}, {"dilation": (1, 2)}],
)
def test_other_windows_are_left_to_numpy(
    change: dict[str, Any], computed: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert_as_numpy(ties(2, 3, 8, 8), monkeypatch, **(BY_TWO | change))
    assert not computed


def test_other_arrays_are_left_to_numpy(computed: list[bool], monkeypatch: pytest.MonkeyPatch) -> None:
    x = ties(2, 3, 8, 8)
    assert_as_numpy(x.astype(np.float64), monkeypatch, **BY_TWO)
    y_bar = np.ones((2, 3, 4, 4), np.float32).transpose(0, 1, 3, 2)
    there_and_back(x.transpose(0, 1, 3, 2), y_bar, **BY_TWO)
    monkeypatch.setattr(max_pool, "_COMPILED", x.size)
    assert_as_numpy(x, monkeypatch, **BY_TWO)
    assert not computed
