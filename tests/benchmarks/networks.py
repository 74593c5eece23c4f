"""Convolution, pooling, normalization, and training steps of networks, in minigrad and in other engines."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any
from unittest.mock import patch

import numpy as np
from engines import compiled, jitted
from timing import Step, installed, training_step

import minigrad as mg
import nn
from minigrad.kernels.spatial import onednn

BATCH = 64

#: (samples, channels, image size, filters, filter size, stride, padding)
CONVOLUTIONS = [
    (64, 1, 28, 6, 5, 1, 2),
    (64, 6, 14, 16, 5, 1, 0),
    (64, 32, 32, 32, 3, 1, 1),
    (64, 64, 16, 64, 3, 1, 1),
    (8, 3, 227, 96, 11, 4, 0),
]
POOLED = [(64, 6, 28, 28), (64, 32, 32, 32), (64, 64, 16, 16)]

#: (layer, its arguments, shape of the input)
NORMALIZED: list[tuple[str, tuple[int, ...], tuple[int, ...]]] = [
    ("BatchNorm2d", (64,), (64, 64, 32, 32)),
    ("BatchNorm2d", (128,), (64, 128, 16, 16)),
    ("BatchNorm2d", (512,), (64, 512, 4, 4)),
    ("BatchNorm1d", (256,), (4096, 256)),
    ("LayerNorm", (256,), (4096, 256)),
    ("RMSNorm", (256,), (4096, 256)),
    ("GroupNorm", (8, 64), (64, 64, 32, 32)),
    ("InstanceNorm2d", (64,), (64, 64, 32, 32)),
    ("LocalResponseNorm", (5,), (64, 64, 16, 16)),
]

Build = Callable[[Any], Any]


def convolution(n: int, c: int, size: int, filters: int, kernel: int, stride: int, padding: int) -> dict[str, Step]:
    """Forward and backward through one convolution with bias; the images get error signals too."""
    draw = np.random.default_rng(0).standard_normal
    output_size = (size - kernel + 2 * padding) // stride + 1
    shapes = [(n, c, size, size), (filters, c, kernel, kernel), (filters,), (n, filters, output_size, output_size)]
    *arrays, z_bar = (draw(shape, dtype=np.float32) for shape in shapes)
    return both(arrays, z_bar, lambda engine, x, w, b: engine.conv2d(x, w, b, stride=stride, padding=padding))


def pooling(shape: tuple[int, ...]) -> dict[str, Step]:
    """Forward and backward through 2×2 max-pooling."""
    draw = np.random.default_rng(0).standard_normal
    x, y_bar = draw(shape, dtype=np.float32), draw((*shape[:2], shape[2] // 2, shape[3] // 2), dtype=np.float32)
    return both([x], y_bar, lambda engine, x: engine.max_pool2d(x, 2))


def normalization(name: str, args: tuple[int, ...], shape: tuple[int, ...]) -> dict[str, Step]:
    """Forward and backward through a layer in training; the input gets an error signal too."""
    draw = np.random.default_rng(0).standard_normal
    x, y_bar = draw(shape, dtype=np.float32), draw(shape, dtype=np.float32)
    layers = {mg: getattr(nn, name)(*args)}
    if installed("torch"):
        import torch

        layers[torch.nn.functional] = getattr(torch.nn, name)(*args)

    def forward(engine: Any, x: Any) -> Any:
        for parameter in layers[engine].parameters():
            parameter.grad = None
        return layers[engine](x)

    return both([x], y_bar, forward)


def both(arrays: list[Any], y_bar: Any, f: Callable[..., Any]) -> dict[str, Step]:
    """`f` forward and backward, on minigrad's functions and on PyTorch's."""

    def step(engine: Any, leaves: list[Any], signal: Any) -> Step:
        def run() -> None:
            for leaf in leaves:
                leaf.grad = None
            f(engine, *leaves).backward(signal)

        return run

    steps = {"minigrad": step(mg, [mg.Tensor(a, requires_grad=True) for a in arrays], y_bar)}
    if installed("torch"):
        import torch

        leaves = [torch.tensor(a, requires_grad=True) for a in arrays]
        steps["torch"] = step(torch.nn.functional, leaves, torch.tensor(y_bar))
    return steps


# ---------------------------------------------------------------- networks, written for both engines


def mlp(nn: Any) -> Any:
    """A fully connected network for MNIST."""
    return nn.Sequential(nn.Flatten(), nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))


def lenet(nn: Any) -> Any:
    return nn.Sequential(
        *(nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten()),
        *(nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10)),
    )


def digit_cnn(nn: Any) -> Any:
    """The lecture's network for digits."""
    return nn.Sequential(
        *(nn.Conv2d(1, 8, 5, padding="same"), nn.ReLU(), nn.MaxPool2d(2), nn.Dropout(0.25)),
        *(nn.Conv2d(8, 16, 3, padding="same"), nn.ReLU(), nn.MaxPool2d(2), nn.Dropout(0.25), nn.Flatten()),
        *(nn.Linear(16 * 7 * 7, 256), nn.ReLU(), nn.Linear(256, 10)),
    )


def vgg(nn: Any) -> Any:
    """A small network in the style of VGG, for 32×32 colour images."""
    return nn.Sequential(
        *(nn.Conv2d(3, 32, 3, padding=1), nn.ReLU(), nn.Conv2d(32, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Conv2d(32, 64, 3, padding=1), nn.ReLU(), nn.Conv2d(64, 64, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Flatten(), nn.Linear(64 * 8 * 8, 256), nn.ReLU(), nn.Linear(256, 10)),
    )


def batch_norm_vgg(nn: Any) -> Any:
    """[(CONV-BN-RELU)^2 POOL]^3 FC with 32, 64 and 128 filters, for 32×32 colour images."""

    def block(channels: int, filters: int) -> tuple[Any, ...]:
        return (
            *(nn.Conv2d(channels, filters, 3, padding=1), nn.BatchNorm2d(filters), nn.ReLU()),
            *(nn.Conv2d(filters, filters, 3, padding=1), nn.BatchNorm2d(filters), nn.ReLU(), nn.MaxPool2d(2)),
        )

    return nn.Sequential(*block(3, 32), *block(32, 64), *block(64, 128), nn.Flatten(), nn.Linear(128 * 4 * 4, 10))


SHAPES = dict.fromkeys((mlp, lenet, digit_cnn), (1, 28, 28)) | dict.fromkeys((vgg, batch_norm_vgg), (3, 32, 32))


def optimizer(build: Build, optim: Any, parameters: Any) -> Any:
    """Adam for small networks, SGD with momentum for the two of VGG's kind; `optim` is minigrad's or PyTorch's."""
    if build in (vgg, batch_norm_vgg):
        return optim.SGD(parameters, lr=0.01, momentum=0.9)
    return optim.Adam(parameters, lr=1e-3)


def network(build: Build) -> dict[str, Step]:
    """One training step: forward, loss, backward, update."""
    steps = network_in_two(build)
    if build is lenet and installed("mygrad"):
        steps["mygrad"] = mygrad_lenet_step()
    if build in (mlp, lenet, digit_cnn) and installed("jax"):
        steps["jax"] = jitted.training_step(build(nn), *batch(build))
    return steps


def network_in_two(build: Build) -> dict[str, Step]:
    """The same in minigrad and in PyTorch alone."""
    steps = {"minigrad": minigrad_step(build), "compiled": compiled_step(build)}
    if installed("torch"):
        steps["torch"] = torch_step(build)
    return steps


def numpy_alone() -> AbstractContextManager[Any]:
    """Without oneDNN, as where it is not installed; what was prepared with it before is not to be used within."""
    return patch.object(onednn, "_dnnl", lambda: None)


def batch(build: Build) -> tuple[Any, Any]:
    rng = np.random.default_rng(0)
    return rng.standard_normal((BATCH, *SHAPES[build]), dtype=np.float32), rng.integers(0, 10, size=BATCH)


def minigrad_step(build: Build) -> Step:
    model = build(nn)
    update = optimizer(build, nn.optim, model.parameters())
    return training_step(model, nn.CrossEntropyLoss(), update, *batch(build))


def compiled_step(build: Build) -> Step:
    model = build(nn)
    update = optimizer(build, nn.optim, model.parameters())
    return compiled.training_step(model, nn.CrossEntropyLoss(), update, *batch(build))


def torch_step(build: Build) -> Step:
    import torch

    model = build(torch.nn)
    update = optimizer(build, torch.optim, model.parameters())
    return training_step(model, torch.nn.CrossEntropyLoss(), update, *map(torch.tensor, batch(build)))


def mygrad_lenet_step() -> Step:
    import mygrad
    from mygrad.nnet.activations import relu
    from mygrad.nnet.layers import conv_nd, max_pool
    from mygrad.nnet.losses import softmax_crossentropy

    x, t = batch(lenet)
    model = lenet(nn)  # its shapes and its initial weights
    weights = [mygrad.tensor(p.data.copy()) for p in model.parameters()]
    means = [np.zeros((2, *w.shape), np.float32) for w in weights]

    def step() -> None:
        w1, b1, w2, b2, *dense = weights
        h = max_pool(relu(conv_nd(x, w1, stride=1, padding=2) + b1.reshape(1, -1, 1, 1)), (2, 2), 2)
        h = max_pool(relu(conv_nd(h, w2, stride=1) + b2.reshape(1, -1, 1, 1)), (2, 2), 2).reshape(BATCH, -1)
        for w, b in zip(dense[:-2:2], dense[1:-2:2], strict=True):
            h = relu(h @ w.T + b)
        softmax_crossentropy(h @ dense[-2].T + dense[-1], t).backward()
        for w, (m, v) in zip(weights, means, strict=True):
            m += 0.1 * (w.grad - m)
            v += 0.001 * (w.grad**2 - v)
            w.data -= 1e-3 * m / (np.sqrt(v) + 1e-8)

    return step
