"""Timing: engines take turns; of each the median counts, and the minimum, which other programs disturb least."""

from __future__ import annotations

import gc
import importlib.util
import os
import statistics
import time
from collections.abc import Callable
from typing import Any, NamedTuple

Step = Callable[[], Any]

ENGINES = {
    "minigrad": "minigrad",
    "compiled": "compiled",  # minigrad's program
    "micrograd": "micrograd",
    "mygrad": "MyGrad",
    "torch": "PyTorch",
    "jax": "JAX's jit",
}
OURS = ("minigrad", "compiled")
ROUNDS = int(os.environ.get("ROUNDS", "25"))
SECONDS = 0.1  # about how long an engine's turn in a round is


def installed(package: str) -> bool:
    return importlib.util.find_spec(package) is not None


def training_step(model: Any, loss: Any, optimizer: Any, x: Any, t: Any) -> Step:
    """The same five lines for every engine."""

    def step() -> None:
        optimizer.zero_grad()
        loss(model(x), t).backward()
        optimizer.step()

    return step


def measure(steps: dict[str, Step], finish: Step | None = None) -> dict[str, list[float]]:
    """Seconds per step of each engine, one value for each round; the engines take turns.

    `finish` waits for a device that computes on its own; the time of a turn includes it.
    """
    finish = finish or (lambda: None)
    repeats: dict[str, int] = {}
    for engine, step in steps.items():
        step()
        finish()
        started = time.perf_counter()
        step()
        finish()
        repeats[engine] = max(1, int(SECONDS / (time.perf_counter() - started)))
    gc.collect()  # after the first steps: what an engine has compiled in them is not searched either
    gc.freeze()
    times: dict[str, list[float]] = {engine: [] for engine in steps}
    for _ in range(ROUNDS):
        for engine, step in steps.items():
            _wait_for_spinning_threads()
            step()  # after another engine, whose data the caches hold
            finish()
            started = time.perf_counter()
            for _ in range(repeats[engine]):
                step()
            finish()
            times[engine].append((time.perf_counter() - started) / repeats[engine])
    return times


def _wait_for_spinning_threads() -> None:
    """Return when no thread of this process computes: BLAS's spin up to 0.1 s after a product, OpenMP's 10 ms.

    Otherwise they would keep a core from the next engine.
    """
    for _ in range(50):
        before = time.process_time()
        time.sleep(0.01)
        if time.process_time() - before < 0.002:
            return


class Figures(NamedTuple):
    """Seconds of a step."""

    median: float
    minimum: float


def compare(name: str, steps: dict[str, Step], finish: Step | None = None) -> dict[str, Figures]:
    """Measure, and print a line of the table: milliseconds, median (minimum), and their ratios to other engines."""
    times = measure(steps, finish)
    figures = {engine: Figures(statistics.median(values), min(values)) for engine, values in times.items()}
    cells = [f"{ENGINES[engine]} {1e3 * a.median:.3f} ({1e3 * a.minimum:.3f})" for engine, a in figures.items()]
    ratios = []
    for other in (engine for engine in figures if engine not in OURS):
        of_ours = [
            f"{'compiled ' * (ours == 'compiled')}{_ratio(figures[ours], figures[other])}"
            for ours in OURS
            if ours in figures
        ]
        ratios.append(f"{ENGINES[other]}: {', '.join(of_ours)}")
    print(f"{name:<36}" + "".join(f"{cell:<26} " for cell in cells) + "; ".join(ratios), flush=True)
    return figures


def _ratio(ours: Figures, other: Figures) -> str:
    return f"{ours.median / other.median:.2f}x ({ours.minimum / other.minimum:.2f}x)"
