"""fit: the training loop, with progress, validation and a history."""

from __future__ import annotations

import math
import time
from typing import Any

import minigrad as mg
from nn.losses.classification import CrossEntropyLoss
from nn.module import Module, device_of
from nn.optim.optimizer import Optimizer
from nn.settings import whole_number
from nn.training.batches import Data, as_batches, model_input
from nn.training.check_parameters import check_parameters
from nn.training.evaluate import evaluate
from nn.training.history import History
from nn.training.metrics import RunningMetrics
from nn.training.progress import Progress
from nn.typing import Loss

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
    """Train `model`, and return the history of loss and accuracy.

    On a terminal, a progress bar shows loss, accuracy and the remaining time of the epoch; a line is printed after each
    epoch. The model is left in evaluation mode. If it is on a GPU, each batch is moved there.

    Arguments:
        model: takes a batch of inputs and returns a batch of outputs.
        train: a `DataLoader`, or arrays ``(inputs, targets)``, which are shuffled in every epoch.
        optimizer: constructed with ``model.parameters()``. It may hold a part of them only; a warning names those left
            out, unless they are frozen by ``requires_grad = False``.
        loss: takes outputs and targets and returns a single number; `CrossEntropyLoss` if not given.
        epochs: the number of passes through the data; 0 trains nothing.
        batch_size: the number of samples in a batch, if `train` or `validation` are arrays.
        validation: data to evaluate the model on after each epoch.
        rng: seed or generator for the order of the samples.
        verbose: whether to show progress.

    Raises:
        ValueError: if the optimizer was made for another model, or before a layer was replaced; if `epochs` is
            negative, or `batch_size` less than 1.
        FloatingPointError: if the loss becomes infinite or NaN: training has diverged.

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
    batches = as_batches(train, batch_size, shuffle=True, rng=rng)
    device = device_of(model)
    epochs = whole_number("fit: epochs", epochs, least=0)
    check_parameters(model, loss, optimizer)
    history = History()
    for epoch in range(1, epochs + 1):
        model.train()
        metrics = RunningMetrics()
        started = time.perf_counter()
        with Progress(f"epoch {epoch}/{epochs}", len(batches), verbose) as progress:
            for step, (x, target) in enumerate(batches, start=1):
                target = mg.to(target, device)
                y = model(model_input(model, x))
                batch_loss = loss(y, target)
                metrics.add(float(batch_loss), y.data, target)
                if not math.isfinite(metrics.loss):
                    raise FloatingPointError(
                        f"fit: the loss became {float(batch_loss)} in epoch {epoch}, step {step}; "
                        f"training has diverged: try a smaller learning rate than {optimizer.lr}"
                    )
                optimizer.zero_grad()
                batch_loss.backward()
                optimizer.step()
                progress.step(metrics.means())
            means = metrics.means()
            model.eval()
            if validation is not None:
                means |= {
                    f"val_{name}": value
                    for name, value in evaluate(model, validation, loss=loss, batch_size=batch_size).items()
                }
            progress.done(means, time.perf_counter() - started)
        history._add(epoch, means)
    return history
