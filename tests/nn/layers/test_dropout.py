"""Dropout."""

from __future__ import annotations

import numpy as np
import pytest

import minigrad as mg
import nn


def test_dropout_keeps_the_expected_sum_and_the_dtype():
    x = np.ones((200, 200), dtype=np.float32)
    y = nn.Dropout(0.25, rng=0)(x)
    assert y.dtype == np.float32
    assert set(np.unique(y)) == {np.float32(0), np.float32(1 / 0.75)}
    assert abs(y.mean() - 1) < 0.01
    assert not nn.Dropout(1.0)(x).any()
    assert nn.Dropout(0.25).eval()(x) is x
    with pytest.raises(ValueError, match="p is a probability"):
        nn.Dropout(1.5)


def test_dropout_passes_the_error_signal_where_it_kept_the_value():
    x = mg.Tensor(np.ones(100), requires_grad=True)
    y = nn.Dropout(0.5, rng=0)(x)
    y.sum().backward()
    assert np.array_equal(x.grad, y.data)


@pytest.mark.parametrize("p", [-0.1, 1.5, np.nan, "0.5", True, None, np.ones(1)], ids=repr)
def test_what_is_no_probability_is_refused_whenever_it_is_set(p):
    layer = nn.Dropout(0.25)
    with pytest.raises(ValueError, match="Dropout: p is a probability"):
        nn.Dropout(p)
    with pytest.raises(ValueError, match="Dropout: p is a probability"):
        layer.p = p
    assert layer.p == 0.25
