"""Each way to compute convolution, against loops: in NumPy, with oneDNN, and as on a GPU."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from minigrad.kernels.spatial import convolution as conv
from minigrad.kernels.spatial import im2col, onednn
from tests.helpers.spatial import naive
from tests.helpers.spatial.conv_cases import CONV_CASES, ConvCase
from tests.helpers.strategies import laid_out, layouts
from tests.helpers.threads.blas import allow

many = settings(max_examples=150)
needs_onednn = pytest.mark.skipif(onednn._dnnl() is None, reason="onednn-cpu-gomp is not installed")


@pytest.fixture(params=["numpy", "small steps", "threads", pytest.param("onednn", marks=needs_onednn), "gpu"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A module, and the dtype that it computes this way."""
    if request.param == "gpu":
        return im2col, np.float64
    monkeypatch.setattr(conv, "_LARGE", -1)
    if request.param == "onednn":
        monkeypatch.setattr(onednn, "_FEW_CHANNELS", 1)
        return conv, np.float32
    allow(monkeypatch, 2 if request.param == "threads" else 1)
    if request.param != "numpy":
        monkeypatch.setattr(conv, "_CACHE", 400)  # a sample or two at a time
    return conv, np.float64


def results(module: Any, arrays: Any, params: Any) -> list[Any]:
    """Convolution with and without bias, and its two error signals."""
    x, w, b, z_bar = arrays
    return [
        module.conv(x, w, b, **params),
        module.conv(x, w, **params),
        module.conv_weight_grad(z_bar, x, kernel=w.shape[2:], **params),
        module.conv_input_grad(z_bar, w, size=x.shape[2:], **params),
    ]


def by_loops(key: str, arrays: Any, params: Any) -> list[Any]:
    """The results of the loops, which take longest: once for all ways, whose cases are the same."""
    if key not in _BY_LOOPS:
        _BY_LOOPS[key] = results(naive, [a.astype(float) for a in arrays], params)
    return _BY_LOOPS[key]


_BY_LOOPS: dict[str, list[Any]] = {}


def arrays_of(case: ConvCase, n: int, dtype: Any) -> Any:
    """The arrays of this number of samples, with an error signal."""
    x, w, b = case.arrays(dtype)
    x = np.random.default_rng(case.seed).normal(size=(n, *x.shape[1:])).astype(dtype)
    return x, w, b, case.signal(conv.conv(x, w, **case.params))


def test_all_against_loops(way: Any) -> None:
    module, dtype = way

    @many
    @given(CONV_CASES, st.sampled_from([1, 2, 5]), layouts)
    def each(case: ConvCase, n: int, layout: str) -> None:
        x, w, b, z_bar = arrays_of(case, n, dtype)
        given_ = [laid_out(a, layout) for a in (x, w, b, z_bar)]
        expected = by_loops(repr((case, n, dtype)), (x, w, b, z_bar), case.params)
        found = results(module, given_, case.params)
        tolerance = 1e-5 if dtype is np.float32 else 1e-12
        for ours, loops in zip(found, expected, strict=True):
            assert ours.dtype == dtype
            assert ours.shape == loops.shape
            np.testing.assert_allclose(ours, loops, rtol=tolerance, atol=tolerance * np.abs(loops).max(initial=1))
        for one, other in zip(found, results(module, given_, case.params), strict=True):
            np.testing.assert_array_equal(one, other)

    each()


def test_whole_numbers_are_computed_exactly(way: Any) -> None:
    """Input gradients by col2im and with flipped filters, in chunks of unequal size."""
    module, dtype = way
    rng = np.random.default_rng(0)
    for channels, filters, groups in [(4, 4, 1), (2, 12, 1), (4, 8, 2), (8, 8, 8)]:
        for stride, padding, dilation in [(1, (1, 1), 1), (2, (0, 3), 1), (1, (4, 0), 2), (3, (2, 2), 2)]:
            params: Any = {
                "stride": (stride, 1), "padding": (padding, (2, 1)), "dilation": (1, dilation), "groups": groups,
            }  # fmt: skip
            x = rng.integers(-9, 10, (7, channels, 9, 8)).astype(dtype)
            w = rng.integers(-9, 10, (filters, channels // groups, 3, 2)).astype(dtype)
            b = rng.integers(-9, 10, filters).astype(dtype)
            z_bar = rng.integers(-9, 10, naive.conv(x[:1], w, **params).shape[1:]).astype(dtype)
            z_bar = np.stack([np.roll(z_bar, i) for i in range(7)])
            expected = by_loops(repr((channels, filters, params)), (x, w, b, z_bar), params)
            for ours, loops in zip(results(module, (x, w, b, z_bar), params), expected, strict=True):
                np.testing.assert_array_equal(ours, loops)


def test_empty_batches_no_channels_and_no_filters(way: Any) -> None:
    module, dtype = way
    params: Any = {"stride": (1, 1), "padding": ((1, 1), (0, 2)), "dilation": (1, 1), "groups": 1}
    for n, channels, filters in [(0, 3, 4), (2, 0, 4), (2, 3, 0)]:
        x, w = np.ones((n, channels, 5, 5), dtype), np.ones((filters, channels, 3, 3), dtype)
        z, _, w_bar, x_bar = results(
            module, (x, w, np.ones(filters, dtype), np.ones((n, filters, 5, 5), dtype)), params
        )
        np.testing.assert_array_equal(z, np.ones((n, filters, 5, 5), dtype), strict=True)
        assert (w_bar.shape, x_bar.shape) == (w.shape, x.shape)
        assert not w_bar.any()
        assert not x_bar.any()


DTYPES = [np.float16, np.float32, np.float64, np.complex64, np.int64]


@pytest.mark.parametrize("way", ["threads", "gpu"], indirect=True)
@pytest.mark.parametrize("bias", [np.float32, np.float64, np.int64])
@pytest.mark.parametrize("first", DTYPES)
@pytest.mark.parametrize("second", DTYPES)
def test_dtypes_are_those_of_numpy(first: Any, second: Any, bias: Any, way: Any) -> None:
    module, _ = way
    rng = np.random.default_rng(0)
    x, w, b = (rng.integers(-3, 4, shape) for shape in ((3, 2, 6), (4, 2, 3), (4,)))
    params: Any = {"stride": (1,), "padding": ((1, 0),), "dilation": (1,), "groups": 1}
    z_bar = rng.integers(-3, 4, (3, 4, 5))
    expected = results(naive, (x, w, b, z_bar), params)
    both = np.result_type(first, second)
    found = results(module, (x.astype(first), w.astype(second), b.astype(bias), z_bar.astype(second)), params)
    del found[3]  # of two arrays of the second dtype
    for ours, loops, dtype in zip(found, expected, [np.result_type(both, bias), both, both], strict=False):
        assert ours.dtype == dtype
        np.testing.assert_array_equal(ours, loops)


@pytest.mark.parametrize("groups", [1, 2])
def test_the_same_from_several_threads_at_once(way: Any, groups: int) -> None:
    module, dtype = way
    rng = np.random.default_rng(0)
    x, w, b, z_bar = (
        rng.normal(size=s).astype(dtype) for s in ((6, 8, 12, 12), (6, 8 // groups, 3, 3), (6,), (6, 6, 12, 12))
    )
    params: Any = {"stride": (1, 1), "padding": ((1, 1),) * 2, "dilation": (1, 1), "groups": groups}
    with ThreadPoolExecutor(1) as pool:  # not here: OpenMP's number of threads may differ in the main thread
        expected = pool.submit(results, module, (x, w, b, z_bar), params).result()
    with ThreadPoolExecutor(4) as pool:
        for found in pool.map(lambda _: results(module, (x, w, b, z_bar), params), range(40)):
            for one, other in zip(found, expected, strict=True):
                np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("worst", [np.inf, -np.inf, np.nan])
def test_infinity_gives_no_warning(way: Any, worst: float) -> None:
    """Not even where it meets 0, for what is NaN then is seen in the output."""
    module, dtype = way
    params: Any = {"stride": (1, 1), "padding": ((1, 1),) * 2, "dilation": (1, 1), "groups": 1}
    for channels, filters in [(1, 2), (3, 5), (4, 16)]:
        x, w = np.zeros((2, channels, 5, 6), dtype), np.ones((filters, channels, 3, 3), dtype)
        w[0, 0, 1, 0] = worst
        z, _, w_bar, x_bar = results(
            module, (x, w, np.ones(filters, dtype), np.ones((2, filters, 5, 6), dtype)), params
        )
        assert np.isnan(z[:, 0, :, 1:]).all()
        assert np.isfinite(z[:, 1:]).all()
        assert np.isfinite(w_bar).all()
        assert np.array_equal(
            np.isfinite(x_bar), np.isfinite(naive.conv_input_grad(np.ones(z.shape), w, size=(5, 6), **params))
        )


def processor() -> str:
    try:
        return Path("/proc/cpuinfo").read_text()
    except OSError:
        return ""


@pytest.mark.parametrize(("kernels", "needs"), [("Haswell", "avx2"), ("SkylakeX", "avx512f")])
def test_infinity_gives_no_warning_whatever_the_processor(kernels: str, needs: str) -> None:
    """With OpenBLAS's products for processors with and without AVX-512."""
    if needs not in processor():
        pytest.skip(f"this processor has no {needs}")
    test = f"{__file__}::{test_infinity_gives_no_warning.__name__}"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-W", "error", test]
    done = subprocess.run(
        command, env={**os.environ, "OPENBLAS_CORETYPE": kernels}, capture_output=True, text=True, timeout=100
    )
    assert done.returncode == 0, done.stdout
