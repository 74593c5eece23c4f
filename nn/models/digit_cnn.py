"""The convolutional network of the lectures for handwritten digits."""

from __future__ import annotations

from typing import Any

import numpy as np

from nn.layers.activations.rectifiers import ReLU
from nn.layers.convolution import Conv2d
from nn.layers.dropout.dropout import Dropout
from nn.layers.flatten import Flatten
from nn.layers.linear import Linear
from nn.layers.pooling.max_pool import MaxPool2d
from nn.models.image_network import ImageNetwork

__all__ = ["DigitCNN"]


class DigitCNN(ImageNetwork):
    """The digit recognizer of the lecture on CNNs in Python, for 28×28 digits.

    Twice convolution, pooling and dropout, then two fully connected layers: 208 + 1,168 + 200,960 parameters, and
    257 for each class.

    Arguments:
        classes: the number of classes.
        rng: seed or generator for the initial parameters and for dropout.

    Shapes: input ``(N, 1, 28, 28)``, output ``(N, classes)`` logits.

    Raises:
        ValueError: in a call, if the images are of another size.

    >>> import nn, numpy as np
    >>> nn.DigitCNN()(np.zeros((1, 1, 28, 28), dtype=np.float32)).shape
    (1, 10)
    """

    input_shape = (1, 28, 28)

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
