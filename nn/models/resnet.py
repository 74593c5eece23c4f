"""Residual networks: ResNet-18 for ImageNet, and ResNet-20 for CIFAR."""

from __future__ import annotations

from typing import Any

import numpy as np

import minigrad as mg
from nn.init import kaiming_normal_
from nn.layers.activations.rectifiers import ReLU
from nn.layers.containers.sequential import Sequential
from nn.layers.convolution import Conv2d
from nn.layers.linear import Linear
from nn.layers.normalization.batch_norm import BatchNorm2d
from nn.layers.pooling.global_pool import GlobalAvgPool
from nn.layers.pooling.max_pool import MaxPool2d
from nn.module import Module

__all__ = ["BasicBlock", "ResNet18", "ResNet20"]


class BasicBlock(Module):
    """Two 3×3 convolutions with batch normalization, beside a shortcut: relu(bn(conv(relu(bn(conv(x))))) + x).

    The convolutions only have to learn the difference from x, the residual. In the backward pass, the sum hands the
    error signal to the shortcut as it is, past all weights.

    Arguments:
        in_channels, channels: the channels of the input and of the output.
        stride: of the first convolution: 2 halves the images.
        downsample: the layers of the shortcut; needed where the output has other channels or another size than x.
        rng: seed or generator for the initial parameters.

    Shapes: input ``(N, in_channels, H, W)``, output ``(N, channels, ⌈H / stride⌉, ⌈W / stride⌉)``.

    Raises:
        ValueError: if x cannot be added, because channels or size differ and there is no `downsample`; in a call, if
            `downsample` gives another shape.

    Source: He, Zhang, Ren, Sun, "Deep Residual Learning for Image Recognition", CVPR 2016.

    >>> import nn, numpy as np
    >>> nn.BasicBlock(16, 16)(np.ones((1, 16, 8, 8), dtype=np.float32)).shape
    (1, 16, 8, 8)
    """

    def __init__(
        self, in_channels: int, channels: int, stride: int = 1, downsample: Module | None = None, *, rng: Any = None
    ) -> None:
        if downsample is None and (in_channels, 1) != (channels, stride):
            raise ValueError(
                f"BasicBlock: the input cannot be added: it has {in_channels} channels, the output {channels}, with "
                f"stride {stride}; pass downsample=nn.Conv2d({in_channels}, {channels}, 1, stride={stride}, bias=False)"
            )
        rng = np.random.default_rng(rng)
        self.conv1 = _conv3x3(in_channels, channels, stride, rng)
        self.bn1 = BatchNorm2d(channels)
        self.relu = ReLU()
        self.conv2 = _conv3x3(channels, channels, 1, rng)
        self.bn2 = BatchNorm2d(channels)
        self.downsample = downsample

    def forward(self, x: Any) -> Any:
        """The residual and the shortcut, added."""
        residual = self.bn2(self.conv2(self.relu(self.bn1(self.conv1(x)))))
        shortcut = x if self.downsample is None else self.downsample(x)
        if residual.shape != np.shape(shortcut):
            raise ValueError(
                f"BasicBlock: downsample turns {np.shape(x)} into {np.shape(shortcut)}, which cannot be added to "
                f"{residual.shape}; it needs the channels and the stride of the block"
            )
        return self.relu(residual + shortcut)


class ResNet18(Sequential):
    """ResNet-18 for ImageNet: eight residual blocks at four sizes, 11,689,512 parameters.

    Where a block halves the images, its shortcut is a 1×1 convolution with batch normalization. The names in
    `state_dict` are those of torchvision's ``resnet18``.

    Arguments:
        classes: the number of classes.
        rng: seed or generator for the initial parameters.

    Shapes: input ``(N, 3, H, W)``, customarily 224×224, output ``(N, classes)`` logits.

    Source: as of `BasicBlock`, table 1.

    >>> import nn
    >>> sum(p.size for p in nn.ResNet18().parameters())
    11689512
    """

    def __init__(self, classes: int = 1000, *, rng: Any = None) -> None:
        rng = np.random.default_rng(rng)
        super().__init__(
            conv1=Conv2d(3, 64, 7, stride=2, padding=3, bias=False, init=kaiming_normal_, rng=rng),
            bn1=BatchNorm2d(64),
            relu=ReLU(),
            maxpool=MaxPool2d(3, stride=2, padding=1),
            layer1=Sequential(BasicBlock(64, 64, rng=rng), BasicBlock(64, 64, rng=rng)),
            layer2=Sequential(_halving(64, 128, rng), BasicBlock(128, 128, rng=rng)),
            layer3=Sequential(_halving(128, 256, rng), BasicBlock(256, 256, rng=rng)),
            layer4=Sequential(_halving(256, 512, rng), BasicBlock(512, 512, rng=rng)),
            avgpool=GlobalAvgPool(),
            fc=Linear(512, classes, rng=rng),
        )


class ResNet20(Sequential):
    """ResNet-20 for 32×32 images, such as CIFAR-10's: nine residual blocks at three sizes, 269,722 parameters.

    Where a block halves the images, its shortcut has no parameters: it takes every other pixel, and fills new channels
    with zeros. That is option A of the paper.

    Arguments:
        classes: the number of classes.
        rng: seed or generator for the initial parameters.

    Shapes: input ``(N, 3, H, W)``, output ``(N, classes)`` logits.

    Source: as of `BasicBlock`, section 4.2.

    >>> import nn, numpy as np
    >>> nn.ResNet20()(np.zeros((2, 3, 32, 32), dtype=np.float32)).shape
    (2, 10)
    """

    def __init__(self, classes: int = 10, *, rng: Any = None) -> None:
        rng = np.random.default_rng(rng)
        super().__init__(
            conv1=_conv3x3(3, 16, 1, rng),
            bn1=BatchNorm2d(16),
            relu=ReLU(),
            layer1=Sequential(*(BasicBlock(16, 16, rng=rng) for _ in range(3))),
            layer2=Sequential(
                BasicBlock(16, 32, 2, _EveryOtherPixel(16), rng=rng), *(BasicBlock(32, 32, rng=rng) for _ in range(2))
            ),
            layer3=Sequential(
                BasicBlock(32, 64, 2, _EveryOtherPixel(32), rng=rng), *(BasicBlock(64, 64, rng=rng) for _ in range(2))
            ),
            avgpool=GlobalAvgPool(),
            fc=Linear(64, classes, rng=rng),
        )


class _EveryOtherPixel(Module):
    """A shortcut without parameters: every other row and column, and new channels of zeros."""

    def __init__(self, new_channels: int) -> None:
        self.new_channels = new_channels

    def forward(self, x: Any) -> Any:
        return mg.pad(x[:, :, ::2, ::2], {1: (0, self.new_channels)})

    def extra_repr(self) -> str:
        return f"new_channels={self.new_channels}"


def _conv3x3(in_channels: int, channels: int, stride: int, rng: np.random.Generator) -> Conv2d:
    """A convolution without bias, since a batch normalization follows, which adds its own."""
    return Conv2d(in_channels, channels, 3, stride, padding=1, bias=False, init=kaiming_normal_, rng=rng)


def _halving(in_channels: int, channels: int, rng: np.random.Generator) -> BasicBlock:
    """A block that halves the images, with a projection as its shortcut."""
    projection = Conv2d(in_channels, channels, 1, stride=2, bias=False, init=kaiming_normal_, rng=rng)
    return BasicBlock(in_channels, channels, 2, Sequential(projection, BatchNorm2d(channels)), rng=rng)
