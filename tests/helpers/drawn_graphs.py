"""Graphs to draw, and the contents of their pictures."""

import numpy as np

import minigrad as mg
from minigrad.drawing.boxes_and_arrows import build_picture


def parameter(data, name=None):
    return mg.Tensor(data, requires_grad=True, name=name)


def logistic(w=1.5, b=-0.5):
    """The lecture's example: univariate logistic least squares with L2."""
    w, b = parameter(w, "w"), parameter(b, "b")
    x, t, lam = mg.Tensor(2.0, name="x"), mg.Tensor(1.0, name="t"), mg.Tensor(0.1, name="λ")
    z = (w * x + b).named("z")
    y = mg.sigmoid(z).named("y")
    loss = (0.5 * (y - t) ** 2).named("L")
    penalty = (0.5 * w**2).named("R")
    return (loss + lam * penalty).named("L_reg")


def small_net():
    """Two modules in a frame, an operation between them, and a loss outside the frame."""
    images = mg.Tensor(np.ones((2, 1, 6, 6)), name="images")
    with mg.scope("net: Net"):
        with mg.scope("features: Sequential(\n  (0): Conv2d\n)"):
            with mg.scope("conv1: Conv2d(1, 3, kernel_size=3)"):
                h = mg.conv2d(images, parameter(np.ones((3, 1, 3, 3)), "conv1.weight"), parameter(np.ones(3)))
            with mg.scope("relu1: ReLU()"):
                h = h.relu()
        h = h.reshape(2, -1)
        with mg.scope("fc: Linear(48, 2)"):
            h = h @ parameter(np.ones((48, 2))) + parameter(np.ones(2))
    return mg.cross_entropy(h, np.array([0, 1])).named("loss")


def boxes(root, **options):
    options = {"fold": True, "values": True, "max_nodes": 1000, "variables": {}} | options
    return build_picture(root, **options)


def titles(root, kind=None, **options):
    return [box.title for box in boxes(root, **options).boxes if kind in (None, box.kind)]


def arrows(root, **options):
    drawn = boxes(root, **options)
    return [(drawn.boxes[a].title, drawn.boxes[b].title) for a, b in drawn.arrows]
