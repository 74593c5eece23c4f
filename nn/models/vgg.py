"""VGG: 3×3 convolutions, one after another, and pooling."""

from __future__ import annotations

from typing import Any

import numpy as np

from nn.layers.activations.rectifiers import ReLU
from nn.layers.containers.sequential import Sequential
from nn.layers.dropout.dropout import Dropout
from nn.layers.flatten import Flatten
from nn.layers.linear import Linear
from nn.models.conv_net import convolutions
from nn.models.image_network import ImageNetwork

__all__ = ["VGG"]

#: The columns A, B, D and E of the paper's table: how many convolutions each block has, by the depth of the network.
_CONVOLUTIONS = {11: (1, 1, 2, 2, 2), 13: (2, 2, 2, 2, 2), 16: (2, 2, 3, 3, 3), 19: (2, 2, 4, 4, 4)}
_FILTERS = (64, 128, 256, 512, 512)


class VGG(ImageNetwork):
    """A network of the VGG group: five blocks of 3×3 convolutions, with a pooling after each.

    Two filters of 3×3 see as much as one of 5×5, with fewer weights, and with one more ReLU. The names in `state_dict`
    are those of torchvision's ``vgg16`` and ``vgg16_bn``.

    Arguments:
        depth: the number of layers with weights: 11, 13, 16 or 19.
        classes: the number of classes.
        image_size: 224, with three fully connected layers; or 32, with one.
        batch_norm: whether a batch normalization follows each convolution.
        rng: seed or generator for the initial parameters and for dropout.

    Shapes: input ``(N, 3, image_size, image_size)``, output ``(N, classes)`` logits.

    Raises:
        ValueError: if there is no network of this depth, or for this size; in a call, if the images are of another.

    Source: Simonyan, Zisserman, "Very Deep Convolutional Networks for Large-Scale Image Recognition", ICLR 2015.

    >>> import nn, numpy as np
    >>> model = nn.VGG(11, classes=10, image_size=32, batch_norm=True)
    >>> model(np.zeros((2, 3, 32, 32), dtype=np.float32)).shape
    (2, 10)
    """

    def __init__(
        self,
        depth: int = 16,
        classes: int = 1000,
        image_size: int = 224,
        *,
        batch_norm: bool = False,
        rng: Any = None,
    ) -> None:
        if depth not in _CONVOLUTIONS:
            raise ValueError(f"VGG: depth is {depth!r}, expected one of {', '.join(map(str, _CONVOLUTIONS))}")
        if image_size not in (32, 224):
            raise ValueError(f"VGG: image_size is {image_size!r}, expected 32 or 224; nn.ConvNet takes any size")
        rng = np.random.default_rng(rng)
        blocks = [(filters,) * n for filters, n in zip(_FILTERS, _CONVOLUTIONS[depth], strict=True)]
        layers = convolutions(3, blocks, [True] * 5, 3, batch_norm, rng)
        pixels = (image_size // 2**5) ** 2
        super().__init__(
            features=Sequential(*layers.values()),
            flatten=Flatten(),
            classifier=_classifier(512 * pixels, classes, rng) if image_size == 224 else Linear(512, classes, rng=rng),
        )
        self.input_shape = (3, image_size, image_size)


def _classifier(features: int, classes: int, rng: np.random.Generator) -> Sequential:
    return Sequential(
        *(Linear(features, 4096, rng=rng), ReLU(), Dropout(0.5, rng=rng)),
        *(Linear(4096, 4096, rng=rng), ReLU(), Dropout(0.5, rng=rng)),
        Linear(4096, classes, rng=rng),
    )
