"""Graphs of scalars, and a network of 337 parameters: here the engine's overhead for each operation counts."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import numpy as np
from engines import compiled, jitted
from timing import Step, installed, training_step

import minigrad as mg
import nn

OPERATIONS = 900


def scalar_graph(value: Callable[[float], Any]) -> Step:
    """Forward and backward through 900 operations on scalars: a chain of w·y + b and ReLU."""

    def step() -> None:
        w, b, y = value(0.9), value(0.1), value(1.0)
        for _ in range(OPERATIONS // 3):
            y = (y * w + b).relu()
        y.backward()

    return step


def scalars() -> dict[str, Step]:
    """The scalar graph in each engine."""
    steps = {
        "minigrad": scalar_graph(lambda v: mg.Tensor(v, requires_grad=True)),
        "compiled": compiled.scalar_graph(OPERATIONS),
    }
    if installed("micrograd"):
        from micrograd.engine import Value

        sys.setrecursionlimit(10_000)  # micrograd's backward recurses once for each operation
        steps["micrograd"] = scalar_graph(Value)
    if installed("torch"):
        import torch

        steps["torch"] = scalar_graph(lambda v: torch.tensor(v, dtype=torch.float64, requires_grad=True))
    if installed("jax"):
        steps["jax"] = jitted.scalar_graph(OPERATIONS)
    return steps


def tiny_mlp() -> dict[str, Step]:
    """One training step of a 2-16-16-1 network on 4 samples: forward, loss, backward, SGD."""
    rng = np.random.default_rng(0)
    x, t = rng.normal(size=(4, 2)).astype(np.float32), rng.normal(size=(4, 1)).astype(np.float32)
    steps = {}
    for engine, make in {"minigrad": training_step, "compiled": compiled.training_step}.items():
        model = nn.Sequential(nn.Linear(2, 16), nn.ReLU(), nn.Linear(16, 16), nn.ReLU(), nn.Linear(16, 1))
        steps[engine] = make(model, nn.MSELoss(), nn.optim.SGD(model.parameters(), lr=0.01), x, t)
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
