"""Dropout of elements and of channels."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn

ALL = [nn.Dropout, nn.Dropout1d, nn.Dropout2d, nn.Dropout3d, nn.AlphaDropout, nn.FeatureAlphaDropout]


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


@pytest.mark.parametrize("kind", ALL)
def test_every_kind_draws_anew_in_training_and_passes_its_input_in_evaluation(kind: Any) -> None:
    layer, again = kind(0.5, rng=0), kind(0.5, rng=0)
    x = np.random.default_rng(1).normal(size=(4, 8) + (2,) * getattr(layer, "axes", 1))
    first = layer(x)
    assert np.array_equal(first, again(x))
    assert not np.array_equal(first, layer(x))
    assert layer.eval()(x) is x
    assert kind(0.0)(x) is x
    assert not kind(1.0)(x).any()
    assert repr(layer) == f"{kind.__name__}(p=0.5)"
    mg.check_grads(lambda x: kind(0.5, rng=2)(x), x, order=2)


@pytest.mark.parametrize(
    ("kind", "shapes"),
    [
        (nn.Dropout1d, [(50, 20, 3), (200, 3)]),
        (nn.Dropout2d, [(50, 20, 2, 3)]),
        (nn.Dropout3d, [(50, 20, 2, 1, 3), (200, 2, 1, 3)]),
        (nn.FeatureAlphaDropout, [(50, 20, 2, 3), (50, 20)]),
    ],
)
def test_whole_channels_are_dropped(kind: Any, shapes: Any) -> None:
    for shape in shapes:
        y = kind(0.3, rng=0)(np.ones(shape))
        within_channel = tuple(range(y.ndim - getattr(kind, "axes", y.ndim - 2), y.ndim))
        assert (y.max(axis=within_channel) == y.min(axis=within_channel)).all()
        assert abs((y == y.min()).mean() - 0.3) < 0.1


@pytest.mark.parametrize(
    ("layer", "shape", "said"),
    [
        (nn.Dropout2d(), (3, 8, 8), r"expected \(N, C, H, W\); a single image needs a batch axis, x\[None\], and seq"),
        (nn.Dropout2d(), (8, 3), r"expected \(N, C, H, W\)$"),
        (nn.Dropout1d(), (2, 3, 8, 8), r"expected \(N, C, L\) or \(C, L\); that is for Dropout2d"),
        (nn.Dropout3d(), (2, 3, 8), r"expected \(N, C, D, H, W\) or \(C, D, H, W\); that is for Dropout1d"),
        (nn.Dropout1d(), (2, 3, 8, 8, 8), "that is for Dropout3d"),
        (nn.Dropout1d(), (2, 3, 8, 8, 8, 8), r"or \(C, L\)$"),
        (nn.Dropout3d(), (2, 3), r"or \(C, D, H, W\)$"),
        (nn.FeatureAlphaDropout(), (5,), r"expected \(N, C, …\)"),
    ],
)
def test_inputs_without_these_channels_are_refused(layer: Any, shape: Any, said: str) -> None:
    with pytest.raises(ValueError, match=f"^{type(layer).__name__}: the input has shape .*{said}"):
        layer(np.ones(shape))
