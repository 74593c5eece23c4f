"""Attribution on a GPU gives the same maps as on the CPU, as NumPy arrays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn
from tests.helpers.networks.classifiers import convolutional, images

WAYS: dict[str, Callable[..., Any]] = {
    "saliency": nn.attribution.saliency,
    "guided_backpropagation": nn.attribution.guided_backpropagation,
    "deconvnet": nn.attribution.deconvnet,
    "deconvnet of a unit": lambda model, x, _: nn.attribution.deconvnet(model, x, layer="relu2", unit=1),
    "grad_cam": lambda model, x, target: nn.attribution.grad_cam(model, x, "relu2", target),
    "occlusion": lambda model, x, target: nn.attribution.occlusion(model, x, target, patch_size=4),
}


@pytest.mark.usefixtures("gpu")
@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_the_maps_are_the_same(way: Any) -> None:
    found = []
    for device in ("cpu", "cuda"):
        model = convolutional().to(device)
        maps = [way(model, x, target) for x in (images(2), mg.to(images(2), device)) for target in (None, [2, 0])]
        assert {type(one) for one in maps} == {np.ndarray}
        assert {parameter.device for parameter in model.parameters()} == {"cpu" if device == "cpu" else "cuda:0"}
        found.append(maps)
    for on_cpu, on_gpu in zip(*found, strict=True):
        np.testing.assert_allclose(on_gpu, on_cpu, rtol=1e-6, atol=1e-9)


@pytest.mark.usefixtures("gpu")
def test_changed_rules() -> None:
    x = mg.Tensor([1.0, -2.0, 3.0], device="cuda", requires_grad=True)
    loss = (mg.relu(x) * mg.to(np.array([1.0, 1.0, -1.0]), "cuda")).sum()
    loss.backward(rules={mg.relu: lambda y_bar, y, x: y_bar * (y > 0) * (y_bar > 0)})
    np.testing.assert_array_equal(mg.to(x.grad, "cpu"), [1, 0, 0])
