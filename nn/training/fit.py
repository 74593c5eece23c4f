"""fit: the training loop, with a progress bar, validation and a history."""

from __future__ import annotations

import math
import time
from typing import Any

import minigrad as mg
from nn.data.loader import DataLoader
from nn.losses.classification import CrossEntropyLoss
from nn.module import Module, device_of
from nn.optim.optimizer import Optimizer
from nn.training.evaluate import Data, Loss, RunningMetrics, as_floating, evaluate
from nn.training.history import History
from nn.training.progress import Progress

__all__ = ["fit"]


def fit(
    model: Module,
    train: Data,
    *,
    optimizer: Optimizer,
    loss: Loss | None = None,
    epochs: int = 1,
    batch_size: int = 32,
    validation: Data | None = None,
    rng: Any = None,
    verbose: bool = True,
) -> History:
    """Train `model` and return what was measured on the way.

    On a terminal, a progress bar shows loss, accuracy and the time left of the running epoch; a line is
    printed for each epoch that is done. The model is left in evaluation mode. Where it is on a GPU, each batch is
    moved there.

    Arguments:
        model: takes a batch of inputs and returns a batch of outputs.
        train: a `DataLoader`, or arrays ``(inputs, targets)``, which are shuffled in every epoch.
        optimizer: made with ``model.parameters()``.
        loss: takes outputs and targets and returns a single number; `CrossEntropyLoss` if not given.
        epochs: how many times to go through the data.
        batch_size: how many samples make a step, where `train` or `validation` are arrays.
        validation: data to measure, not to train on, after each epoch.
        rng: seed or generator for the order of the samples.
        verbose: whether to show progress.

    Raises:
        FloatingPointError: if the loss becomes infinite or not a number: training has diverged.

    >>> import nn, numpy as np
    >>> x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=np.float32)
    >>> xor = np.array([0, 1, 1, 0])
    >>> model = nn.Sequential(nn.Linear(2, 8, rng=0), nn.Tanh(), nn.Linear(8, 2, rng=1))
    >>> adam = nn.optim.Adam(model.parameters(), lr=0.1)
    >>> history = nn.fit(model, (x, xor), optimizer=adam, epochs=50, rng=0, verbose=False)
    >>> history.history["accuracy"][-1]
    1.0
    """
    loss = CrossEntropyLoss() if loss is None else loss
    batches = (
        train if isinstance(train, DataLoader) else DataLoader(*train, batch_size=batch_size, shuffle=True, rng=rng)
    )
    dtype, device = optimizer.params[0].dtype, device_of(model)
    history = History()
    for epoch in range(1, epochs + 1):
        model.train()
        running = RunningMetrics()
        started = time.perf_counter()
        with Progress(f"epoch {epoch}/{epochs}", len(batches), verbose) as progress:
            for step, (x, target) in enumerate(batches, start=1):
                target = mg.to(target, device)
                y = model(mg.to(as_floating(x, dtype), device))
                batch_loss = loss(y, target)
                running.add(float(batch_loss), y.data, target)
                if not math.isfinite(running.loss):
                    raise FloatingPointError(
                        f"fit: the loss became {float(batch_loss)} in epoch {epoch}, step {step}; "
                        f"training has diverged: try a smaller learning rate than {optimizer.lr}"
                    )
                optimizer.zero_grad()
                batch_loss.backward()
                optimizer.step()
                progress.step(running.measured())
            measured = running.measured()
            model.eval()
            if validation is not None:
                measured |= {
                    f"val_{name}": value
                    for name, value in evaluate(model, validation, loss=loss, batch_size=batch_size).items()
                }
            progress.done(measured, time.perf_counter() - started)
        history._add(epoch, measured)
    return history
