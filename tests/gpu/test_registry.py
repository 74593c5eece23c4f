"""Every operation gives on a GPU what it gives on the CPU, with its derivatives, and on the way moves nothing."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pytest

import minigrad as mg
from minigrad.device import device_of, to_host
from tests.gpu.conftest import no_gpu
from tests.helpers import cupy_names, fake_cupy
from tests.samples import SAMPLES, Sample

ALL = [sample for rows in SAMPLES.values() for sample in rows]


def wave(like: Any, phase: int) -> Any:
    """Any numbers, of the shape and on the device of something."""
    return mg.to(np.cos(phase + np.arange(float(like.size))).reshape(like.shape), device_of(like))


def results(sample: Sample, device: str) -> dict[str, Any]:
    """The value, all first and second derivatives, and a tangent."""
    arrays = [mg.to(a, device) for a in sample.arrays]
    arguments = range(len(arrays))

    def loss(*xs: Any) -> Any:
        y = sample.f(*xs)
        return (y * wave(y, 1)).sum()

    def slope(*xs: Any) -> Any:
        return sum(((x_bar * wave(x_bar, 2)).sum() for x_bar in mg.grad(loss, arguments)(*xs)), 0.0)

    y = sample.f(*[mg.Tensor(a, requires_grad=True) for a in arrays])
    found = {"value": y.data, "tangent": mg.jvp(sample.f, arrays, [wave(a, 3) for a in arrays])[1]}
    found |= {f"gradient {i}": x_bar for i, x_bar in enumerate(mg.grad(loss, arguments)(*arrays))}
    return found | {f"second {i}": x_bar for i, x_bar in enumerate(mg.grad(slope, arguments)(*arrays))}


@pytest.mark.parametrize("sample", ALL, ids=str)
def test_values_and_derivatives_are_those_of_the_cpu(sample: Sample, gpu: str) -> None:
    close = 1e-12 if gpu == "fake_cupy" else 1e-8  # the sums of a GPU are taken in another order
    here = results(sample, "cpu")
    for what, there in results(sample, "cuda").items():
        assert device_of(there) == "cuda:0", what
        assert there.dtype == here[what].dtype, what
        np.testing.assert_allclose(to_host(there), here[what], rtol=close, atol=close, err_msg=what)


def test_what_the_rules_call_is_in_the_cupy_that_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The stand-in refuses what is not in its list; the list is held against CuPy, which imports without a GPU."""
    pytest.importorskip("cupy")
    monkeypatch.setattr(fake_cupy, "REACHED", reached := set())
    there = cupy_names.found()
    with monkeypatch.context() as patched:
        for name, module in fake_cupy.modules().items():
            patched.setitem(sys.modules, name, module)
        for sample in ALL:
            results(sample, "cuda")
    assert {
        "einsum",
        "linalg.svd",
        "fft.rfft",
        "ndarray.sum",
        "special.erf",
        "lib.stride_tricks.sliding_window_view",
    } < reached
    listed = cupy_names.listed()
    missing = {name: parameters for name in reached if (parameters := set(listed[name]) - set(there.get(name, ())))}
    assert reached - there.keys() == set()
    assert missing == {}


def test_cupy_has_a_gpu() -> None:
    """Without one the tests above ran on the stand-in alone, and this line of the report says why."""
    if no_gpu():
        pytest.skip(no_gpu())


# ---------------------------------------------------------------- the stand-in is as strict as it says


@pytest.fixture
def array() -> fake_cupy.Array:
    return fake_cupy.Array(np.array([[1.0, 2.0], [3.0, 4.0]]), 0)


@pytest.mark.parametrize(
    "mixed",
    [
        lambda a: a + np.ones(2),
        lambda a: np.ones(2) + a,
        lambda a: np.where(a > 0, a, np.zeros(2)),
        lambda a: np.concatenate([a, np.ones((1, 2))]),
        lambda a: a[np.array([0])],
        lambda a: a.__setitem__(0, np.ones(2)),
        lambda a: np.ones(2)[a > 0],
        lambda a: np.asarray(a),
        lambda a: a.__iadd__(np.ones(2)),
        lambda a: np.add(np.ones((2, 2)), 1.0, out=a),
    ],
)
def test_it_is_not_mixed_or_converted(array: fake_cupy.Array, mixed: Any) -> None:
    with pytest.raises(TypeError, match=r"Unsupported type|Implicit conversion"):
        mixed(array)


@pytest.mark.parametrize(
    ("lacking", "why"),
    [
        (lambda a: np.spacing(a), "CuPy has no spacing"),
        (lambda a: np.max(a, initial=0.0), "no parameter initial"),
        (lambda a: a.sum(where=True), "no parameter where"),
        (lambda a: np.where(True, a, 0.0), "takes arrays, got bool"),
        (lambda a: np.linalg.solve(a, 1.0), "takes arrays, got float"),
        (lambda a: np.stack([a[0, 0], 1.0]), "Only cupy arrays"),
        (lambda a: a.astype(object), "Unsupported dtype"),
        (lambda a: range(9)[a.astype(int)[0, 0]], "must be integers"),
    ],
)
def test_it_lacks_what_cupy_lacks(array: fake_cupy.Array, lacking: Any, why: str) -> None:
    with pytest.raises((TypeError, AttributeError), match=why):
        lacking(array)


def test_a_single_number_stays_an_array(array: fake_cupy.Array) -> None:
    for number in (array[0, 0], array.sum(), np.max(array), array[0] @ array[1], np.float64(2) * array[0, 0]):
        assert isinstance(number, fake_cupy.Array)
        assert number.shape == ()
