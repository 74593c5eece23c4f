"""Steps of training to compile: their programs are kept in golden/, to be read.

``python -m tests.nn.training.compiled.lecture_steps`` writes them anew; then read the diff.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

import minigrad as mg
import nn

__all__ = ["GOLDEN", "STEPS", "Made"]

GOLDEN = Path(__file__).parent / "golden"

#: A model, the name of its loss, its optimizer, and a batch.
Made = tuple[nn.Module, str, nn.optim.Optimizer, Any, Any]


class Recurrent(nn.Module):
    """Three steps of a recurrent network, whose cell is called three times."""

    def __init__(self) -> None:
        self.input = nn.Linear(2, 3, rng=0)
        self.hidden = nn.Linear(3, 3, rng=1)
        self.output = nn.Linear(3, 1, rng=2)

    def forward(self, x: Any) -> Any:
        h1 = mg.tanh(self.input(x[:, 0]))
        h2 = mg.tanh(self.input(x[:, 1]) + self.hidden(h1))
        h3 = mg.tanh(self.input(x[:, 2]) + self.hidden(h2))
        return self.output(h3)


class Tied(nn.Module):
    """Two layers with one weight."""

    def __init__(self) -> None:
        self.first = nn.Linear(4, 4, rng=0)
        self.second = nn.Linear(4, 4, rng=1)
        self.second.weight = self.first.weight

    def forward(self, x: Any) -> Any:
        h = mg.tanh(self.first(x))
        return self.second(h)


def _numbers(*shape: int) -> Any:
    return np.random.default_rng(0).normal(size=shape).astype(np.float32)


def _lenet(optimizer: Callable[..., Any], **settings: Any) -> Made:
    model = nn.LeNet(rng=0)
    return (
        model,
        "cross_entropy",
        optimizer(model.parameters(), **settings),
        _numbers(4, 1, 28, 28),
        np.array([3, 0, 9, 1]),
    )


def _mlp() -> Made:
    model = nn.Sequential(nn.Linear(4, 8, rng=0), nn.ReLU(), nn.Linear(8, 3, rng=1))
    return model, "cross_entropy", nn.optim.Adam(model.parameters()), _numbers(8, 4), np.arange(8) % 3


def _recurrent() -> Made:
    model = Recurrent()
    return model, "mse", nn.optim.SGD(model.parameters(), lr=0.1), _numbers(5, 3, 2), _numbers(5, 1)


def _tied() -> Made:
    model = Tied()
    return model, "mse", nn.optim.SGD(model.parameters(), lr=0.1, momentum=0.9), _numbers(5, 4), _numbers(5, 4)


STEPS: dict[str, Callable[[], Made]] = {
    "lenet_sgd": lambda: _lenet(nn.optim.SGD, lr=0.1),
    "lenet_adam": lambda: _lenet(nn.optim.Adam),
    "mlp_adam": _mlp,
    "recurrent_network_sgd": _recurrent,
    "tied_weights_momentum": _tied,
}


def program(name: str) -> str:
    """The text of the program of a step."""
    model, loss, optimizer, x, t = STEPS[name]()
    step = nn.compile_step(model, loss, optimizer)
    step(x, t)
    return step.source


if __name__ == "__main__":
    GOLDEN.mkdir(exist_ok=True)
    for _name in STEPS:
        (GOLDEN / f"{_name}.txt").write_text(program(_name), encoding="utf-8")
