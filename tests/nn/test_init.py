"""Initial parameters: their dtype, their range and their seed."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

import nn


@pytest.mark.parametrize("layer", [nn.Linear(4, 3), nn.Conv2d(4, 3, 2)], ids=lambda layer: type(layer).__name__)
def test_parameters_are_float32_within_one_over_root_fan_in(layer):
    fan_in = layer.weight.data[0].size
    for p in layer.parameters():
        assert p.dtype == np.float32
        assert np.abs(p.data).max() <= 1 / np.sqrt(fan_in)
    assert np.abs(nn.Linear(100, 100, rng=0).weight.data).max() > 0.09  # and they use the room


def test_the_same_seed_gives_the_same_layer():
    assert np.array_equal(nn.Conv2d(2, 3, 3, rng=5).weight.data, nn.Conv2d(2, 3, 3, rng=5).weight.data)
    assert not np.array_equal(nn.Linear(2, 3, rng=5).weight.data, nn.Linear(2, 3, rng=6).weight.data)


def test_large_layers_are_drawn_in_pieces_and_need_no_memory_twice():
    tracemalloc.start()
    weight = nn.Linear(1000, 1000, rng=0).weight.data
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert np.array_equal(
        weight, np.random.default_rng(0).uniform(-(1000**-0.5), 1000**-0.5, (1000, 1000)).astype("f4")
    )
    assert peak < 1.5 * weight.nbytes
