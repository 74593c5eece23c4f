"""Padding as a layer."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import nn


def test_padding_is_left_right_top_bottom() -> None:
    x = np.arange(1.0, 7.0).reshape(1, 2, 3)
    assert nn.ZeroPad2d((1, 0, 0, 2))(x).tolist() == [[[0, 1, 2, 3], [0, 4, 5, 6], [0, 0, 0, 0], [0, 0, 0, 0]]]
    assert nn.ReflectionPad2d([0, 2, 1, 0])(x[None]).tolist()[0][0][0] == [4, 5, 6, 5, 4]
    padded = nn.Sequential(nn.ZeroPad2d(1), nn.Conv2d(1, 1, 3, dtype=np.float64, rng=0))
    same = nn.Conv2d(1, 1, 3, padding=1, dtype=np.float64, rng=0)
    np.testing.assert_allclose(padded(x[None]).data, same(x[None]).data)
    fields = [nn.receptive_field(model, (1, 5, 5)).layers[-1] for model in (padded, same)]
    assert fields[0].offset == fields[1].offset == (0, 0)
    assert repr(nn.ZeroPad2d(1)) == "ZeroPad2d((1, 1, 1, 1))"


@pytest.mark.parametrize(
    ("call", "error", "said"),
    [
        (lambda: nn.ZeroPad2d((1, 2)), ValueError, r"expected a number, or four: \(left, right, top, bottom\)"),
        (lambda: nn.ReflectionPad2d(-1), ValueError, "ReflectionPad2d: padding is -1, expected at least 0"),
        (
            lambda: nn.ZeroPad2d(1)(np.ones((1, 1, 1, 3, 3))),
            ValueError,
            r"expected images \(N, C, H, W\) or \(C, H, W\)",
        ),
        (lambda: nn.ZeroPad2d(1)(np.ones((3, 3))), ValueError, r"expected images \(N, C, H, W\) or \(C, H, W\)"),
    ],
)
def test_what_is_refused(call: Any, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        call()
