"""How fast minigrad is beside micrograd and PyTorch: ``make bench``.

Times on a shared machine drift, ratios hold: every round runs all engines one after the other, and what
counts is the ratio of their medians (the minima are shown too). The garbage collector stays on, as it is
for users, but what was imported is frozen out of its sight: searching PyTorch's modules for micrograd's
cycles would be unfair. PyTorch gets as many threads as NumPy's BLAS, one for each core. Engines that are
not installed are left out.
"""

from __future__ import annotations

import gc
import importlib.util
import os
import statistics
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np

import minigrad as mg
import nn

Step = Callable[[], Any]

ENGINES = ("minigrad", "micrograd", "torch")
OPERATIONS = 900
ROUNDS, SECONDS = 25, 0.1  # SECONDS: about how long an engine's turn in a round takes


def scalar_graph(value: Callable[[float], Any]) -> Step:
    """Forward and backward through 900 operations on scalars: w·y + b and a ReLU, over and over."""

    def step() -> None:
        w, b, y = value(0.9), value(0.1), value(1.0)
        for _ in range(OPERATIONS // 3):
            y = (y * w + b).relu()
        y.backward()

    return step


def tiny_mlp() -> dict[str, Step]:
    """One training step of a 2-16-16-1 network on 4 samples: forward, loss, backward, SGD."""
    rng = np.random.default_rng(0)
    x, t = rng.normal(size=(4, 2)).astype(np.float32), rng.normal(size=(4, 1)).astype(np.float32)
    model = nn.Sequential(nn.Linear(2, 16), nn.ReLU(), nn.Linear(16, 16), nn.ReLU(), nn.Linear(16, 1))
    steps = {"minigrad": training_step(model, nn.MSELoss(), nn.optim.SGD(model.parameters(), lr=0.01), x, t)}
    if installed("micrograd"):
        from micrograd.nn import MLP

        scalars, rows, targets = MLP(2, [16, 16, 1]), x.tolist(), t[:, 0].tolist()

        def step() -> None:
            scalars.zero_grad()
            loss = sum((scalars(row) - target) ** 2 for row, target in zip(rows, targets, strict=True)) / len(rows)
            loss.backward()
            for p in scalars.parameters():
                p.data -= 0.01 * p.grad

        steps["micrograd"] = step
    if installed("torch"):
        import torch

        layers = torch.nn
        twin = layers.Sequential(
            layers.Linear(2, 16), layers.ReLU(), layers.Linear(16, 16), layers.ReLU(), layers.Linear(16, 1)
        )
        optimizer = torch.optim.SGD(twin.parameters(), lr=0.01)
        steps["torch"] = training_step(twin, layers.MSELoss(), optimizer, torch.tensor(x), torch.tensor(t))
    return steps


def lenet() -> dict[str, Step]:
    """One training step of LeNet on 64 images: forward, loss, backward, SGD with momentum."""
    rng = np.random.default_rng(0)
    x, t = rng.normal(size=(64, 1, 28, 28)).astype(np.float32), rng.integers(0, 10, size=64)
    model = nn.LeNet(rng=0)
    optimizer = nn.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)
    steps = {"minigrad": training_step(model, nn.CrossEntropyLoss(), optimizer, x, t)}
    if installed("torch"):
        import torch

        layers = torch.nn
        twin = layers.Sequential(
            *(layers.Conv2d(1, 6, 5, padding=2), layers.ReLU(), layers.MaxPool2d(2)),
            *(layers.Conv2d(6, 16, 5), layers.ReLU(), layers.MaxPool2d(2), layers.Flatten()),
            *(layers.Linear(400, 120), layers.ReLU(), layers.Linear(120, 84), layers.ReLU(), layers.Linear(84, 10)),
        )
        rival = torch.optim.SGD(twin.parameters(), lr=0.01, momentum=0.9)
        steps["torch"] = training_step(twin, layers.CrossEntropyLoss(), rival, torch.tensor(x), torch.tensor(t))
    return steps


def training_step(model: Any, loss: Any, optimizer: Any, x: Any, t: Any) -> Step:
    """The same five lines for every engine."""

    def step() -> None:
        optimizer.zero_grad()
        loss(model(x), t).backward()
        optimizer.step()

    return step


def scalars() -> dict[str, Step]:
    """The scalar graph on every engine."""
    steps = {"minigrad": scalar_graph(lambda v: mg.Tensor(v, requires_grad=True))}
    if installed("micrograd"):
        from micrograd.engine import Value

        sys.setrecursionlimit(10_000)  # micrograd's backward recurses once for each operation
        steps["micrograd"] = scalar_graph(Value)
    if installed("torch"):
        import torch

        steps["torch"] = scalar_graph(lambda v: torch.tensor(v, dtype=torch.float64, requires_grad=True))
    return steps


def installed(package: str) -> bool:
    return importlib.util.find_spec(package) is not None


def measure(steps: dict[str, Step]) -> dict[str, list[float]]:
    """Seconds for a step of each engine, once for every round; the engines take turns."""
    gc.collect()
    gc.freeze()
    repeats: dict[str, int] = {}
    for engine, step in steps.items():
        step()
        started = time.perf_counter()
        step()
        repeats[engine] = max(1, int(SECONDS / (time.perf_counter() - started)))
    times: dict[str, list[float]] = {engine: [] for engine in steps}
    for _ in range(ROUNDS):
        for engine, step in steps.items():
            started = time.perf_counter()
            for _ in range(repeats[engine]):
                step()
            times[engine].append((time.perf_counter() - started) / repeats[engine])
    return times


# ---------------------------------------------------------------- minigrad beside itself


def import_seconds() -> float:
    """What ``import minigrad`` takes beyond ``import numpy``: the difference of the shortest of ten runs each."""
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
    """The LeNet of above as a function of its weights: once forward, its tangent, its gradient."""
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
    """The most memory that a thousand layers of tanh(x W) take in a training step, 32 layers at a time in `wrap`."""
    rng = np.random.default_rng(0)
    layers = [mg.Tensor(rng.normal(size=(8, 8)) / 3, requires_grad=True) for _ in range(1000)]
    for w in layers:
        w.grad = np.zeros(w.shape)

    def piece(some: list[mg.Tensor]) -> Callable[[Any], Any]:
        def run(x: Any) -> Any:
            for w in some:
                x = mg.tanh(x @ w)
            return x

        return wrap(run)

    x: Any = rng.normal(size=(256, 8))
    tracemalloc.start()
    for start in range(0, len(layers), 32):
        x = piece(layers[start : start + 32])(x)
    x.sum().backward()
    _, highest = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return highest


def beside_itself() -> None:
    times = {name: statistics.median(values) for name, values in measure(modes()).items()}
    light, plain = peak_bytes(mg.checkpoint), peak_bytes(lambda f: f)
    print(f"LeNet, forward pass alone   {1e3 * times['forward']:10.3f}")
    for name in ("jvp", "grad"):
        print(f"LeNet, {name:<21}{1e3 * times[name]:10.3f}   {times[name] / times['forward']:.1f}x the forward pass")
    ratio = f"{light / plain:.3f} of the {plain / 1e6:.1f} MB without"
    print(f"checkpoint, 1000 layers     {light / 1e6:10.1f} MB at its peak, {ratio}")
    print(f"import minigrad             {import_seconds():10.3f} s over import numpy")


def main() -> None:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if installed("torch"):
        import torch

        torch.set_num_threads(cores)

    print(f"{cores} cores, NumPy {np.__version__}, {ROUNDS} rounds; milliseconds, median (minimum)")
    print(f"{'':28}{'minigrad':>18}{'micrograd':>18}{'PyTorch':>18}   minigrad takes")
    cases = {
        f"scalar graph, {OPERATIONS} operations": scalars(),
        "MLP 2-16-16-1 step, batch 4": tiny_mlp(),
        "LeNet step, batch 64": lenet(),
    }
    for name, steps in cases.items():
        times = measure(steps)
        median = {engine: statistics.median(values) for engine, values in times.items()}
        cells = [
            f"{1e3 * median[engine]:.3f} ({1e3 * min(times[engine]):.3f})" if engine in times else "–"
            for engine in ENGINES
        ]
        ratios = [
            f"{median['minigrad'] / median[engine]:.2f}x {label}"
            for engine, label in (("micrograd", "micrograd's time"), ("torch", "PyTorch's time"))
            if engine in median
        ]
        print(f"{name:<28}" + "".join(f"{cell:>18}" for cell in cells) + "   " + ", ".join(ratios))
    beside_itself()


if __name__ == "__main__":
    main()
