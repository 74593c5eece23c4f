"""Initial weights against PyTorch: fans, gains, and the distributions by their quantiles."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nn
from nn.init.fans import fans

pytestmark = pytest.mark.oracle

SHAPES = st.lists(st.integers(1, 6), min_size=2, max_size=5).map(tuple)
NONLINEARITIES = [
    "linear",
    "conv1d",
    "conv2d",
    "conv3d",
    "conv_transpose2d",
    "sigmoid",
    "tanh",
    "relu",
    "leaky_relu",
    "selu",
]


class Recorder:
    """Stands for a Tensor of PyTorch, and remembers what its numbers were to be drawn with."""

    upper_bound_or_std = 0.0

    def __init__(self, shape: Any) -> None:
        self.shape, self.ndim = shape, len(shape)

    def dim(self) -> int:
        return self.ndim

    def size(self, axis: int) -> int:
        size: int = self.shape[axis]
        return size

    def uniform_(self, lower: float, upper: float, generator: None) -> None:
        assert (lower, generator) == (-upper, None)
        self.upper_bound_or_std = upper

    def normal_(self, mean: float, std: float, generator: None) -> None:
        assert (mean, generator) == (0, None)
        self.upper_bound_or_std = std


@given(SHAPES)
@settings(deadline=None)
def test_fans(shape: Any) -> None:
    from tests.helpers.pytorch import torch

    ours = fans("kaiming_normal_", nn.Parameter(np.zeros(shape)))
    assert ours == torch.nn.init._calculate_fan_in_and_fan_out(torch.zeros(shape))


@given(st.sampled_from(NONLINEARITIES), st.none() | st.floats(-2, 2))
@settings(deadline=None)
def test_gains(nonlinearity: str, param: Any) -> None:
    from tests.helpers.pytorch import torch

    theirs = torch.nn.init.calculate_gain(nonlinearity, param)
    assert math.isclose(nn.init.calculate_gain(nonlinearity, param), theirs, rel_tol=1e-15)


@given(
    SHAPES, st.sampled_from(["fan_in", "fan_out"]), st.sampled_from(NONLINEARITIES), st.floats(0, 2), st.floats(0, 3)
)
@settings(deadline=None, max_examples=50)
def test_bounds_and_deviations(shape: Any, mode: Any, nonlinearity: Any, a: float, gain: float) -> None:
    """What PyTorch hands to its uniform and normal distributions is what ours are drawn with."""
    from tests.helpers.pytorch import torch

    for name, arguments in {
        "xavier": {"gain": gain},
        "kaiming": {"a": a, "mode": mode, "nonlinearity": nonlinearity},
    }.items():
        for kind in ("uniform_", "normal_"):
            theirs = Recorder(shape)
            getattr(torch.nn.init, f"{name}_{kind}")(theirs, **arguments)
            spread = theirs.upper_bound_or_std
            ours = getattr(nn.init, f"{name}_{kind}")(nn.Parameter(np.zeros(shape)), **arguments, rng=3).data
            standard = getattr(np.random.default_rng(3), kind[:-1])(*((-1, 1) if kind == "uniform_" else (0, 1)), shape)
            np.testing.assert_allclose(ours, spread * standard, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize(("shape", "groups"), [((4, 3, 3), 1), ((4, 2, 3, 4), 2), ((2, 3, 1, 2, 3), 1)])
def test_dirac_and_eye(shape: Any, groups: int) -> None:
    from tests.helpers.pytorch import torch

    ours = nn.init.dirac_(nn.Parameter(np.ones(shape)), groups)
    assert ours.data.tolist() == torch.nn.init.dirac_(torch.ones(shape), groups).tolist()
    assert (
        nn.init.eye_(nn.Parameter(np.ones(shape[:2]))).data.tolist()
        == torch.nn.init.eye_(torch.ones(shape[:2])).tolist()
    )
