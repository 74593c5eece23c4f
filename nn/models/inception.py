"""The Inception block, and a small GoogLeNet for 32×32 images."""

from __future__ import annotations

from typing import Any

import numpy as np

from nn.init import kaiming_normal_
from nn.layers.activations.rectifiers import ReLU
from nn.layers.containers.concat import Concat
from nn.layers.containers.sequential import Sequential
from nn.layers.convolution import Conv2d
from nn.layers.dropout.dropout import Dropout
from nn.layers.linear import Linear
from nn.layers.pooling.global_pool import GlobalAvgPool
from nn.layers.pooling.max_pool import MaxPool2d

__all__ = ["Inception", "SmallGoogLeNet"]


class Inception(Concat):
    """Four branches side by side, with windows of 1×1, 3×3, 5×5 and a pooling; their channels are joined.

    A 1×1 convolution reduces the channels before the large filters, which would cost too much otherwise.

    Arguments:
        in_channels: the channels of the input.
        ch1x1: the filters of the first branch.
        ch3x3red, ch3x3: of the second, the reduced channels and the filters of 3×3.
        ch5x5red, ch5x5: of the third, the reduced channels and the filters of 5×5.
        pool_proj: the 1×1 filters after the pooling.
        rng: seed or generator for the initial parameters.

    Shapes: input ``(N, in_channels, H, W)``, output ``(N, ch1x1 + ch3x3 + ch5x5 + pool_proj, H, W)``.

    Source: Szegedy et al., "Going Deeper with Convolutions", CVPR 2015.

    >>> import nn, numpy as np
    >>> block = nn.Inception(192, 64, 96, 128, 16, 32, 32)  # "3a" in the paper's table
    >>> block(np.zeros((1, 192, 28, 28), dtype=np.float32)).shape
    (1, 256, 28, 28)
    >>> sum(p.size for p in block.parameters())
    163696
    """

    def __init__(
        self,
        in_channels: int,
        ch1x1: int,
        ch3x3red: int,
        ch3x3: int,
        ch5x5red: int,
        ch5x5: int,
        pool_proj: int,
        *,
        rng: Any = None,
    ) -> None:
        rng = np.random.default_rng(rng)
        super().__init__(
            branch1=Sequential(*_conv_relu(in_channels, ch1x1, 1, rng)),
            branch2=Sequential(*_conv_relu(in_channels, ch3x3red, 1, rng), *_conv_relu(ch3x3red, ch3x3, 3, rng)),
            branch3=Sequential(*_conv_relu(in_channels, ch5x5red, 1, rng), *_conv_relu(ch5x5red, ch5x5, 5, rng)),
            branch4=Sequential(MaxPool2d(3, stride=1, padding=1), *_conv_relu(in_channels, pool_proj, 1, rng)),
        )


class SmallGoogLeNet(Sequential):
    """GoogLeNet for 32×32 images: two Inception blocks at each of three sizes, 272,046 parameters.

    Its blocks have a quarter of the filters of the original's. The mean over all pixels takes the place of large fully
    connected layers, and fits images of any size.

    Arguments:
        classes: the number of classes.
        rng: seed or generator for the initial parameters and for dropout.

    Shapes: input ``(N, 3, H, W)``, output ``(N, classes)`` logits.

    Source: as of `Inception`; the blocks 3a, 3b, 4a, 4e, 5a and 5b.

    >>> import nn, numpy as np
    >>> nn.SmallGoogLeNet()(np.zeros((1, 3, 32, 32), dtype=np.float32)).shape
    (1, 10)
    """

    def __init__(self, classes: int = 10, *, rng: Any = None) -> None:
        rng = np.random.default_rng(rng)
        super().__init__(
            conv1=Conv2d(3, 48, 3, padding=1, init=kaiming_normal_, rng=rng),
            relu1=ReLU(),
            inception3a=Inception(48, 16, 24, 32, 4, 8, 8, rng=rng),
            inception3b=Inception(64, 32, 32, 48, 8, 24, 16, rng=rng),
            pool3=MaxPool2d(3, stride=2, padding=1),
            inception4a=Inception(120, 48, 24, 52, 4, 12, 16, rng=rng),
            inception4e=Inception(128, 64, 40, 80, 8, 32, 32, rng=rng),
            pool4=MaxPool2d(3, stride=2, padding=1),
            inception5a=Inception(208, 64, 40, 80, 8, 32, 32, rng=rng),
            inception5b=Inception(208, 96, 48, 96, 12, 32, 32, rng=rng),
            avgpool=GlobalAvgPool(),
            dropout=Dropout(0.4, rng=rng),
            fc=Linear(256, classes, rng=rng),
        )


def _conv_relu(in_channels: int, filters: int, size: int, rng: np.random.Generator) -> tuple[Conv2d, ReLU]:
    return Conv2d(in_channels, filters, size, padding=size // 2, init=kaiming_normal_, rng=rng), ReLU()
