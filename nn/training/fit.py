"""fit: the training loop, with progress, validation and a history."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import minigrad as mg
from nn.hyperparameters import positive_number, whole_number
from nn.losses.classification import CrossEntropyLoss
from nn.metrics.running_metrics import RunningMetrics
from nn.module import Module, device_of
from nn.optim.clip_grad import clip_grad_norm_
from nn.optim.lr_scheduler.schedule import Schedule
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
from nn.training.batches import Data, as_batches, in_groups, model_input
from nn.training.check_optimizer import check_parameters
from nn.training.evaluate import evaluate
from nn.training.history import History
from nn.training.learning_rate import LearningRate
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
    schedule: Schedule | Callable[[int], float] | None = None,
    clip_norm: float | None = None,
    accumulate: int = 1,
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
        schedule: a schedule, such as ``nn.optim.CosineAnnealingLR(epochs)``, or a function of the epoch, counted from
            0. The learning rate of each group of parameters is its base times the factor; after `fit` it is the base
            again, and another `fit` begins at t = 0. `ReduceLROnPlateau` watches the validation loss, or the loss
            without validation data, and keeps its state for another `fit`. The history has the learning rate as
            ``"lr"``, that of the last step of each epoch.
        clip_norm: the greatest length of all gradients as one vector, as for `nn.optim.clip_grad_norm_`.
        accumulate: the number of batches of which the gradients are averaged before each step of the optimizer, in
            proportion to their samples. If the loss is a mean over samples, this equals a single batch so many times
            as large, except for batch normalization, which sees each batch alone.
        rng: seed or generator for the order of the samples.
        verbose: whether to show progress.

    Raises:
        FloatingPointError: if the loss, a gradient or a parameter becomes infinite or NaN: training has diverged. A
            gradient is refused before the step, which leaves the parameters as they are.
        TypeError: if an argument is not of its kind: the class of a loss, the name of an optimizer …
        ValueError: if the optimizer was made for another model, or before a layer was replaced; if `epochs` is
            negative, `batch_size` or `accumulate` less than 1, or `clip_norm` not positive; if the schedule is over
            before the training is, or is a `ReduceLROnPlateau` that waits for a larger loss; if the data are not inputs
            and targets, or the loss is not a single number.

    Warns:
        UserWarning: if the optimizer holds only a part of the parameters to be trained.
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
    accumulate = whole_number("fit: accumulate", accumulate, least=1)
    clip_norm = None if clip_norm is None else positive_number("fit: clip_norm", clip_norm)
    check_parameters(model, loss, optimizer)
    for part in (model, loss):
        if isinstance(part, Module):
            part.zero_grad()  # also what another optimizer trained before
    history = History()
    with LearningRate(optimizer, schedule, epochs, steps=-(-len(batches) // accumulate)) as learning_rate:
        for epoch in range(1, epochs + 1):
            model.train()
            parameters = dict(model.named_parameters())
            metrics = RunningMetrics(loss)
            started = time.perf_counter()
            with Progress(f"epoch {epoch}/{epochs}", len(batches), verbose) as progress:
                for step, group in enumerate(in_groups(batches, accumulate, loss), start=1):
                    at = f"epoch {epoch}, step {step}"
                    learning_rate.set(epoch, step)
                    optimizer.zero_grad()
                    for x, target, share in group:
                        target = mg.to(target, device)
                        y = model(model_input(model, x))
                        check_output("fit", model, y)
                        batch_loss = loss_of("fit", loss, y, target)
                        check_recorded("fit", batch_loss)
                        refuse_loss(float(batch_loss), parameters, x, target, at, optimizer)
                        metrics.add(float(batch_loss), y, target)
                        (batch_loss * share).backward()
                        progress.step(metrics.means())
                    refuse_gradients(float(batch_loss), parameters, at)
                    if clip_norm is not None:
                        clip_grad_norm_(optimizer.params, clip_norm)
                    optimizer.step()
                refuse_parameters(parameters, f"epoch {epoch}", optimizer)
                means = metrics.means()
                model.eval()
                if validation is not None:
                    measured = evaluate(model, validation, loss=loss, batch_size=batch_size)
                    warn_of_validation(measured["loss"], as_batches(validation, batch_size), f"epoch {epoch}")
                    means |= {f"val_{name}": value for name, value in measured.items()}
                means |= learning_rate.shown()
                progress.done(means, time.perf_counter() - started)
            learning_rate.watch(means)
            history._add(epoch, means)
    return history
