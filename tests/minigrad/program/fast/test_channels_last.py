"""Convolutional networks with the channels of a pixel next to each other: the same numbers, but for rounding."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import minigrad as mg
from minigrad.kernels.spatial.onednn import _dnnl
from minigrad.program.compiled import compile

needs_onednn = pytest.mark.skipif(_dnnl() is None, reason="onednn-cpu-gomp is not installed")


def network(p: Any, x: Any, t: Any, mask: Any) -> Any:
    a = mg.relu(mg.conv2d(x, p[0], p[1], padding=1))
    h = mg.max_pool2d(mg.relu(mg.conv2d(a, p[2], p[3], padding=1)), 2) * mask
    return mg.cross_entropy(mg.reshape(h, (len(x), -1)) @ mg.transpose(p[4]), t)


def arguments(seed: int, filters: int = 8, channels: int = 3) -> tuple[Any, ...]:
    rng = np.random.default_rng(seed)
    shapes = (filters, channels, 3, 3), (filters,), (16, filters, 3, 3), (16,), (10, 16 * 8 * 8)
    p = [rng.normal(0, 0.1, shape).astype(np.float32) for shape in shapes]
    mask = (rng.random((32, 16, 8, 8)) < 0.75).astype(np.float32)
    return p, rng.normal(size=(32, channels, 16, 16)).astype(np.float32), rng.integers(0, 10, 32), mask


@needs_onednn
@pytest.mark.parametrize("channels", [1, 3])
def test_a_network(channels: int) -> None:
    step = mg.value_and_grad(network)
    compiled = compile(step, "fast")
    for seed in range(3):
        args = arguments(seed, 16, channels)
        (value, bars), (expected, expected_bars) = compiled(*args), step(*args)
        np.testing.assert_allclose(value, expected, rtol=1e-6)
        for found, bar in zip(bars, expected_bars, strict=True):
            assert found.shape == bar.shape
            assert found.flags.c_contiguous == bar.flags.c_contiguous
            np.testing.assert_allclose(found, bar, rtol=0, atol=1e-5 * abs(bar).max())
    assert "channels_last(x)" in compiled.source
    assert "channels_last(mask)" in compiled.source
    readable = compile(step)
    assert readable(*args)[0] == expected
    assert "channels_last" not in readable.source


def test_few_filters_and_penalties_of_other_orders() -> None:
    def flipped(p: Any, x: Any, t: Any, mask: Any) -> Any:
        return network(p, mg.flip(x, 3), t, mask) + mg.mean(mg.flip(mg.conv2d(x, p[0]), 2))

    for f, filters in ((network, 6), (flipped, 8)):
        step = mg.value_and_grad(f)
        compiled = compile(step, "fast")
        args = arguments(0, filters)
        (value, bars), (expected, expected_bars) = compiled(*args), step(*args)
        assert value == expected
        for found, bar in zip(bars, expected_bars, strict=True):
            np.testing.assert_array_equal(found, bar)
        assert "channels_last" not in compiled.source
