"""Saliency, compared with finite differences."""

from __future__ import annotations

import numpy as np

import nn
from tests.helpers.networks.classifiers import convolutional, images


def test_it_is_the_largest_slope_of_the_channels() -> None:
    model, x = convolutional(), images(2)
    found = nn.attribution.saliency(model, x, target=[2, 0])
    h = 1e-6
    slopes = np.zeros_like(x)
    for index in np.ndindex(x.shape[1:]):
        step = np.zeros_like(x)
        step[:, *index] = h
        change = nn.predict(model, x + step) - nn.predict(model, x - step)
        slopes[:, *index] = change[[0, 1], [2, 0]] / (2 * h)
    np.testing.assert_allclose(found, abs(slopes).max(axis=1), rtol=1e-5, atol=1e-8)


def test_of_other_inputs_than_images_it_has_their_shape() -> None:
    model = nn.Sequential(nn.Linear(5, 4, rng=0), nn.Tanh(), nn.Linear(4, 2, rng=1)).double()
    x = np.random.default_rng(0).normal(size=(3, 5))
    hidden = np.tanh(x @ model[0].weight.data.T + model[0].bias.data)
    expected = ((1 - hidden**2) * model[2].weight.data[1]) @ model[0].weight.data
    np.testing.assert_allclose(nn.attribution.saliency(model, x, target=1), abs(expected), rtol=1e-12)
