"""The models have the sizes of the lectures."""

from __future__ import annotations

import nn


def test_lenet_has_the_sizes_of_the_lecture():
    shapes = [row.output_shape for row in nn.summary(nn.LeNet(), (1, 28, 28)).layers]
    assert shapes[:7] == [(6, 28, 28), (6, 28, 28), (6, 14, 14), (16, 10, 10), (16, 10, 10), (16, 5, 5), (400,)]
    assert sum(p.size for p in nn.LeNet().parameters()) == 61_706


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
