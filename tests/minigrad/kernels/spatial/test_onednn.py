"""oneDNN, an optional extra: when it is called, with how many threads, and what happens without it."""

from __future__ import annotations

import ctypes
import importlib.metadata
import warnings
from typing import Any

import numpy as np
import pytest

from minigrad.kernels.spatial import convolution as conv
from minigrad.kernels.spatial import onednn
from tests.helpers.threads.blas import allow
from tests.minigrad.kernels.test_threads import forks, in_child

needs_onednn = pytest.mark.skipif(onednn._dnnl() is None, reason="onednn-cpu-gomp is not installed")
HOW: Any = {"stride": (1, 1), "padding": ((1, 1), (1, 1)), "dilation": (1, 1), "groups": 1}


@pytest.fixture
def called(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The kinds of primitives it is called for; every array is large enough."""
    kinds: list[str] = []
    run = onednn._run

    def noting(kind: str, *args: Any, **params: Any) -> None:
        kinds.append(kind)
        run(kind, *args, **params)

    monkeypatch.setattr(conv, "_LARGE", -1)
    monkeypatch.setattr(onednn, "_run", noting)
    return kinds


def convolution(channels: int = 4, dtype: Any = np.float32, n: int = 2) -> Any:
    x, w = np.ones((n, channels, 5, 5), dtype), np.ones((4, channels, 3, 3), dtype)
    z = conv.conv(x, w, np.zeros(4, dtype), **HOW)
    x_bar = conv.conv_input_grad(z, w, size=(5, 5), **HOW)
    w_bar = conv.conv_weight_grad(z, x, kernel=(3, 3), **HOW)
    assert z.dtype == x_bar.dtype == w_bar.dtype == dtype
    return z, x_bar, w_bar


@needs_onednn
def test_it_is_called_for_float32(called: list[str]) -> None:
    convolution()
    assert called == ["forward", "backward_data", "backward_weights"]


@needs_onednn
def test_with_few_channels_the_input_gradient_is_a_convolution(called: list[str]) -> None:
    convolution(channels=onednn._FEW_CHANNELS - 1)
    assert called == ["forward", "forward", "backward_weights"]


@pytest.mark.parametrize("params", [{"dtype": np.float64}, {"dtype": np.float16}, {"n": 0}, {"dtype": np.dtype(">f4")}])
def test_it_is_not_called_for(params: Any, called: list[str]) -> None:
    if params == {"dtype": np.dtype(">f4")}:
        conv.conv(np.ones((1, 4, 5, 5), ">f4"), np.ones((6, 4, 3, 3), ">f4"), **HOW)
    else:
        convolution(**params)
    assert not called


def test_it_is_not_called_for_small_arrays(called: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conv, "_LARGE", 1 << 20)
    convolution()
    assert not called


@needs_onednn
@pytest.mark.parametrize("allowance", [1, 2])
def test_it_uses_as_many_threads_as_blas(allowance: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """And OpenMP's own number is restored afterwards, after errors, too."""
    library, seen = onednn._dnnl(), []
    allow(monkeypatch, allowance)
    monkeypatch.setattr(conv, "_LARGE", -1)
    execute = onednn._execute

    def noting(*args: Any) -> None:
        seen.append(library.omp_get_max_threads())
        execute(*args)

    monkeypatch.setattr(onednn, "_execute", noting)
    before = library.omp_get_max_threads()
    library.omp_set_num_threads(2)
    try:
        convolution()
        assert set(seen) == {allowance}
        assert library.omp_get_max_threads() == 2
        monkeypatch.setattr(onednn, "_checked", lambda *args: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            convolution()
        assert library.omp_get_max_threads() == 2
    finally:
        library.omp_set_num_threads(before)


@needs_onednn
def test_an_error_of_the_library_names_its_function() -> None:
    with pytest.raises(RuntimeError, match=r"^oneDNN: dnnl_engine_create gave status 2; without onednn-cpu-gomp"):
        onednn._new("engine_create", ctypes.c_int(99), ctypes.c_size_t(0))


@needs_onednn
def test_its_handles_are_destroyed() -> None:
    onednn._primitive.cache_clear()
    onednn._reorder.cache_clear()
    destroyed = []

    class Library:
        def __getattr__(self, name: str) -> Any:
            destroyed.append(name)
            return getattr(onednn._dnnl(), name)

    shapes = ((1, 4, 5, 5), (6, 4, 3, 3), (1, 6, 5, 5))
    primitive = onednn._primitive("backward_data", *shapes, False, 1, **HOW)
    primitive.library = Library()
    onednn._primitive.cache_clear()
    del primitive
    assert destroyed == ["dnnl_primitive_destroy", "dnnl_primitive_desc_destroy", "dnnl_primitive_desc_destroy"]


@needs_onednn
@forks
@pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork:DeprecationWarning")
def test_a_forked_process_uses_numpy(called: list[str]) -> None:
    expected = convolution()
    assert len(called) == 3

    def check() -> None:
        for ours, theirs in zip(convolution(), expected, strict=True):
            np.testing.assert_array_equal(ours, theirs)
        assert len(called) == 3

    in_child(check)


class File:
    name = "libdnnl.so.3"

    def locate(self) -> str:
        return "/nowhere/libdnnl.so.3"


def test_a_library_that_does_not_load_warns_once(called: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.metadata, "files", lambda name: [File()])
    onednn._dnnl.cache_clear()
    try:
        with pytest.warns(UserWarning, match=r"^onednn-cpu-gomp is installed, but does not load: .*; NumPy computes$"):
            convolution()
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            z, _, _ = convolution()
    finally:
        onednn._dnnl.cache_clear()
    assert z[0, 0, 2, 2] == 36
    assert not called


@pytest.mark.parametrize("files", [[], None])
def test_without_the_library_there_is_no_warning(
    files: Any, called: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.metadata, "files", lambda name: files)
    onednn._dnnl.cache_clear()
    try:
        convolution()
    finally:
        onednn._dnnl.cache_clear()
    assert not called
