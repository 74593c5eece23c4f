"""Graphs to draw, and the contents of their pictures."""

import numpy as np

import minigrad as mg
from minigrad.drawing.formats.plain_text import name_text


def parameter(data, name=None):
    return mg.Tensor(data, requires_grad=True, name=name)


def logistic():
    """The lecture's example: univariate logistic least squares with L2."""
    w, b = parameter(1.5, "w"), parameter(-0.5, "b")
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


def picture(root, **options):
    """What `mg.draw` draws, before anything has a place."""
    return mg.draw(root, **options)._picture


def names(root, kind=None, **options):
    """What the boxes are called."""
    return [name_text(box) for box in picture(root, **options).boxes if kind in (None, box.kind)]


def arrows(root, **options):
    """The forward arrows, as pairs of names."""
    drawn = picture(root, **{"level": "operations"} | options)
    called = {box.key: name_text(box) for box in drawn.boxes}
    return [(called[a.source], called[a.target]) for a in drawn.arrows if a.kind == "forward"]
