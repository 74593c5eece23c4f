"""The shapes in AlexNet, and how many parameters sharing saves: ``python examples/alexnet_shapes.py``.

The lecture on parameter sharing works out the first layer: 96 filters of 11×11×3 that scan 227×227×3 with stride 4
have 55 positions along each axis. If each of the 55·55·96 units had its own weights, there would be
55·55·96·(11·11·3 + 1) parameters; since all units of a filter share theirs, there are 96·(11·11·3 + 1). Here are all
five convolutions, with the pooling between them.

Source: Krizhevsky, Sutskever, Hinton, "ImageNet Classification with Deep Convolutional Neural Networks", 2012.
"""

from __future__ import annotations

from typing import Any

import numpy as np

import minigrad as mg
import nn

# Three of the five have two groups of channels, which in 2012 were computed on two GPUs.
LAYERS: dict[str, Any] = {
    "conv1": nn.Conv2d(3, 96, 11, stride=4, strict=True),
    "pool1": nn.MaxPool2d(3, stride=2),
    "conv2": nn.Conv2d(96, 256, 5, padding=2, groups=2, strict=True),
    "pool2": nn.MaxPool2d(3, stride=2),
    "conv3": nn.Conv2d(256, 384, 3, padding=1, strict=True),
    "conv4": nn.Conv2d(384, 384, 3, padding=1, groups=2, strict=True),
    "conv5": nn.Conv2d(384, 256, 3, padding=1, groups=2, strict=True),
    "pool5": nn.MaxPool2d(3, stride=2),
}


def main() -> None:
    x = np.zeros((1, 3, 227, 227), dtype=np.float32)
    row = "{:<6} {:<27} {:<11} {:>10} {:>16}"
    print(row.format("", "(N − F + 2P)/S + 1", "output", "parameters", "without sharing"))
    print(row.format("input", "", by(x), "", "").rstrip())
    shared = unshared = 0
    for name, layer in LAYERS.items():
        arithmetic = f"({x.shape[2]} − {layer.kernel_size} + 2·{layer.padding})/{layer.stride} + 1"
        with mg.no_grad():
            x = layer(x)
        own = sum(p.size for p in layer.parameters())
        each = own * x.shape[2] * x.shape[3]  # as if every position had its own
        shared, unshared = shared + own, unshared + each
        counts = (f"{own:,}", f"{each:,}") if own else ("", "")
        print(row.format(name, f"{arithmetic} = {x.shape[2]}", by(x), *counts).rstrip())
    print(row.format("sum", "", "", f"{shared:,}", f"{unshared:,}"))


def by(x: Any) -> str:
    """The size as the lectures write it: rows, columns, channels."""
    return f"{x.shape[2]}×{x.shape[3]}×{x.shape[1]}"


if __name__ == "__main__":
    main()
