"""Autoencoders: networks that learn to reproduce their input from a short code."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

import minigrad as mg
from nn.hyperparameters import Setting, finite_number
from nn.layers.activations.rectifiers import ReLU
from nn.layers.containers.sequential import Sequential
from nn.layers.convolution import Conv2d
from nn.layers.linear import Linear
from nn.layers.pooling.max_pool import MaxPool2d
from nn.layers.resampling import Upsample
from nn.module import Module
from nn.random import noise

__all__ = ["Autoencoder", "ConvAutoencoder", "DenoisingAutoencoder"]


class Autoencoder(Sequential):
    """An encoder of fully connected layers, from the input to a short code, and a decoder, back again.

    With two sizes it is dense, with more it is deep. Train it to reproduce its input:
    ``nn.fit(model, (x, x), loss=nn.MSELoss(), …)``.

    Arguments:
        sizes: the number of inputs, of units of each layer of the encoder, and last of the code. The decoder has the
            same sizes in reverse.
        activation: follows each layer except the last; with ``None`` the autoencoder is linear, and learns what the
            first principal components span.
        rng: seed or generator for the initial parameters.

    Shapes: input and output ``(N, sizes[0])``; ``model.encoder(x)``, the code, ``(N, sizes[-1])``.

    Raises:
        ValueError: if there are fewer than two sizes.

    Source: Hinton, Salakhutdinov, "Reducing the Dimensionality of Data with Neural Networks", Science 2006.

    >>> import nn
    >>> nn.Autoencoder([784, 32])
    Autoencoder(
      (encoder): Sequential(
        (0): Linear(784, 32)
        (1): ReLU()
      )
      (decoder): Sequential(
        (0): Linear(32, 784)
      )
    )
    >>> deep = nn.Autoencoder([784, 1000, 500, 250, 30])
    >>> sum(p.size for p in deep.parameters())
    2837314
    """

    def __init__(
        self, sizes: Sequence[int], *, activation: Callable[[], Module] | None = ReLU, rng: Any = None
    ) -> None:
        _need_two("Autoencoder: sizes", sizes, "[784, 32]")
        rng = np.random.default_rng(rng)

        def layers(sizes: Sequence[int]) -> list[Module]:
            between = [activation] if activation else []
            return [m for i, o in pairwise(sizes) for m in (Linear(i, o, rng=rng), *(make() for make in between))]

        encoder, decoder = layers(sizes), layers(sizes[::-1])
        super().__init__(encoder=Sequential(*encoder), decoder=Sequential(*(decoder[:-1] if activation else decoder)))


class ConvAutoencoder(Sequential):
    """An encoder of 3×3 convolutions and pooling, and a decoder that enlarges images again.

    Arguments:
        channels: of the images, and after each convolution of the encoder; the decoder has the same in reverse.
        rng: seed or generator for the initial parameters.

    Shapes: input and output ``(N, channels[0], H, W)``; ``model.encoder(x)``, the code,
    ``(N, channels[-1], H / 2ᴹ, W / 2ᴹ)`` after M = len(channels) − 1 poolings.

    Raises:
        ValueError: if there are fewer than two numbers of channels; in a call, if 2ᴹ does not divide H and W.

    >>> import nn, numpy as np
    >>> model = nn.ConvAutoencoder([1, 16, 8])
    >>> x = np.zeros((1, 1, 28, 28), dtype=np.float32)
    >>> model(x).shape, model.encoder(x).shape
    ((1, 1, 28, 28), (1, 8, 7, 7))
    """

    def __init__(self, channels: Sequence[int] = (1, 16, 8), *, rng: Any = None) -> None:
        _need_two("ConvAutoencoder: channels", channels, "[1, 16, 8]")
        rng = np.random.default_rng(rng)
        encoder: list[Module] = []
        for i, o in pairwise(channels):
            encoder += [_conv3x3(i, o, rng), ReLU(), MaxPool2d(2)]
        decoder: list[Module] = []
        for i, o in pairwise(channels[::-1]):
            decoder += [Upsample(scale_factor=2), _conv3x3(i, o, rng), ReLU()]
        super().__init__(encoder=Sequential(*encoder), decoder=Sequential(*decoder[:-1]))
        self.shrinks_by = 2 ** (len(channels) - 1)

    def forward(self, x: Any) -> Any:
        """The images, reproduced from their code."""
        size = np.shape(x)[2:]
        missing = {axis: (0, -n % self.shrinks_by) for axis, n in enumerate(size, start=2) if n % self.shrinks_by}
        if missing:
            raise ValueError(
                f"ConvAutoencoder: got images of {'×'.join(map(str, size))} pixels, which {self.shrinks_by} does not "
                f"divide, so that they would come back smaller; pad them: x = mg.pad(x, {missing})"
            )
        return super().forward(x)


class DenoisingAutoencoder(Module):
    """An autoencoder that is shown noisy inputs in training, and so learns a code in which noise is left out.

    Train it to reproduce the clean inputs: ``nn.fit(model, (x, x), loss=nn.MSELoss(), …)``. In evaluation mode it adds
    no noise, and removes that of its inputs.

    Arguments:
        autoencoder: the network inside.
        noise: the standard deviation of the Gaussian noise that is added.
        rng: seed or generator for the noise.

    Shapes: input and output as of `autoencoder`.

    Raises:
        TypeError: if `autoencoder` is not a module.

    Source: Vincent, Larochelle, Bengio, Manzagol, "Extracting and Composing Robust Features with Denoising
    Autoencoders", ICML 2008.

    >>> import nn, numpy as np
    >>> model = nn.DenoisingAutoencoder(nn.ConvAutoencoder([1, 16, 8]), noise=0.4)
    >>> model(np.zeros((1, 1, 28, 28), dtype=np.float32)).shape
    (1, 1, 28, 28)
    """

    noise = Setting(finite_number)

    def __init__(self, autoencoder: Module, noise: float = 0.4, *, rng: Any = None) -> None:
        if not isinstance(autoencoder, Module):
            raise TypeError(
                f"DenoisingAutoencoder: autoencoder is a {type(autoencoder).__name__}, expected a module, as "
                "nn.Autoencoder([784, 32])"
            )
        self.autoencoder = autoencoder
        self.noise = noise
        self.rng = np.random.default_rng(rng)
        self._rng_is_fresh = rng is None  # as in dropout

    def forward(self, x: Any) -> Any:
        """The inputs reproduced, in training from noisy ones."""
        if self.training:
            x = x if hasattr(x, "dtype") else mg.copy(x)  # a list as an array
            added = self.noise * noise(self, x.shape)
            x = x + mg.to(added.astype(x.dtype), getattr(x, "device", "cpu"))
        return self.autoencoder(x)


def _need_two(what: str, numbers: Any, example: str) -> None:
    if not isinstance(numbers, tuple | list) or len(numbers) < 2:
        raise ValueError(f"{what} is {numbers!r}, expected at least two numbers, as {example}")


def _conv3x3(in_channels: int, channels: int, rng: np.random.Generator) -> Conv2d:
    return Conv2d(in_channels, channels, 3, padding="same", rng=rng)
