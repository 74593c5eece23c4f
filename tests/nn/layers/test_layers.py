"""What all layers have in common: optional biases, and errors that say what to write instead."""

from __future__ import annotations

import numpy as np
import pytest

import nn


def test_layers_without_bias():
    assert [name for name, _ in nn.Conv2d(1, 2, 3, bias=False).named_parameters()] == ["weight"]
    layer = nn.Linear(2, 2, bias=False, dtype=np.float64)
    assert np.array_equal(layer(np.eye(2)).data, layer.weight.data.T)
    assert repr(layer) == "Linear(2, 2, bias=False)"


@pytest.mark.parametrize(
    ("layer", "shape", "message"),
    [
        (nn.Linear(4, 2), (3, 5), r"input has shape \(3, 5\) and weight \(2, 4\).*did you mean Linear\(5, 2\)"),
        (nn.Linear(4, 2), (3, 1, 2, 2), r"nn.Flatten\(\)"),
        (nn.Conv2d(3, 6, 5), (8, 1, 32, 32), r"did you mean Conv2d\(1, 6, 5\)"),
        (nn.Conv2d(1, 6, 5), (1, 32, 32), r"a single image needs a batch axis"),
        (nn.Conv2d(1, 6, 5), (1, 1, 4, 4), r"⌊\(4 − 5 \+ 2·0\) / 1⌋ \+ 1 = 0"),
        (nn.Conv2d(1, 6, 3, stride=0), (1, 1, 4, 4), r"conv2d: stride must be a whole number ≥ 1"),
        (nn.Conv2d(1, 6, 3, stride=2, strict=True), (1, 1, 10, 10), r"\(10 − 3 \+ 2·0\) / 2 \+ 1 = 4.5"),
        (nn.Conv1d(1, 6, 3), (1, 2, 10), r"did you mean Conv1d\(2, 6, 3\)"),
        (nn.ConvTranspose2d(4, 2, 3), (1, 3, 5, 5), r"did you mean ConvTranspose2d\(3, 2, 3\)"),
        (nn.MaxPool2d(3), (1, 1, 2, 8), r"window of 3 rows does not fit into 2 rows"),
    ],
)
def test_errors_teach(layer, shape, message):
    with pytest.raises(ValueError, match=message):
        layer(np.ones(shape, dtype=np.float32))
