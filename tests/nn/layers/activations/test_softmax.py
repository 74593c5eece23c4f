"""Softmax and its kin as layers: the axis."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import nn


@pytest.mark.parametrize("layer", [nn.Softmax, nn.LogSoftmax, nn.Softmin])
def test_the_axis_of_softmax_may_be_left_out_where_there_is_no_doubt(layer: Any) -> None:
    x = np.random.default_rng(0).normal(size=(2, 3, 4, 5))
    for part in (x[0, 0, 0], x[0, 0]):
        np.testing.assert_array_equal(layer()(part), layer(dim=-1)(part))
    with pytest.raises(ValueError, match=rf"write {layer.__name__}\(dim=1\) where the classes are the channels"):
        layer()(x)
    np.testing.assert_allclose(np.exp(nn.LogSoftmax(dim=-3)(x)).sum(axis=1), 1)
