"""Upsampling and pixel shuffle."""

from __future__ import annotations

import numpy as np
import pytest

import minigrad as mg
import nn


def test_layers_compute_the_functions() -> None:
    x = np.random.default_rng(0).normal(size=(2, 8, 3, 4))
    np.testing.assert_array_equal(nn.Upsample(scale_factor=2)(x), mg.upsample(x, scale_factor=2))
    np.testing.assert_array_equal(nn.Upsample((5, 6))(x), mg.upsample(x, size=(5, 6)))
    for corners in (None, False, True):
        y = nn.Upsample(7, mode="bilinear", align_corners=corners)(x)
        np.testing.assert_array_equal(y, mg.upsample(x, 7, mode="bilinear", align_corners=bool(corners)))
    np.testing.assert_array_equal(nn.PixelShuffle(2)(x), mg.pixel_shuffle(x, 2))


def test_repr_shows_the_arguments() -> None:
    assert repr(nn.Upsample(size=(5, 6))) == "Upsample(size=(5, 6))"
    assert repr(nn.Upsample(scale_factor=1.5, mode="linear", align_corners=True)) == (
        "Upsample(scale_factor=1.5, mode='linear', align_corners=True)"
    )
    assert repr(nn.PixelShuffle(3)) == "PixelShuffle(3)"
    assert not list(nn.Sequential(nn.Upsample(2), nn.PixelShuffle(1)).parameters())


def test_errors_teach() -> None:
    with pytest.raises(ValueError, match=r"expected one of the two: size=32 for 32 pixels, scale_factor=2 for twice"):
        nn.Upsample()(np.ones((1, 1, 2, 2)))
    with pytest.raises(ValueError, match=r"3 channels .* cannot be divided into r·r = 2·2 pixels each"):
        nn.PixelShuffle(2)(np.ones((1, 3, 2, 2)))
