"""Programs of `mg.compile` on a GPU compute there what the functions compute, and move no array on the way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn
from minigrad.device import device_of, to_host
from tests.helpers.every_sample import every_sample, several
from tests.helpers.parametrized.for_each import naming
from tests.minigrad.program.test_registry import gradient, leaves, second, smallest
from tests.samples import SAMPLES, Sample


def agrees(f: Callable[..., Any], *calls: Any, exact: bool) -> Any:
    """The compiled function, which gives in every call what `f` gives, on the same device."""
    compiled = mg.compile(f)
    for args in calls:
        found, expected = list(leaves(compiled(*args))), list(leaves(f(*args)))
        assert len(found) == len(expected)
        for a, b in zip(found, expected, strict=True):
            assert type(a) is type(b)
            assert (device_of(a), a.dtype, a.shape) == (device_of(b), b.dtype, b.shape)
            if exact:
                np.testing.assert_array_equal(to_host(a), to_host(b))
            else:  # sums of many threads come in another order each time
                np.testing.assert_allclose(to_host(a), to_host(b), rtol=1e-4, atol=1e-5)
    return compiled


def on_gpu(arrays: Any, scale: float = 1.0) -> tuple[Any, ...]:
    return tuple(mg.to(np.asarray(a * scale), "cuda") for a in arrays)


@every_sample(of=several(6))
def test_values(sample: Sample, gpu: str) -> None:
    """Of Tensors, which come back as Tensors."""
    calls = [map(mg.Tensor, on_gpu(sample.arrays, scale)) for scale in (1.0, 1.0 + 2.0**-7)]
    agrees(sample.f, *map(tuple, calls), exact=gpu == "fake_cupy")


@pytest.mark.parametrize("operation", SAMPLES)
def test_first_and_second_derivative(operation: str, gpu: str) -> None:
    sample = smallest(operation)
    given = on_gpu(sample.arrays), on_gpu(sample.arrays, 1.0 + 2.0**-7)
    with naming(sample):
        agrees(gradient(sample), *given, exact=gpu == "fake_cupy")
        agrees(second(sample), *given, exact=gpu == "fake_cupy")


def mlp(W1: Any, b1: Any, W2: Any, x: Any, t: Any) -> Any:
    z1 = x @ mg.transpose(W1) + b1
    a1 = mg.tanh(z1)
    z2 = a1 @ mg.transpose(W2)
    return mg.cross_entropy(z2, t)


def cnn(w1: Any, b1: Any, W2: Any, x: Any, t: Any) -> Any:
    z1 = mg.conv2d(x, w1, b1, padding=1)
    a1 = mg.max_pool2d(mg.relu(z1), 2)
    z2 = a1.reshape(len(x), -1) @ mg.transpose(W2)
    return mg.cross_entropy(z2, t)


SHAPES = {mlp: [(5, 4), (5,), (3, 5), (6, 4)], cnn: [(2, 1, 3, 3), (2,), (3, 18), (6, 1, 6, 6)]}


@pytest.mark.parametrize("network", [mlp, cnn])
def test_a_step_of_training_with_other_numbers(network: Any, gpu: str) -> None:
    calls = []
    for seed in range(3):
        rng = np.random.default_rng(seed)
        numbers = [rng.normal(size=shape).astype(np.float32) for shape in SHAPES[network]]
        calls.append(tuple(mg.to(a, "cuda") for a in [*numbers, rng.integers(0, 3, 6)]))
    step = agrees(mg.value_and_grad(network, argnums=(0, 1, 2)), *calls, exact=gpu == "fake_cupy")
    assert len(step._programs) == 1
    assert "x: float32 (6, " in step.source
    assert step.source.count(" on cuda:0") == 5


@pytest.mark.usefixtures("gpu")
def test_tensors_come_back_as_tensors() -> None:
    step = mg.compile(lambda x: (x * 2.0, x.sum()))
    y, total = step(mg.Tensor([1.0, 2.0], device="cuda"))
    assert isinstance(y, mg.Tensor)
    assert (y.device, total.device) == ("cuda:0", "cuda:0")
    assert total.item() == 3.0


@pytest.mark.usefixtures("gpu")
def test_a_program_is_written_for_a_device() -> None:
    step = mg.compile(mg.grad(lambda x: mg.sum(x**2)))
    on_cpu, on_gpu = np.array([1.0, 2.0]), mg.to(np.array([1.0, 2.0]), "cuda")
    for _ in range(2):
        assert device_of(step(on_cpu)) == "cpu"
        assert "cuda" not in step.source or device_of(step(on_gpu)) == "cuda:0"
        assert device_of(step(on_gpu)) == "cuda:0"
    assert len(step._programs) == 2


@pytest.mark.usefixtures("gpu")
def test_devices_that_are_mixed() -> None:
    f = mg.value_and_grad(lambda w, x: mg.sum(mg.tanh(w * x)), argnums=(0, 1))
    mixed = np.ones(3), mg.to(np.ones(3), "cuda")
    with pytest.raises(TypeError, match=r"on 'cpu' and one of shape .* nothing is moved implicitly") as eager:
        f(*mixed)
    with pytest.raises(TypeError) as compiled:
        mg.compile(f)(*mixed)
    assert str(compiled.value) == str(eager.value)


def test_what_is_moved_within_the_function_is_moved_in_each_call(gpu: str) -> None:
    def f(w: Any, x: Any) -> Any:
        y = mg.tanh(mg.to(w, "cuda") * x)
        return mg.sum(mg.to(y, "cpu") * np.arange(3.0))

    calls = [(np.arange(3.0) + k, mg.to(np.ones(3) - 0.3 * k, "cuda")) for k in range(3)]
    step = agrees(mg.value_and_grad(f, argnums=(0, 1)), *calls, exact=gpu == "fake_cupy")
    assert 'to_device(w, "cuda:0")' in step.source


@pytest.mark.parametrize("number", [np.float64, float])
def test_a_number_beside_arrays(number: Any, gpu: str) -> None:
    f = mg.value_and_grad(lambda w, x: mg.mean((w * x) ** 2), argnums=(0, 1))
    calls = [(number(k), mg.to(np.arange(3.0) + k, "cuda")) for k in range(1, 3)]
    agrees(f, *calls, exact=gpu == "fake_cupy")


@pytest.mark.usefixtures("gpu")
def test_constants_are_moved_once() -> None:
    weights = mg.to(np.array([0.5, -1.0, 2.0]), "cuda")
    step = mg.compile(lambda x: x * weights)
    for k in range(2):
        np.testing.assert_array_equal(to_host(step(mg.to(np.full(3, 2.0 + k), "cuda"))), [1 + k / 2, -2 - k, 4 + 2 * k])
    before = step.source[: step.source.index("def ")]
    assert 'constant_1 = to_device(np.array([0.5, -1.0, 2.0]), "cuda:0")' in before
    assert "x * constant_1" in step.source


@pytest.mark.usefixtures("gpu")
def test_a_saved_program_asks_for_the_device(tmp_path: Any) -> None:
    step = mg.compile(mg.grad(lambda x: mg.sum(x**3)))
    x = mg.to(np.array([1.0, 2.0]), "cuda")
    expected = step(x)
    step.save(tmp_path / "step.py")
    saved: dict[str, Any] = {"__name__": "step"}
    exec((tmp_path / "step.py").read_text(), saved)
    program = next(f for name, f in saved.items() if name == step._name)
    np.testing.assert_array_equal(to_host(program(x)), to_host(expected))
    with pytest.raises(
        ValueError, match=r"is float64 \(2,\), and the program was written for float64 \(2,\) on cuda:0"
    ):
        program(to_host(x))


def test_a_model_is_trained_by_a_compiled_step(gpu: str) -> None:
    found = []
    for compiled in (False, True):
        model = nn.Sequential(nn.Conv2d(1, 2, 3, rng=0), nn.ReLU(), nn.Flatten(), nn.Linear(32, 3, rng=1)).to("cuda")
        optimizer = nn.optim.Adam(model.parameters(), lr=0.01)
        loss = nn.CrossEntropyLoss()
        step = nn.compile_step(model, loss, optimizer) if compiled else None
        losses = []
        for seed in range(4):
            rng = np.random.default_rng(seed)
            x = mg.to(rng.normal(size=(5, 1, 6, 6)).astype(np.float32), "cuda")
            t = mg.to(rng.integers(0, 3, 5), "cuda")
            if step is None:
                optimizer.zero_grad()
                L = loss(model(mg.Tensor(x)), t)
                L.backward()
                optimizer.step()
            else:
                L = step(x, t)
            losses.append(to_host(L.data if isinstance(L, mg.Tensor) else L))
        assert {p.device for p in model.parameters()} == {"cuda:0"}
        found.append((losses, model.state_dict()))
    (losses, weights), (compiled_losses, compiled_weights) = found
    tolerance = 0.0 if gpu == "fake_cupy" else 1e-4
    np.testing.assert_allclose(compiled_losses, losses, rtol=tolerance)
    for name, array in weights.items():
        np.testing.assert_allclose(compiled_weights[name], array, rtol=tolerance, atol=tolerance, err_msg=name)
