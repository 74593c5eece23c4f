"""A small classification problem, models for it, their training, a record of modes, and what an error has to say."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import nn

X = np.random.default_rng(0).normal(size=(120, 2)).astype(np.float32)
Y = (X[:, 0] * X[:, 1] > 0).astype(int)


def model_and_optimizer(lr=0.03):
    model = nn.Sequential(nn.Linear(2, 16, rng=0), nn.Tanh(), nn.Dropout(0.1, rng=0), nn.Linear(16, 2, rng=1))
    return model, nn.optim.Adam(model.parameters(), lr=lr)


def fitted(**settings):
    model, optimizer = model_and_optimizer()
    return model, nn.fit(model, (X, Y), optimizer=optimizer, rng=0, verbose=False, **settings)


class Modes:
    """Which modules were called in training mode, and which outputs were recorded."""

    def __init__(self):
        self.training, self.recorded = [], []

    def __call__(self, module, y):
        if not isinstance(module, nn.CrossEntropyLoss):
            self.training.append(module.training)
            self.recorded.append(getattr(y, "requires_grad", False))


def classifier() -> nn.Sequential:
    return nn.Sequential(nn.Linear(2, 2, rng=0))


def fit(data: Any = (X, Y), model: Any = None, **settings: Any) -> Any:
    model = classifier() if model is None else model
    parameters = model.parameters() if isinstance(model, nn.Module) else classifier().parameters()
    settings.setdefault("optimizer", nn.optim.SGD(parameters, lr=0.01))
    return nn.fit(model, data, verbose=False, **settings)


def refused(call: Any, *said: str) -> None:
    """The error of a call names what was called and has these words: it is not one of Python's own."""
    with pytest.raises((TypeError, ValueError, IndexError, AttributeError)) as raised:
        call()
    for words in said:
        assert words in str(raised.value)
