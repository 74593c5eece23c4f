"""The same work as programs that minigrad writes: ``mg.compile`` and ``nn.compile_step``, in the fast style."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from timing import Step

import minigrad as mg
import nn

__all__ = ["scalar_graph", "seconds_to_compile", "training_step"]


def scalar_graph(operations: int) -> Step:
    """Forward and backward through a chain of w·y + b and ReLU."""

    def chain(w: Any, b: Any, y: Any) -> Any:
        for _ in range(operations // 3):
            y = mg.relu(y * w + b)
        return y

    derivatives = mg.compile(mg.value_and_grad(chain, argnums=(0, 1, 2)), style="fast")
    return lambda: derivatives(0.9, 0.1, 1.0)


def training_step(model: Any, loss: Any, optimizer: Any, x: Any, t: Any) -> Step:
    """Forward, loss, backward and update."""
    step = nn.compile_step(model, loss, optimizer, style="fast")
    return lambda: step(x, t)


def seconds_to_compile(build: Callable[[], Step]) -> float:
    """Seconds of a first call, which writes the program and runs it: the shortest of five, each of a new function."""
    shortest = float("inf")
    for _ in range(5):
        step = build()
        started = time.perf_counter()
        step()
        shortest = min(shortest, time.perf_counter() - started)
    return shortest
