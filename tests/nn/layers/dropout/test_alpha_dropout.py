"""Alpha dropout keeps mean and variance."""

from __future__ import annotations

import numpy as np
import pytest

import nn

ALL = [nn.Dropout, nn.Dropout1d, nn.Dropout2d, nn.Dropout3d, nn.AlphaDropout, nn.FeatureAlphaDropout]


@pytest.mark.parametrize("p", [0.05, 0.5])
def test_alpha_dropout_keeps_mean_and_variance(p: float) -> None:
    x = np.random.default_rng(0).normal(size=1_000_000)
    y = nn.AlphaDropout(p, rng=1)(x)
    assert abs(y.mean()) < 0.005
    assert abs(y.var() - 1) < 0.005
    assert abs(nn.Dropout(p, rng=1)(x).var() - 1) > 0.04


def test_alpha_dropout_after_selu_through_many_layers() -> None:
    """The self-normalizing network of the paper: mean and variance stay near 0 and 1."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(500, 200)).astype(np.float32)
    for _ in range(10):
        layer = nn.Linear(200, 200, init=nn.init.lecun_normal_, rng=rng)
        x = nn.AlphaDropout(0.1, rng=rng)(nn.SELU()(layer(x)))
    assert x.dtype == np.float32
    assert abs(float(x.data.mean())) < 0.1
    assert abs(float(x.data.var()) - 1) < 0.2
