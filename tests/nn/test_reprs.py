"""What a notebook shows of an object at the end of a cell: never an address, never a page of raw fields."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn

CLASSES = {
    f"{package.__name__}.{name}": getattr(package, name)
    for package in (mg, nn, nn.data, nn.optim, nn.plot)
    for name in package.__all__
    if inspect.isclass(getattr(package, name))
}


def history(epochs: int) -> nn.History:
    x = np.eye(4, dtype=np.float32)
    model = nn.Sequential(nn.Linear(4, 2, rng=0))
    sgd = nn.optim.SGD(model.parameters(), lr=0.1)
    return nn.fit(model, (x, np.arange(4) % 2), optimizer=sgd, epochs=epochs, rng=0, verbose=False)


SHOWN: dict[str, Callable[[], Any]] = {
    "Summary": lambda: nn.summary(nn.LeNet(rng=0), (1, 28, 28)),
    "ReceptiveField": lambda: nn.receptive_field(nn.LeNet(rng=0), (1, 28, 28)),
    "History": lambda: history(3),
    "empty History": nn.History,
    "long History": lambda: history(50),
    "SGD": lambda: nn.optim.SGD(nn.LeNet(rng=0).parameters(), lr=0.1, momentum=0.9),
    "Adam": lambda: nn.optim.Adam([mg.Tensor([1.0], requires_grad=True)]),
    "DataLoader": lambda: nn.data.DataLoader(np.zeros((70, 1, 28, 28)), np.zeros(70), batch_size=32),
    "Tensor": lambda: mg.Tensor(np.zeros((100, 100)), requires_grad=True, name="W"),
    "Parameter": lambda: nn.Parameter(np.zeros((100, 100))),
    "Module": lambda: nn.LeNet(rng=0),
    "loss": nn.CrossEntropyLoss,
    "Walkthrough": lambda: mg.explain((mg.Tensor(2.0, requires_grad=True) ** 2).named("L")),
    "operation": lambda: mg.exp,
}


@pytest.mark.parametrize("make", SHOWN.values(), ids=SHOWN)
def test_no_address_and_no_long_lines(make: Callable[[], Any]) -> None:
    text = repr(make())
    assert " at 0x" not in text
    assert max(map(len, text.split("\n"))) <= 120
    assert len(text.split("\n")) <= 40


def test_no_public_class_shows_its_address() -> None:
    contexts = {"no_grad", "enable_grad", "scope", "detect_anomaly", "set_grad_enabled", "record"}
    nameless = {name.rpartition(".")[2] for name, value in CLASSES.items() if value.__repr__ is object.__repr__}
    assert nameless - contexts == set()


def test_tables() -> None:
    assert repr(history(3)).split("\n")[2].split() == ["epoch", "loss", "accuracy"]
    epochs = [line.split()[0] for line in repr(history(50)).split("\n")[4:]]
    assert epochs == [*map(str, range(1, 11)), "…", *map(str, range(41, 51))]
    summary = nn.summary(nn.LeNet(rng=0), (1, 28, 28))
    assert repr(summary) == str(summary)


def test_settings() -> None:
    assert repr(SHOWN["SGD"]()).split("\n")[:4] == [
        *("SGD (", "Parameter Group 0: 61,706 numbers in 10 parameters", "    lr: 0.1", "    momentum: 0.9")
    ]
    assert repr(SHOWN["DataLoader"]()) == (
        "<DataLoader(batch_size=32, shuffle=False) of 70 samples in 3 batches: (70, 1, 28, 28), (70,)>"
    )
