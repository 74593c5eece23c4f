"""Small classifiers of images, in double precision."""

from __future__ import annotations

from typing import Any

import numpy as np

import nn

__all__ = ["convolutional", "images"]


def convolutional(seed: int = 0) -> Any:
    """Two convolutions, max-pooling and a linear layer; for images (N, 2, 8, 8), three classes."""
    rng = np.random.default_rng(seed)
    return nn.Sequential(
        conv1=nn.Conv2d(2, 4, 3, padding=1, rng=rng),
        relu1=nn.ReLU(),
        pool1=nn.MaxPool2d(2),
        conv2=nn.Conv2d(4, 5, 3, padding=1, rng=rng),
        relu2=nn.ReLU(),
        flatten=nn.Flatten(),
        fc=nn.Linear(5 * 16, 3, rng=rng),
    ).double()


def images(n: int = 3, seed: int = 1) -> Any:
    """Images for it."""
    return np.random.default_rng(seed).normal(size=(n, 2, 8, 8))
