"""oneDNN, an optional extra: when it is called, with how many threads, and what happens without it."""

from __future__ import annotations

import ctypes
import gc
import importlib.metadata
import warnings
from collections import Counter
from threading import get_ident
from time import process_time, sleep
from typing import Any

import numpy as np
import pytest

from minigrad.kernels.spatial import convolution as conv
from minigrad.kernels.spatial import onednn
from tests.helpers.threads import at_once
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


def convolution(channels: int = 4, dtype: Any = np.float32, n: int = 2, size: int = 5) -> Any:
    x, w = np.ones((n, channels, size, size), dtype), np.ones((4, channels, 3, 3), dtype)
    z = conv.conv(x, w, np.zeros(4, dtype), **HOW)
    x_bar = conv.conv_input_grad(z, w, size=(size, size), **HOW)
    w_bar = conv.conv_weight_grad(z, x, kernel=(3, 3), **HOW)
    assert z.dtype == x_bar.dtype == w_bar.dtype == dtype
    return z, x_bar, w_bar


@needs_onednn
def test_it_is_called_for_float32(called: list[str]) -> None:
    convolution()
    assert called == ["forward", "backward_data", "backward_weights"]


@needs_onednn
@pytest.mark.parametrize("channels", [1, onednn._FEW_CHANNELS - 1])
def test_with_few_channels_the_input_gradient_is_a_convolution(channels: int, called: list[str]) -> None:
    convolution(channels)
    assert called == ["forward", "forward", "backward_weights"]


@needs_onednn
def test_with_few_channels_and_many_filters_numpy_computes_it(
    called: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conv, "_FEW_FILTERS_COMPILED", 4)
    convolution(channels=1)
    assert called == ["forward", "backward_weights"]


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
    """They are OpenMP's, whose own number is restored."""
    library, seen = onednn._dnnl(), []
    allow(monkeypatch, allowance)
    monkeypatch.setattr(conv, "_LARGE", -1)
    checked = onednn._checked

    def noting(function: str, *args: Any) -> None:
        if function == "primitive_execute":
            seen.append((get_ident(), library.omp_get_max_threads()))
        checked(function, *args)

    before = library.omp_get_max_threads()
    library.omp_set_num_threads(2)
    try:
        convolution()
        monkeypatch.setattr(onednn, "_checked", noting)
        convolution()
        assert set(seen) == {(get_ident(), allowance)}
        assert library.omp_get_max_threads() == 2
        monkeypatch.setattr(onednn, "_checked", lambda *args: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            convolution()
        assert library.omp_get_max_threads() == 2
    finally:
        library.omp_set_num_threads(before)


@needs_onednn
def test_no_thread_spins_long_after_a_call() -> None:
    """It would take the core from other programs, and from threads of ours."""
    x, w = np.ones((16, 16, 28, 28), np.float32), np.ones((16, 16, 3, 3), np.float32)

    def spent() -> float:
        z = conv.conv(x, w, **HOW)
        conv.conv_weight_grad(z, x, kernel=(3, 3), **HOW)
        before = process_time()
        sleep(0.005)
        return process_time() - before

    spent()
    assert min(spent() for _ in range(10)) < 0.001


@needs_onednn
@pytest.mark.parametrize("n", [2, 7, 32, 33])
def test_the_bits_do_not_depend_on_the_load(n: int) -> None:
    """Another thread keeps the workers, and a process a core, busy."""
    rng = np.random.default_rng(0)
    x = rng.random((n, 8, 12, 12), dtype=np.float32)
    w = rng.random((16, 8, 3, 3), dtype=np.float32)

    def results() -> list[bytes]:
        z = conv.conv(x, w, **HOW)
        parts = (z, conv.conv_weight_grad(z, x, kernel=(3, 3), **HOW), conv.conv_input_grad(z, w, size=(12, 12), **HOW))
        return [part.tobytes() for part in parts]

    (alone,) = at_once(lambda _: results(), threads=1)  # in a thread, too: OpenMP's number is one of each thread
    expected = alone.result()
    for outcome in at_once(lambda _: [results() for _ in range(5)]):
        assert all(found == expected for found in outcome.result())


@needs_onednn
def test_an_error_of_the_library_names_its_function() -> None:
    with pytest.raises(RuntimeError, match=r"^oneDNN: dnnl_engine_create gave status 2; without onednn-cpu-gomp"):
        onednn._new("engine_create", ctypes.c_int(99), ctypes.c_size_t(0))


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each function of the library was called."""
    real, calls = onednn._dnnl(), Counter[str]()

    class Library:
        def __getattr__(self, name: str) -> Any:
            calls[name] += 1
            return self if name == "unlocked" else getattr(real, name)

    counting = Library()
    monkeypatch.setattr(onednn, "_dnnl", lambda: counting)
    return calls


@needs_onednn
def test_memory_for_many_shapes_is_bounded(library: Counter[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Of each kind of handle as many are destroyed as made, but for those of the last shapes."""
    monkeypatch.setattr(onednn, "_LAYERS", 3)
    monkeypatch.setattr(conv, "_LARGE", -1)
    allow(monkeypatch, 1)  # no worker of other tests takes a piece, and keeps its primitives

    others = len(onednn._primitives)

    def run() -> None:
        for size in range(5, 30):
            convolution(size=size)
        assert len(onednn._primitives) <= others + 3
        assert library["dnnl_primitive_create"] - library["dnnl_primitive_destroy"] <= 3 * 4

    gc.disable()  # nothing waits for the collector of cycles
    try:
        [outcome] = at_once(lambda _: run(), 1)
        outcome.result()
    finally:
        gc.enable()
    assert library["dnnl_primitive_create"] >= 75
    for kind in ("primitive", "memory", "stream"):  # and all of them with the thread
        assert library[f"dnnl_{kind}_create"] == library[f"dnnl_{kind}_destroy"] > 0
    assert library["dnnl_memory_desc_destroy"] == sum(
        library[f"dnnl_memory_desc_create_with_{how}"] for how in ("tag", "strides")
    )


@needs_onednn
def test_the_librarys_own_cache_keeps_nothing() -> None:
    capacity = ctypes.c_int(-1)
    onednn._dnnl().dnnl_get_primitive_cache_capacity(ctypes.byref(capacity))
    assert capacity.value == 0


@needs_onednn
def test_a_large_workspace_is_freed_when_calls_no_longer_need_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conv, "_LARGE", -1)
    monkeypatch.setattr(onednn, "_FORGET", 20)

    def sizes() -> list[int]:
        found = []
        for size in (60, *[8] * 5, 60, *[8] * 10):
            convolution(size=size)
            found.append(len(onednn._mine._workspace))
        return found

    [outcome] = at_once(lambda _: sizes(), 1)
    found = outcome.result()
    assert len({*found[:12]}) == 1  # three calls for each: a layer in each step keeps it
    assert found[-1] < found[0] / 10


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
