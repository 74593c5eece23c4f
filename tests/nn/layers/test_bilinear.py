"""Bilinear."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn


def test_bilinear_is_the_sum_of_all_products() -> None:
    layer = nn.Bilinear(3, 2, 4, dtype=np.float64, rng=0)
    rng = np.random.default_rng(1)
    x1, x2 = rng.normal(size=(5, 6, 3)), rng.normal(size=(5, 6, 2))
    A, b = layer.weight.data, layer.bias.data
    expected = [
        [[u @ A[o] @ v + b[o] for o in range(4)] for u, v in zip(us, vs, strict=True)]
        for us, vs in zip(x1, x2, strict=True)
    ]
    np.testing.assert_allclose(layer(x1, x2).data, expected)
    assert layer(x1[0, 0], x2[0, 0]).shape == (4,)
    assert np.abs(A).max() <= 1 / np.sqrt(3)
    mg.check_grads(lambda x1, x2: layer(x1, x2), x1[:, 0], x2[:, 0], order=2)


@pytest.mark.parametrize(
    ("call", "error", "said"),
    [
        (lambda: nn.Bilinear(3, 2, -1), ValueError, "Bilinear: out_features is -1"),
        (
            lambda: nn.Bilinear(3, 2, 1)(np.ones((4, 3)), np.ones((4, 3))),
            ValueError,
            r"the inputs have shapes \(4, 3\) and \(4, 3\), expected \(…, 3\) and \(…, 2\)",
        ),
        (lambda: nn.Bilinear(3, 2, 1)(np.ones((4, 3)), np.ones((1, 2))), ValueError, "alike in their other axes"),
    ],
)
def test_what_is_refused(call: Any, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        call()
