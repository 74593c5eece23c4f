"""Guided backpropagation, compared with the backward pass written out."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minigrad as mg
import nn
from tests.helpers.networks.classifiers import convolutional, images

seeds = st.integers(0, 2**16)


def mlp(seed: int) -> tuple[Any, Any]:
    rng = np.random.default_rng(seed)
    layers = [nn.Linear(4, 6, rng=rng), nn.ReLU(), nn.Linear(6, 5, rng=rng), nn.ReLU(), nn.Linear(5, 3, rng=rng)]
    return nn.Sequential(*layers).double(), rng.normal(size=(7, 4))


@given(seeds)
def test_it_is_the_intersection_of_both_rules(seed: int) -> None:
    """At each ReLU what the backward pass and deconvnet let through."""
    model, x = mlp(seed)
    h1 = x @ model[0].weight.data.T + model[0].bias.data
    h2 = np.maximum(h1, 0) @ model[2].weight.data.T + model[2].bias.data
    for name, passes in {
        "guided_backpropagation": lambda h, signal: signal * (h > 0) * (signal > 0),
        "deconvnet": lambda _, signal: signal * (signal > 0),
    }.items():
        signal = np.broadcast_to(model[4].weight.data[1], h2.shape)
        signal = passes(h2, signal) @ model[2].weight.data
        expected = passes(h1, signal) @ model[0].weight.data
        np.testing.assert_allclose(getattr(nn.attribution, name)(model, x, target=1), expected, rtol=1e-12, atol=1e-14)


def test_where_all_is_positive_it_is_the_gradient() -> None:
    """Weights and pixels that are not negative: no unit is inactive, and no error signal negative."""
    model, x = convolutional(), abs(images())
    for parameter in model.parameters():
        parameter.data = abs(parameter.data)
    guided = nn.attribution.guided_backpropagation(model, x, target=1)
    np.testing.assert_array_equal(guided, nn.attribution.deconvnet(model, x, target=1))
    np.testing.assert_array_equal(guided.max(axis=1), nn.attribution.saliency(model, x, target=1))


@pytest.mark.parametrize("way", ["guided_backpropagation", "deconvnet"])
def test_a_model_without_relu(way: str) -> None:
    model = nn.Sequential(nn.Linear(4, 3, rng=0), nn.Tanh(), nn.Linear(3, 2, rng=0))
    with pytest.raises(ValueError, match=rf"{way}: this Sequential has no ReLU, whose backward rule is changed"):
        getattr(nn.attribution, way)(model, np.ones((1, 4)))


def test_a_relu_within_a_checkpoint() -> None:
    class Light(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.inner, _ = mlp(3)

        def forward(self, x: Any) -> Any:
            return mg.checkpoint(self.inner)(x)

    light = Light()
    x = np.random.default_rng(1).normal(size=(2, 4))
    guided = nn.attribution.guided_backpropagation
    np.testing.assert_array_equal(guided(light, x, 0), guided(light.inner, x, 0))
