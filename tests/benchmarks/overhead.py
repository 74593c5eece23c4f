"""Overheads, relative to minigrad itself: forward mode and gradients, checkpoints, the import."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
import timeit
import tracemalloc
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from timing import Step, measure

import minigrad as mg
from minigrad.kernels.spatial import convolution, max_pool


def import_seconds() -> float:
    """Seconds that ``import minigrad`` adds to ``import numpy``: the difference of the shortest of ten runs each."""
    shortest = []
    for module in ("numpy", "minigrad"):
        runs = []
        for _ in range(10):
            started = time.perf_counter()
            subprocess.run([sys.executable, "-c", f"import {module}"], check=True)
            runs.append(time.perf_counter() - started)
        shortest.append(min(runs))
    return shortest[1] - shortest[0]


def modes() -> dict[str, Step]:
    """LeNet as a function of its weights: its value, its tangent, its gradient."""
    rng = np.random.default_rng(0)
    x, t = rng.normal(size=(64, 1, 28, 28)).astype(np.float32), rng.integers(0, 10, size=64)
    shapes = {"conv1": (6, 1, 5, 5), "conv2": (16, 6, 5, 5), "fc1": (120, 400), "fc2": (84, 120), "fc3": (10, 84)}
    weights = {name: rng.normal(size=shape).astype(np.float32) / 10 for name, shape in shapes.items()}

    def loss(w: dict[str, Any]) -> Any:
        h = mg.max_pool2d(mg.relu(mg.conv2d(x, w["conv1"], padding=2)), 2)
        h = mg.max_pool2d(mg.relu(mg.conv2d(h, w["conv2"])), 2).reshape(64, 400)
        for name in ("fc1", "fc2"):
            h = mg.relu(mg.linear(h, w[name]))
        return mg.cross_entropy(mg.linear(h, w["fc3"]), t)

    return {
        "forward": lambda: loss(weights),
        "jvp": lambda: mg.jvp(loss, (weights,), (weights,)),
        "grad": lambda: mg.grad(loss)(weights),
    }


def peak_bytes(wrap: Callable[[Any], Any]) -> int:
    """Peak memory of a training step through a thousand layers tanh(x W), wrapped by `wrap` 32 at a time."""
    rng = np.random.default_rng(0)
    layers = [mg.Tensor(rng.normal(size=(8, 8)) / 3, requires_grad=True) for _ in range(1000)]
    for w in layers:
        w.grad = np.zeros(w.shape)

    def block(weights: list[mg.Tensor]) -> Callable[[Any], Any]:
        def run(x: Any) -> Any:
            for w in weights:
                x = mg.tanh(x @ w)
            return x

        return wrap(run)

    x: Any = rng.normal(size=(256, 8))
    tracemalloc.start()
    for start in range(0, len(layers), 32):
        x = block(layers[start : start + 32])(x)
    x.sum().backward()
    _, highest = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return highest


def microseconds_over_kernels() -> dict[str, float]:
    """What a call with a tiny image takes beyond the kernel that computes it; the difference of the minima."""
    x, w = mg.Tensor(np.ones((1, 1, 6, 6), np.float32), requires_grad=True), np.ones((2, 1, 3, 3), np.float32)
    y, z = mg.max_pool2d(x, 2), mg.conv2d(x, mg.Tensor(w, requires_grad=True))
    calls: dict[str, Step] = {"conv2d": lambda: mg.conv2d(x, w), "max_pool2d": lambda: mg.max_pool2d(x, 2)}
    kernels: dict[str, Step] = {}
    for output, rules in ((z, ("conv2d, x", "conv2d, weight")), (y, ("max_pool2d, x",))):
        operation = mg.operations(output)[-1]
        arrays = [value.data if isinstance(value, mg.Tensor) else value for value in operation.inputs]
        primitive, params = operation.primitive, operation.params
        given = primitive.keywords(params)
        kernels[primitive.name] = partial(primitive.forward, *arrays, **given)
        for name, rule in zip(rules, primitive.rules, strict=False):
            y_bar = np.ones_like(output.data)
            calls[name] = partial(rule, y_bar, output.data, *arrays, **params)
            kernels[name] = partial(_KERNELS[name], y_bar, *arrays, params)
    return {name: 1e6 * (_shortest(call) - _shortest(kernels[name])) for name, call in calls.items()}


#: The kernel that a backward rule calls.
_KERNELS: dict[str, Callable[..., Any]] = {
    "conv2d, x": lambda z_bar, x, w, params: convolution.conv_input_grad(z_bar, w, size=x.shape[2:], **params),
    "conv2d, weight": lambda z_bar, x, w, params: convolution.conv_weight_grad(z_bar, x, kernel=w.shape[2:], **params),
    "max_pool2d, x": lambda y_bar, x, params: max_pool.unpool(y_bar, size=x.shape[2:], **params),
}


def _shortest(call: Step) -> float:
    """Seconds of a call: the shortest of many rounds."""
    return min(timeit.repeat(call, number=200, repeat=25)) / 200


def print_overheads() -> None:
    times = {name: statistics.median(values) for name, values in measure(modes()).items()}
    light, plain = peak_bytes(mg.checkpoint), peak_bytes(lambda f: f)
    print(f"LeNet, forward pass alone   {1e3 * times['forward']:10.3f}")
    for name in ("jvp", "grad"):
        print(f"LeNet, {name:<21}{1e3 * times[name]:10.3f}   {times[name] / times['forward']:.1f}x the forward pass")
    ratio = f"{light / plain:.3f} of the {plain / 1e6:.1f} MB without"
    print(f"checkpoint, 1000 layers     {light / 1e6:10.1f} MB at its peak, {ratio}")
    over = ", ".join(f"{name} {value:.1f}" for name, value in microseconds_over_kernels().items())
    print(f"a tiny image, µs over the kernel: {over}")
    print(f"import minigrad             {import_seconds():10.3f} s over import numpy")
