"""Training steps on a GPU, with CuPy's arrays, beside PyTorch on the same card: ``python tests/benchmarks/gpu.py``.

Both compute in float32 throughout: PyTorch's TensorFloat-32, which rounds to 10 bits before it multiplies, is off, as
it is in CuPy. The clock stops when the card has finished the steps of a turn.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from networks import CONVOLUTIONS, SHAPES, Build, batch_norm_vgg, digit_cnn, lenet, vgg
from timing import Step, compare, installed, training_step

import minigrad as mg
import nn


def batch(build: Build, size: int) -> tuple[Any, Any]:
    rng = np.random.default_rng(0)
    return rng.standard_normal((size, *SHAPES[build]), dtype=np.float32), rng.integers(0, 10, size=size)


def network(build: Build, size: int) -> dict[str, Step]:
    """One training step: forward, loss, backward, SGD with momentum; the batch is on the card already."""
    model = build(nn).to("cuda")
    optimizer = nn.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)
    x, t = (mg.to(a, "cuda") for a in batch(build, size))
    steps = {"minigrad": training_step(model, nn.CrossEntropyLoss(), optimizer, x, t)}
    if installed("torch"):
        import torch

        model = build(torch.nn).to("cuda")
        optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)
        x, t = (torch.tensor(a, device="cuda") for a in batch(build, size))
        steps["torch"] = training_step(model, torch.nn.CrossEntropyLoss(), optimizer, x, t)
    return steps


def convolution(n: int, c: int, size: int, filters: int, kernel: int, stride: int, padding: int) -> dict[str, Step]:
    """Forward and backward through one convolution with bias; the images get error signals too."""
    draw = np.random.default_rng(0).standard_normal
    out = (size - kernel + 2 * padding) // stride + 1
    shapes = [(n, c, size, size), (filters, c, kernel, kernel), (filters,), (n, filters, out, out)]
    arrays = [draw(shape, dtype=np.float32) for shape in shapes]

    def step(engine: Any, leaves: list[Any], z_bar: Any) -> Step:
        def run() -> None:
            for leaf in leaves:
                leaf.grad = None
            x, w, b = leaves
            engine.conv2d(x, w, b, stride=stride, padding=padding).backward(z_bar)

        return run

    *leaves, z_bar = (mg.Tensor(a, device="cuda", requires_grad=True) for a in arrays)
    steps = {"minigrad": step(mg, leaves, z_bar.data)}
    if installed("torch"):
        import torch

        *leaves, z_bar = (torch.tensor(a, device="cuda", requires_grad=True) for a in arrays)
        steps["torch"] = step(torch.nn.functional, leaves, z_bar.detach())
    return steps


def finish() -> None:
    """Wait until the card has computed everything it was given, by either engine."""
    import cupy

    cupy.cuda.Device().synchronize()


def main() -> None:
    import cupy

    properties = cupy.cuda.runtime.getDeviceProperties(0)
    print(f"{properties['name'].decode()}, CuPy {cupy.__version__}, NumPy {np.__version__}", end="")
    if installed("torch"):
        import torch

        torch.backends.cudnn.allow_tf32 = torch.backends.cuda.matmul.allow_tf32 = False
        print(f", PyTorch {torch.__version__}", end="")
    print("\nmilliseconds for a step, median (minimum)")
    for build in (lenet, digit_cnn, vgg, batch_norm_vgg):
        for size in (64, 512):
            compare(f"{build.__name__}, batch {size}", network(build, size), finish)
    for shape in CONVOLUTIONS:
        compare(f"conv2d {shape}", convolution(*shape), finish)


if __name__ == "__main__":
    main()
