"""A small classification problem, a model for it, an optimizer, and a record of modes."""

from __future__ import annotations

import numpy as np

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
