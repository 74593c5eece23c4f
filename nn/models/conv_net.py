"""A builder of networks in the lectures' typical form, [(CONV-RELU)^N POOL?]^M (FC-RELU)^K SOFTMAX."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, pairwise
from typing import Any

import numpy as np

from nn.hyperparameters import whole_number
from nn.init import kaiming_normal_
from nn.layers.activations.rectifiers import ReLU
from nn.layers.convolution import Conv2d
from nn.layers.flatten import Flatten
from nn.layers.linear import Linear
from nn.layers.normalization.batch_norm import BatchNorm2d
from nn.layers.pooling.max_pool import MaxPool2d
from nn.models.image_network import ImageNetwork
from nn.module import Module

__all__ = ["ConvNet", "convolutions"]


class ConvNet(ImageNetwork):
    """[(CONV-RELU)^N POOL?]^M (FC-RELU)^K SOFTMAX, the typical form of a convolutional network.

    Its layers are named by block and position. The last one gives logits: SOFTMAX is a part of `CrossEntropyLoss`, and
    ``mg.softmax(model(x))`` gives probabilities.

    Arguments:
        input_shape: the shape (C, H, W) of an image.
        blocks: the M blocks, each given by the numbers of filters of its N convolutions: ``[(16, 16), (32, 32)]``.
        hidden: the K fully connected layers before the last, given by their numbers of units; a number for one.
        classes: the number of classes.
        kernel_size: the size of all filters; they are padded so that images keep their size.
        pool: whether a block ends with 2×2 max pooling; for all of them, or for each.
        batch_norm: whether a batch normalization follows each convolution, whose bias it replaces.
        rng: seed or generator for the initial parameters; those of convolutions are `kaiming_normal_`'s.

    Shapes: input ``(N, C, H, W)``, output ``(N, classes)`` logits.

    Raises:
        ValueError: if the images are too small for all poolings; in a call, if they are of another size.

    >>> import nn
    >>> nn.ConvNet((1, 28, 28), blocks=[(8, 8), (16, 16)], hidden=[64])  # N = 2, M = 2, K = 1
    ConvNet(
      (conv1_1): Conv2d(1, 8, kernel_size=3, padding='same')
      (relu1_1): ReLU()
      (conv1_2): Conv2d(8, 8, kernel_size=3, padding='same')
      (relu1_2): ReLU()
      (pool1): MaxPool2d(2)
      (conv2_1): Conv2d(8, 16, kernel_size=3, padding='same')
      (relu2_1): ReLU()
      (conv2_2): Conv2d(16, 16, kernel_size=3, padding='same')
      (relu2_2): ReLU()
      (pool2): MaxPool2d(2)
      (flatten): Flatten(start_dim=1, end_dim=-1)
      (fc1): Linear(784, 64)
      (relu1): ReLU()
      (fc2): Linear(64, 10)
    )
    """

    def __init__(
        self,
        input_shape: tuple[int, int, int],
        blocks: Sequence[Sequence[int]],
        hidden: int | Sequence[int] = (),
        classes: int = 10,
        *,
        kernel_size: int = 3,
        pool: bool | Sequence[bool] = True,
        batch_norm: bool = False,
        rng: Any = None,
    ) -> None:
        rng = np.random.default_rng(rng)
        pools = _pools(blocks, pool)
        channels, rows, columns = self.input_shape = _shape(input_shape, sum(pools))
        layers = convolutions(channels, blocks, pools, kernel_size, batch_norm, rng, bias=not batch_norm)
        layers["flatten"] = Flatten()
        *_, filters = channels, *chain.from_iterable(blocks)
        features = filters * (rows // 2 ** sum(pools)) * (columns // 2 ** sum(pools))
        widths = [features, *(hidden if isinstance(hidden, tuple | list) else [hidden])]
        for k, (inputs, units) in enumerate(pairwise(widths), start=1):
            layers[f"fc{k}"], layers[f"relu{k}"] = Linear(inputs, units, rng=rng), ReLU()
        layers[f"fc{len(widths)}"] = Linear(widths[-1], classes, rng=rng)
        super().__init__(**layers)


def convolutions(
    channels: int,
    blocks: Sequence[Sequence[int]],
    pools: Sequence[bool],
    kernel_size: int,
    batch_norm: bool,
    rng: Any,
    *,
    bias: bool = True,
) -> dict[str, Module]:
    """The layers of [(CONV-RELU)^N POOL?]^M, by their names."""
    layers: dict[str, Module] = {}
    for m, (block, pool) in enumerate(zip(blocks, pools, strict=True), start=1):
        for n, filters in enumerate(block, start=1):
            layers[f"conv{m}_{n}"] = Conv2d(
                channels, filters, kernel_size, padding="same", bias=bias, init=kaiming_normal_, rng=rng
            )
            if batch_norm:
                layers[f"bn{m}_{n}"] = BatchNorm2d(filters)
            layers[f"relu{m}_{n}"] = ReLU()
            channels = filters
        if pool:
            layers[f"pool{m}"] = MaxPool2d(2)
    return layers


def _pools(blocks: Any, pool: Any) -> list[bool]:
    """For each block, whether it ends with a pooling."""
    if not isinstance(blocks, tuple | list) or not all(isinstance(block, tuple | list) for block in blocks):
        raise TypeError(
            f"ConvNet: blocks is {blocks!r}, expected for each block the filters of its convolutions, as "
            "[(16, 16), (32, 32)]"
        )
    pools = [pool] * len(blocks) if isinstance(pool, bool) else list(pool)
    if len(pools) != len(blocks):
        raise ValueError(f"ConvNet: pool has {len(pools)} values for {len(blocks)} blocks; give one for each, or True")
    return pools


def _shape(input_shape: Any, halvings: int) -> tuple[int, int, int]:
    """The shape of an image, after a check that it can be halved so often."""
    if not isinstance(input_shape, tuple | list) or len(input_shape) != 3:
        raise ValueError(f"ConvNet: input_shape is {input_shape!r}, expected (channels, rows, columns), as (3, 32, 32)")
    channels, rows, columns = (whole_number("ConvNet: a length of input_shape", n, least=1) for n in input_shape)
    if min(rows, columns) < 2**halvings:
        raise ValueError(
            f"ConvNet: images of {rows}×{columns} pixels cannot be halved {halvings} times; take fewer blocks, or "
            "say for each whether it pools: pool=(True, False, …)"
        )
    return channels, rows, columns
