"""The base of networks for images of one size."""

from __future__ import annotations

from typing import Any

import numpy as np

from nn.layers.containers.sequential import Sequential

__all__ = ["ImageNetwork"]


class ImageNetwork(Sequential):
    """A chain of layers that ends with fully connected ones, which fit images of one size alone.

    Attributes:
        input_shape: the shape (C, H, W) of an image.
    """

    input_shape: tuple[int, int, int]

    def forward(self, x: Any) -> Any:
        """The output of the last layer.

        Raises:
            ValueError: if the images are of another size.
        """
        channels, *size = self.input_shape
        given = np.shape(x)
        if len(given) == 4 and given[1] == channels and given[2:] != tuple(size):  # layers explain other mistakes
            raise ValueError(
                f"{type(self).__name__}: got images of {given[2]}×{given[3]} pixels, expected {size[0]}×{size[1]}; "
                f"resize them: x = mg.upsample(x, size={tuple(size)}, mode='bilinear')"
            )
        return super().forward(x)
