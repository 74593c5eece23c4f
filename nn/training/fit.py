"""fit: the training loop, with progress, validation and a history."""

from __future__ import annotations

import time
from typing import Any

import minigrad as mg
from nn.hyperparameters import whole_number
from nn.losses.classification import CrossEntropyLoss
from nn.module import Module, device_of
from nn.optim.optimizer import Optimizer
from nn.training.arguments import (
    check_data,
    check_loss,
    check_model,
    check_optimizer,
    check_output,
    check_recorded,
    loss_of,
)
from nn.training.batches import Data, as_batches, model_input
from nn.training.check_optimizer import check_parameters
from nn.training.evaluate import evaluate
from nn.training.history import History
from nn.training.metrics import RunningMetrics
from nn.training.not_finite import refuse_gradients, refuse_loss, refuse_parameters, warn_of_validation
from nn.training.progress import Progress
from nn.typing import Loss
from nn.unsupported import explains_calls

__all__ = ["fit"]


@explains_calls
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
        FloatingPointError: if the loss, a gradient or a parameter becomes infinite or NaN: training has diverged. A
            gradient is refused before the step, which leaves the parameters as they are.
        TypeError: if an argument is not of its kind: the class of a loss, the name of an optimizer …
        ValueError: if the optimizer was made for another model, or before a layer was replaced; if `epochs` is
            negative, or `batch_size` less than 1; if the data are not inputs and targets, or the loss not a single
            number.

    Warns:
        RuntimeWarning: if the validation loss is infinite or NaN.

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
    check_model("fit", model)
    check_data("fit", train)
    check_optimizer("fit", optimizer)
    check_loss("fit", loss)
    if validation is not None:
        check_data("fit: validation", validation)
    batches = as_batches(train, batch_size, shuffle=True, rng=rng)
    device = device_of(model)
    epochs = whole_number("fit: epochs", epochs, least=0)
    check_parameters(model, loss, optimizer)
    for part in (model, loss):
        if isinstance(part, Module):
            part.zero_grad()  # also what another optimizer trained before
    history = History()
    for epoch in range(1, epochs + 1):
        model.train()
        parameters = dict(model.named_parameters())
        metrics = RunningMetrics(loss)
        started = time.perf_counter()
        with Progress(f"epoch {epoch}/{epochs}", len(batches), verbose) as progress:
            for step, (x, target) in enumerate(batches, start=1):
                at = f"epoch {epoch}, step {step}"
                target = mg.to(target, device)
                y = model(model_input(model, x))
                check_output("fit", model, y)
                batch_loss = loss_of("fit", loss, y, target)
                check_recorded("fit", batch_loss)
                refuse_loss(float(batch_loss), parameters, x, target, at, optimizer)
                metrics.add(float(batch_loss), y, target)
                optimizer.zero_grad()
                batch_loss.backward()
                refuse_gradients(float(batch_loss), parameters, at)
                optimizer.step()
                progress.step(metrics.means())
            refuse_parameters(parameters, f"epoch {epoch}", optimizer)
            means = metrics.means()
            model.eval()
            if validation is not None:
                measured = evaluate(model, validation, loss=loss, batch_size=batch_size)
                warn_of_validation(measured["loss"], as_batches(validation, batch_size), f"epoch {epoch}")
                means |= {f"val_{name}": value for name, value in measured.items()}
            progress.done(means, time.perf_counter() - started)
        history._add(epoch, means)
    return history
