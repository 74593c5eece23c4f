"""Evenly and geometrically spaced numbers: NumPy's values, exact ends, dtypes and errors."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minigrad as mg
from minigrad.core.tensor import Tensor
from minigrad.device import device_of, to_device, to_host
from tests.helpers import fake_cupy

ends = st.floats(-10, 10) | st.just(np.array([[1.0], [-2.0]])) | st.just(np.array([3.0, 0.5, 2.0]))


@given(ends, ends, st.integers(0, 6), st.booleans(), st.sampled_from([0, -1]))
def test_values_are_numpys(start: Any, stop: Any, num: int, endpoint: bool, axis: int) -> None:
    for name in ("linspace", "logspace"):
        numpys, ours = getattr(np, name), getattr(mg, name)
        expected = numpys(start, stop, num, endpoint, axis=axis)
        for a, b in ((start, stop), (Tensor(start), stop), (start, Tensor(stop))):
            found = ours(a, b, num, endpoint, axis=axis)
            found = found.data if isinstance(found, Tensor) else found
            assert found.shape == expected.shape
            np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12)
        assert isinstance(numpys(Tensor(start), stop, num, endpoint, axis=axis), Tensor)


@pytest.mark.parametrize(
    ("start", "stop"),
    [
        (1.0, 1000.0),
        (-1.0, -8.0),
        (1e-300, 1e300),
        (1j, 16.0),
        (-2.0, 3 - 4j),
        (-0.5, -8.0),
        (8.0, 1.0),
        (1 - 1j, -1.0),
    ],
)
def test_geometric_sequences_are_numpys(start: Any, stop: Any) -> None:
    for endpoint in (True, False):
        found = np.geomspace(Tensor(start), stop, 5, endpoint)
        np.testing.assert_allclose(found.data, np.geomspace(start, stop, 5, endpoint), rtol=1e-12)


def test_both_ends_are_exact() -> None:
    for f, start, stop in ((mg.linspace, 0.1, 0.7), (mg.linspace, -1e16, 1.0), (mg.geomspace, 0.1, 0.7)):
        y = f(start, stop, 7)
        assert (y[0], y[-1]) == (start, stop)


def test_steps_and_dtypes() -> None:
    start = Tensor(1.0, requires_grad=True)
    y, step = np.linspace(start, 4.0, 4, retstep=True)
    assert float(step.data) == 1.0
    step.backward()
    np.testing.assert_allclose(start.grad, -1 / 3)
    assert np.isnan(mg.linspace(0.0, 1.0, 1, retstep=True)[1])
    assert np.linspace(start, 4.0, 4, dtype=np.float32).dtype == np.float32
    assert mg.linspace(Tensor(1.0, dtype=np.float32), 4.0, 3).dtype == np.float32
    whole = np.linspace(start, 4.0, 3, dtype=int)
    assert whole.tolist() == np.linspace(1.0, 4.0, 3, dtype=int).tolist()
    assert y.requires_grad


@pytest.mark.parametrize("dtype", [int, np.uint8, np.float32, np.float64, complex])
def test_whole_numbers_are_rounded_down_and_others_are_not(dtype: Any) -> None:
    for start, stop in ((0.0, 5.0), (5.0, 0.5)) if dtype is np.uint8 else ((-2.0, 3.0), (0.5, -4.0)):
        expected = np.linspace(start, stop, 7, dtype=dtype)
        np.testing.assert_allclose(mg.linspace(start, stop, 7, dtype=dtype), expected, rtol=1e-6, strict=True)


@pytest.mark.parametrize("endpoint", [True, False])
@pytest.mark.parametrize("num", [1, 2, 3])
def test_the_step_is_numpys(num: int, endpoint: bool) -> None:
    found = mg.linspace(1.0, 4.0, num, endpoint, retstep=True)
    np.testing.assert_equal(found, np.linspace(1.0, 4.0, num, endpoint, retstep=True))


@pytest.mark.parametrize("f", [mg.linspace, mg.logspace, mg.geomspace])
def test_numbers_lie_on_the_device_of_either_end(f: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, module in fake_cupy.modules().items():
        monkeypatch.setitem(sys.modules, name, module)
    for ends in ((to_device(np.ones(2), "cuda"), 3.0), (3.0, to_device(np.ones(2), "cuda"))):
        y = f(*ends, 4)
        assert device_of(y) == "cuda:0"
        np.testing.assert_allclose(to_host(y), f(*map(to_host, ends), 4), rtol=1e-12)


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: mg.linspace(0.0, 1.0, -1), ValueError, "^linspace: got num=-1"),
        (lambda: mg.linspace(0.0, 1.0, 2.5), TypeError, "integer"),
        (lambda: mg.geomspace(0.0, 1.0, 3), ValueError, "^geomspace: an end is 0.*linspace"),
        (lambda: mg.geomspace(1.0, [2.0, 0.0], 3), ValueError, "^geomspace: an end is 0"),
        (lambda: mg.linspace("a", 1.0), TypeError, "^linspace: got a str"),
    ],
)
def test_errors(call: Any, error: Any, words: str) -> None:
    with pytest.raises(error, match=words):
        call()
