"""Every layer gives the same numbers on a GPU as on the CPU: outputs and gradients, in training."""

from __future__ import annotations

import copy

import numpy as np
import pytest

import minigrad as mg
from minigrad.device import device_of
from tests.helpers.networks.modules import LAYERS, example


@pytest.mark.usefixtures("gpu")
@pytest.mark.parametrize("name", LAYERS)
def test_it_is_the_same_layer(name: str) -> None:
    layer, x = example(name, np.float64)
    found = []
    for device in ("cpu", "cuda"):
        model = copy.deepcopy(layer).to(device)
        y = model(mg.Tensor(x, device=device, requires_grad=x.dtype.kind == "f"))
        mg.sum(y * y).backward()
        assert device_of(y) == ("cpu" if device == "cpu" else "cuda:0")
        found.append([y.to("cpu").numpy(), *(mg.to(p.grad, "cpu") for p in model.parameters())])
    for on_cpu, on_gpu in zip(*found, strict=True):
        np.testing.assert_allclose(on_gpu, on_cpu, rtol=1e-9, atol=1e-12)
