"""A training that is not one: the numbers of its epochs are given."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

import nn

__all__ = ["FakeRun"]


class FakeRun:
    """What callbacks see of a run, with a layer whose weights are the number of the epoch."""

    def __init__(self, lr: float = 0.1, schedule: Callable[[int], float] | None = None) -> None:
        self.model: Any = nn.Sequential(nn.Linear(1, 1, rng=0), nn.BatchNorm1d(1), nn.Dropout(0.5, rng=0))
        self.optimizer = nn.optim.SGD(self.model.parameters(), lr=lr)
        self.schedule = schedule
        self.loss = nn.MSELoss()
        self.epoch = self.step = 0
        self.logs: dict[str, Any] = {}
        self.history = nn.History()
        self.stopped: str | None = None
        self.verbose = False
        self.comm: Any = nn.distributed.Serial()

    def stop(self, reason: str) -> None:
        self.stopped = reason

    def train(self, callback: nn.callbacks.Callback, epochs: Iterable[Mapping[str, Any]], end: bool = True) -> FakeRun:
        """Go through epochs that end with these logs, until the callback stops it."""
        callback.on_train_begin(self)
        for logs in epochs:
            if self.stopped is not None:
                break
            self.epoch += 1
            if self.schedule is not None:
                self.optimizer.scale_lr(self.schedule(self.epoch - 1))
            callback.on_epoch_begin(self)
            self.step += 1
            self.model[0].weight.data = np.full((1, 1), float(self.epoch))
            self.model[1].running_mean.data = np.full(1, float(self.epoch))
            callback.on_train_batch_end(self)
            self.logs = dict(logs)
            self.history._add(self.epoch, self.logs)
            callback.on_epoch_end(self)
        if end:
            callback.on_train_end(self)
        return self
