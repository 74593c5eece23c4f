"""LeNet-5."""

from __future__ import annotations

from typing import Any

import numpy as np

from nn.layers.activations.rectifiers import ReLU
from nn.layers.activations.sigmoids import Sigmoid
from nn.layers.convolution import Conv2d
from nn.layers.flatten import Flatten
from nn.layers.linear import Linear
from nn.layers.pooling.avg_pool import AvgPool2d
from nn.layers.pooling.max_pool import MaxPool2d
from nn.models.image_network import ImageNetwork

__all__ = ["LeNet"]


class LeNet(ImageNetwork):
    """LeNet-5 for 28×28 digits, with ReLU and max pooling, as networks are built today: 61,706 parameters.

    Arguments:
        classes: the number of classes.
        classic: whether to take sigmoids and average pooling in their place, as in the lectures' comparison with
            AlexNet.
        rng: seed or generator for the initial parameters.

    Shapes: input ``(N, 1, 28, 28)``, output ``(N, classes)`` logits.

    Raises:
        ValueError: in a call, if the images are of another size.

    Source: LeCun, Bottou, Bengio, Haffner, "Gradient-Based Learning Applied to Document Recognition", 1998.

    >>> import nn, numpy as np
    >>> nn.LeNet()(np.zeros((1, 1, 28, 28), dtype=np.float32)).shape
    (1, 10)
    """

    input_shape = (1, 28, 28)

    def __init__(self, classes: int = 10, *, classic: bool = False, rng: Any = None) -> None:
        rng = np.random.default_rng(rng)
        name, activation, pool = ("sigmoid", Sigmoid, AvgPool2d) if classic else ("relu", ReLU, MaxPool2d)
        super().__init__(
            **{"conv1": Conv2d(1, 6, 5, padding=2, rng=rng), f"{name}1": activation(), "pool1": pool(2)},
            **{"conv2": Conv2d(6, 16, 5, rng=rng), f"{name}2": activation(), "pool2": pool(2), "flatten": Flatten()},
            **{"fc1": Linear(16 * 5 * 5, 120, rng=rng), f"{name}3": activation()},
            **{"fc2": Linear(120, 84, rng=rng), f"{name}4": activation()},
            fc3=Linear(84, classes, rng=rng),
        )
