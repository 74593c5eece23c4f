"""LeNet-5."""

from __future__ import annotations

from typing import Any

import numpy as np

from nn.layers.activations import ReLU
from nn.layers.containers.sequential import Sequential
from nn.layers.convolution import Conv2d
from nn.layers.flatten import Flatten
from nn.layers.linear import Linear
from nn.layers.pooling.max_pool import MaxPool2d

__all__ = ["LeNet"]


class LeNet(Sequential):
    """LeNet-5 for 28×28 digits, with ReLU and max pooling in place of the original tanh and averages.

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
