"""Every operation and its derivatives give the same numbers on a GPU as on the CPU, and move no array on the way."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pytest

import minigrad as mg
from minigrad.device import device_of, to_host
from tests.gpu.conftest import no_gpu
from tests.helpers import cupy_names, fake_cupy
from tests.helpers.every_sample import every_sample
from tests.samples import SAMPLES, Sample


def wave(like: Any, phase: int) -> Any:
    """Some numbers with the shape and on the device of `like`."""
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


@every_sample
def test_values_and_derivatives_agree_with_the_cpu(sample: Sample, gpu: str) -> None:
    tolerance = 1e-12 if gpu == "fake_cupy" else 1e-8  # a GPU adds in another order
    on_cpu = results(sample, "cpu")
    for what, array in results(sample, "cuda").items():
        assert device_of(array) == "cuda:0", what
        assert array.dtype == on_cpu[what].dtype, what
        np.testing.assert_allclose(to_host(array), on_cpu[what], rtol=tolerance, atol=tolerance, err_msg=what)


def test_what_the_rules_call_is_in_the_installed_cupy(monkeypatch: pytest.MonkeyPatch) -> None:
    """The fake refuses what is not in its list; here the list is compared with CuPy, which imports without a GPU."""
    pytest.importorskip("cupy")
    monkeypatch.setattr(fake_cupy, "REACHED", reached := set())
    installed = cupy_names.found()
    with monkeypatch.context() as patched:
        for name, module in fake_cupy.modules().items():
            patched.setitem(sys.modules, name, module)
        for samples in SAMPLES.values():
            for sample in samples:
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
    missing = {name: parameters for name in reached if (parameters := set(listed[name]) - set(installed.get(name, ())))}
    assert reached - installed.keys() == set()
    assert missing == {}


def test_cupy_has_a_gpu() -> None:
    """Without a GPU the tests above ran on the fake alone, and this line of the report says why."""
    if no_gpu():
        pytest.skip(no_gpu())


# ---------------------------------------------------------------- the fake is as strict as CuPy


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
def test_it_refuses_mixing_and_conversion(array: fake_cupy.Array, mixed: Any) -> None:
    with pytest.raises(TypeError, match=r"Unsupported type|Implicit conversion"):
        mixed(array)


@pytest.mark.parametrize(
    ("call", "why"),
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
def test_it_lacks_what_cupy_lacks(array: fake_cupy.Array, call: Any, why: str) -> None:
    with pytest.raises((TypeError, AttributeError), match=why):
        call(array)


def test_a_single_number_stays_an_array(array: fake_cupy.Array) -> None:
    for number in (array[0, 0], array.sum(), np.max(array), array[0] @ array[1], np.float64(2) * array[0, 0]):
        assert isinstance(number, fake_cupy.Array)
        assert number.shape == ()
