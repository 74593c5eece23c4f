"""to(device, dtype) in its forms: parameters stay the same objects, and whole numbers keep their dtype."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn


class Counted(nn.Module):
    def __init__(self) -> None:
        self.linear = nn.Linear(2, 2, rng=0)
        self.scale = nn.Parameter(2.0)
        self.mean = nn.Buffer(np.zeros(2, np.float32))
        self.steps = nn.Buffer(np.array(3))
        self.mask = nn.Buffer(np.array([True, False]))

    def forward(self, x: Any) -> Any:
        return self.scale * (self.linear(x) - self.mean)


@pytest.mark.parametrize(
    ("convert", "dtype"),
    [
        (lambda m: m.to(np.float64), np.float64),
        (lambda m: m.to(dtype=np.float16), np.float16),
        (lambda m: m.to("float64"), np.float64),
        (lambda m: m.to("cpu", np.float64), np.float64),
        (lambda m: m.to(device="cpu", dtype="float64"), np.float64),
        (lambda m: m.to(mg.Tensor(np.ones(1, np.float16))), np.float16),
        (lambda m: m.to(float), np.float64),
        (lambda m: m.half(), np.float16),
        (lambda m: m.double().float(), np.float32),
        (lambda m: m.double(), np.float64),
    ],
)
def test_floating_parameters_and_buffers_change_their_dtype(convert: Any, dtype: Any) -> None:
    model = Counted()
    before = list(model.parameters())
    assert convert(model) is model
    assert all(p is q for p, q in zip(before, model.parameters(), strict=True))
    assert {p.dtype for p in model.parameters()} == {np.dtype(dtype)}
    assert (model.mean.dtype, model.steps.dtype, model.mask.dtype) == (dtype, np.int64, bool)
    assert isinstance(model.scale.data, np.generic)
    assert model(np.ones((1, 2), dtype)).dtype == dtype


def test_a_device_alone_keeps_everything_as_it_is() -> None:
    model = Counted()
    arrays = [p.data for p in model.parameters()]
    loss = mg.sum(model(np.ones((1, 2), np.float32)))
    assert model.to("cpu").cpu().to(device="cpu") is model
    assert all(p.data is array for p, array in zip(model.parameters(), arrays, strict=True))
    loss.backward()  # nothing was written into


def test_gradients_and_an_optimizer_go_on() -> None:
    model = Counted()
    optimizer = nn.optim.SGD(model.parameters(), lr=0.1)
    mg.sum(model(np.ones((1, 2), np.float32))).backward()
    before = model.linear.weight.data.copy()
    grad = model.linear.weight.grad.copy()
    model.double()
    assert model.linear.weight.grad.dtype == np.float64
    optimizer.step()
    np.testing.assert_allclose(model.linear.weight.data, before - 0.1 * grad, rtol=1e-6)
    assert model.linear.weight.dtype == np.float64


def test_ties_stay_ties_and_frozen_parameters_frozen() -> None:
    model = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 2))
    model[1].weight = model[0].weight
    model[0].bias.requires_grad = False
    model.double()
    assert model[1].weight is model[0].weight
    assert (model[0].bias.requires_grad, model[0].bias.dtype) == (False, np.float64)


@pytest.mark.parametrize(
    ("convert", "kind", "said"),
    [
        (lambda m: m.to("gpu"), ValueError, "device 'gpu' is not known"),
        (lambda m: m.to(np.int64), TypeError, "to: parameters are floating, and int64 is not"),
        (lambda m: m.to(dtype=complex), TypeError, "complex128 is not; write np.float32"),
        (lambda m: m.to(dtype="x"), TypeError, "'x' is not a dtype"),
        (lambda m: m.to(), TypeError, r"expected a device or a dtype, as model.to\(\"cuda\"\)"),
        (lambda m: m.to(np.float32, np.float64), TypeError, "got two dtypes, float32 and float64"),
        (lambda m: m.to("cpu", non_blocking=True), TypeError, "unexpected keyword argument 'non_blocking'"),
    ],
)
def test_what_does_not_fit_changes_nothing(convert: Any, kind: type[Exception], said: str) -> None:
    model = Counted()
    with pytest.raises(kind, match=said):
        convert(model)
    assert {p.dtype for p in model.parameters()} == {np.dtype(np.float64), np.dtype(np.float32)}
