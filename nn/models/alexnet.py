"""AlexNet, and a small network of the same form for 32×32 images."""

from __future__ import annotations

from typing import Any

import numpy as np

from nn.layers.activations.rectifiers import ReLU
from nn.layers.convolution import Conv2d
from nn.layers.dropout.dropout import Dropout
from nn.layers.flatten import Flatten
from nn.layers.linear import Linear
from nn.layers.normalization.local_response_norm import LocalResponseNorm
from nn.layers.pooling.max_pool import MaxPool2d
from nn.models.image_network import ImageNetwork

__all__ = ["AlexNet", "SmallAlexNet"]


class AlexNet(ImageNetwork):
    """AlexNet, which won the ImageNet competition of 2012: 60,965,224 parameters.

    Three of its five convolutions have two groups of channels, which were computed on two GPUs. Pooling windows of 3×3
    overlap, as their stride is 2.

    Arguments:
        classes: the number of classes.
        rng: seed or generator for the initial parameters and for dropout.

    Shapes: input ``(N, 3, 227, 227)``, output ``(N, classes)`` logits.

    Raises:
        ValueError: in a call, if the images are of another size. The 224×224 pixels that the paper states would give
            54.25 positions along each axis of the first layer.

    Source: Krizhevsky, Sutskever, Hinton, "ImageNet Classification with Deep Convolutional Neural Networks", 2012.

    >>> import nn
    >>> sum(p.size for p in nn.AlexNet().parameters())
    60965224
    """

    input_shape = (3, 227, 227)

    def __init__(self, classes: int = 1000, *, rng: Any = None) -> None:
        rng = np.random.default_rng(rng)
        super().__init__(
            conv1=Conv2d(3, 96, 11, stride=4, strict=True, rng=rng),
            relu1=ReLU(),
            norm1=_local_response_norm(),
            pool1=MaxPool2d(3, stride=2),
            conv2=Conv2d(96, 256, 5, padding=2, groups=2, rng=rng),
            relu2=ReLU(),
            norm2=_local_response_norm(),
            pool2=MaxPool2d(3, stride=2),
            conv3=Conv2d(256, 384, 3, padding=1, rng=rng),
            relu3=ReLU(),
            conv4=Conv2d(384, 384, 3, padding=1, groups=2, rng=rng),
            relu4=ReLU(),
            conv5=Conv2d(384, 256, 3, padding=1, groups=2, rng=rng),
            relu5=ReLU(),
            pool5=MaxPool2d(3, stride=2),
            flatten=Flatten(),
            fc6=Linear(256 * 6 * 6, 4096, rng=rng),
            relu6=ReLU(),
            dropout6=Dropout(0.5, rng=rng),
            fc7=Linear(4096, 4096, rng=rng),
            relu7=ReLU(),
            dropout7=Dropout(0.5, rng=rng),
            fc8=Linear(4096, classes, rng=rng),
        )


class SmallAlexNet(ImageNetwork):
    """A network in the form of `AlexNet` for 32×32 colour images, such as CIFAR-10's: 450,154 parameters.

    A quarter of the filters, smaller ones in the first layer, and no groups.

    Arguments:
        classes: the number of classes.
        rng: seed or generator for the initial parameters and for dropout.

    Shapes: input ``(N, 3, 32, 32)``, output ``(N, classes)`` logits.

    Raises:
        ValueError: in a call, if the images are of another size.

    >>> import nn, numpy as np
    >>> nn.SmallAlexNet()(np.zeros((1, 3, 32, 32), dtype=np.float32)).shape
    (1, 10)
    """

    input_shape = (3, 32, 32)

    def __init__(self, classes: int = 10, *, rng: Any = None) -> None:
        rng = np.random.default_rng(rng)
        super().__init__(
            conv1=Conv2d(3, 24, 5, padding=2, rng=rng),
            relu1=ReLU(),
            norm1=_local_response_norm(),
            pool1=MaxPool2d(3, stride=2),
            conv2=Conv2d(24, 64, 5, padding=2, rng=rng),
            relu2=ReLU(),
            norm2=_local_response_norm(),
            pool2=MaxPool2d(3, stride=2),
            conv3=Conv2d(64, 96, 3, padding=1, rng=rng),
            relu3=ReLU(),
            conv4=Conv2d(96, 96, 3, padding=1, rng=rng),
            relu4=ReLU(),
            conv5=Conv2d(96, 64, 3, padding=1, rng=rng),
            relu5=ReLU(),
            pool5=MaxPool2d(3, stride=2),
            flatten=Flatten(),
            fc6=Linear(64 * 3 * 3, 256, rng=rng),
            relu6=ReLU(),
            dropout6=Dropout(0.5, rng=rng),
            fc7=Linear(256, 256, rng=rng),
            relu7=ReLU(),
            dropout7=Dropout(0.5, rng=rng),
            fc8=Linear(256, classes, rng=rng),
        )


def _local_response_norm() -> LocalResponseNorm:
    """With the paper's k = 2, n = 5, α = 10⁻⁴, β = 0.75: the layer divides its `alpha` by n, and the paper does not."""
    return LocalResponseNorm(5, alpha=5e-4, beta=0.75, k=2.0)
