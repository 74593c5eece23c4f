"""LeNet and the digit recognizer have the sizes of the lectures."""

from __future__ import annotations

import numpy as np
import pytest

import nn


def test_lenet_has_the_sizes_of_the_lecture():
    shapes = [row.output_shape for row in nn.summary(nn.LeNet(), (1, 28, 28)).layers]
    assert shapes[:7] == [(6, 28, 28), (6, 28, 28), (6, 14, 14), (16, 10, 10), (16, 10, 10), (16, 5, 5), (400,)]
    assert sum(p.size for p in nn.LeNet().parameters()) == 61_706


def test_the_classic_lenet_has_sigmoids_and_averages_of_the_same_sizes():
    classic, today = (nn.summary(nn.LeNet(classic=classic), (1, 28, 28)).layers for classic in (True, False))
    assert [row.kind for row in classic] == [
        *("Conv2d", "Sigmoid", "AvgPool2d", "Conv2d", "Sigmoid", "AvgPool2d"),
        *("Flatten", "Linear", "Sigmoid", "Linear", "Sigmoid", "Linear"),
    ]
    assert [(row.output_shape, row.parameters) for row in classic] == [
        (row.output_shape, row.parameters) for row in today
    ]


def test_the_digit_recognizer_has_the_table_of_the_lecture():
    """The lecture writes channels last, and its last layer has 100 units, which it takes for 10 × 10."""
    shown = ("Conv2d", "MaxPool2d", "Dropout", "Flatten", "Linear")
    rows = [row for row in nn.summary(nn.DigitCNN(100), (1, 28, 28)).layers if row.kind in shown]
    assert [(row.output_shape, row.parameters) for row in rows] == [
        ((8, 28, 28), 208),
        ((8, 14, 14), 0),
        ((8, 14, 14), 0),
        ((16, 14, 14), 1_168),
        ((16, 7, 7), 0),
        ((16, 7, 7), 0),
        ((784,), 0),
        ((256,), 200_960),
        ((256,), 0),
        ((100,), 25_700),
    ]


@pytest.mark.parametrize("model", [nn.LeNet(), nn.DigitCNN()])
def test_images_of_another_size_are_refused_by_the_network(model: nn.Module) -> None:
    with pytest.raises(ValueError, match=r"got images of 32×32 pixels, expected 28×28; resize them: x = mg.upsample"):
        model(np.zeros((2, 1, 32, 32), np.float32))


def test_other_mistakes_are_explained_by_the_first_layer() -> None:
    with pytest.raises(ValueError, match="did you mean Conv2d"):
        nn.LeNet()(np.zeros((2, 3, 28, 28), np.float32))
    with pytest.raises(ValueError, match="a single image needs a batch axis"):
        nn.LeNet()(np.zeros((1, 28, 28), np.float32))
    with pytest.raises(ValueError, match="channels come last"):
        nn.LeNet()(np.zeros((2, 28, 28, 1), np.float32))
