"""Augmentation of a batch of images, compared with the same in PyTorch: parameters drawn, then one resampling."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from timing import Step, installed

import nn

BATCHES = [(64, 1, 28, 28), (128, 3, 32, 32)]
DEGREES, PART, FACTOR, SHEAR = 15, 0.1, 0.1, 5


def affine(shape: tuple[int, ...]) -> dict[str, Step]:
    """Rotation, translation, rescaling and shear."""
    x = np.random.default_rng(0).random(shape, dtype=np.float32)
    transform = nn.data.Compose(
        [nn.data.Shear(SHEAR), nn.data.Rescale(FACTOR), nn.data.Rotate(DEGREES), nn.data.Translate(PART)]
    )
    steps: dict[str, Step] = {"minigrad": _batches(transform, x)}
    if installed("torch"):
        import torch

        images, n = torch.from_numpy(x), len(x)

        def step() -> Any:
            def drawn(width: float, *size: int) -> Any:
                return (torch.rand(n, *size) * 2 - 1) * width

            angle, slant = drawn(math.radians(DEGREES)), torch.tan(drawn(math.radians(SHEAR)))
            factor, shift = 1 + drawn(FACTOR), drawn(2 * PART, 2)  # the image is 2 wide
            cos, sin = torch.cos(angle) / factor, torch.sin(angle) / factor
            rows = [cos - slant * sin, slant * cos - sin, shift[:, 0], sin, cos, shift[:, 1]]
            grid = torch.nn.functional.affine_grid(torch.stack(rows, 1).view(n, 2, 3), shape, align_corners=False)
            return torch.nn.functional.grid_sample(images, grid, align_corners=False)

        steps["torch"] = step
    return steps


def crop_and_flip(shape: tuple[int, ...], padding: int = 4) -> dict[str, Step]:
    """A crop of the image with reflected border, and a flip."""
    x = np.random.default_rng(0).random(shape, dtype=np.float32)
    n, channels, height, width = shape
    steps: dict[str, Step] = {"minigrad": _batches(nn.data.Compose([nn.data.Crop(padding), nn.data.Flip()]), x)}
    if installed("torch"):
        import torch

        images = torch.from_numpy(x)
        sample, channel = torch.arange(n)[:, None, None, None], torch.arange(channels)[:, None, None]

        def step() -> Any:
            padded = torch.nn.functional.pad(images, [padding] * 4, mode="reflect")
            top, left = torch.randint(0, 2 * padding + 1, (2, n, 1))
            columns = torch.arange(width).expand(n, width)
            columns = torch.where(torch.rand(n, 1) < 0.5, columns.flip(1), columns) + left
            rows = torch.arange(height) + top
            return padded[sample, channel, rows[:, None, :, None], columns[:, None, None, :]]

        steps["torch"] = step
    return steps


def _batches(transform: Any, x: Any) -> Step:
    samples = np.arange(len(x))
    return lambda: transform(x, nn.data.SampleGenerator(0, 1, samples, "transform"))
