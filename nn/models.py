"""Models that everybody knows."""

from __future__ import annotations

from typing import Any

import numpy as np

from nn.activation import ReLU
from nn.conv import Conv2d
from nn.dropout import Dropout
from nn.linear import Linear
from nn.pool import MaxPool2d
from nn.sequential import Sequential
from nn.shape import Flatten

__all__ = ["DigitCNN", "LeNet"]


class DigitCNN(Sequential):
    """The digit recognizer of the lecture on CNNs in Python, for 28×28 digits: twice convolution, pooling, dropout.

    Arguments:
        classes: the number of classes.
        rng: seed or generator for the initial parameters and for dropout.

    Shapes: input ``(N, 1, 28, 28)``, output ``(N, classes)`` logits.

    >>> import nn, numpy as np
    >>> nn.DigitCNN()(np.zeros((1, 1, 28, 28), dtype=np.float32)).shape
    (1, 10)
    """

    def __init__(self, classes: int = 10, *, rng: Any = None) -> None:
        rng = np.random.default_rng(rng)
        super().__init__(
            conv1=Conv2d(1, 8, 5, padding="same", rng=rng),
            relu1=ReLU(),
            pool1=MaxPool2d(2),
            dropout1=Dropout(0.25, rng=rng),
            conv2=Conv2d(8, 16, 3, padding="same", rng=rng),
            relu2=ReLU(),
            pool2=MaxPool2d(2),
            dropout2=Dropout(0.25, rng=rng),
            flatten=Flatten(),
            fc1=Linear(16 * 7 * 7, 256, rng=rng),
            relu3=ReLU(),
            dropout3=Dropout(0.5, rng=rng),
            fc2=Linear(256, classes, rng=rng),
        )


class LeNet(Sequential):
    """LeNet-5 for 28×28 digits, with ReLU and max-pooling in place of the sigmoids and means of its day.

    Arguments:
        classes: the number of classes.
        rng: seed or generator for the initial parameters.

    Shapes: input ``(N, 1, 28, 28)``, output ``(N, classes)`` logits.

    Source: LeCun, Bottou, Bengio, Haffner, "Gradient-Based Learning Applied to Document Recognition", 1998.

    >>> import nn, numpy as np
    >>> nn.LeNet()(np.zeros((1, 1, 28, 28), dtype=np.float32)).shape
    (1, 10)
    """

    def __init__(self, classes: int = 10, *, rng: Any = None) -> None:
        rng = np.random.default_rng(rng)
        super().__init__(
            conv1=Conv2d(1, 6, 5, padding=2, rng=rng),
            relu1=ReLU(),
            pool1=MaxPool2d(2),
            conv2=Conv2d(6, 16, 5, rng=rng),
            relu2=ReLU(),
            pool2=MaxPool2d(2),
            flatten=Flatten(),
            fc1=Linear(16 * 5 * 5, 120, rng=rng),
            relu3=ReLU(),
            fc2=Linear(120, 84, rng=rng),
            relu4=ReLU(),
            fc3=Linear(84, classes, rng=rng),
        )
