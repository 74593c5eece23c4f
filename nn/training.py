"""fit: the training loop, with a progress bar, validation and a history."""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

import minigrad as mg
from nn.data.loader import DataLoader
from nn.loss import CrossEntropyLoss
from nn.module import Module, device_of, evaluation_mode
from nn.optim import Optimizer

__all__ = ["History", "evaluate", "fit", "predict"]

Data = tuple[Any, Any] | DataLoader
Loss = Callable[[Any, Any], Any]


@dataclass
class History:
    """What `fit` measured, epoch by epoch, under Keras's names.

    Attributes:
        epoch: the numbers of the epochs, from 1.
        history: a list with one number for each epoch under ``"loss"``, ``"accuracy"`` (where targets are
            class numbers), and with validation data ``"val_loss"`` and ``"val_accuracy"``. Training loss and
            accuracy are means over the epoch, while the parameters were changing.
    """

    epoch: list[int] = field(default_factory=list)
    history: dict[str, list[float]] = field(default_factory=dict)

    def _add(self, epoch: int, measured: dict[str, float]) -> None:
        self.epoch.append(epoch)
        for name, value in measured.items():
            self.history.setdefault(name, []).append(value)


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
        running = _Running()
        started = time.perf_counter()
        with _Progress(f"epoch {epoch}/{epochs}", len(batches), verbose) as progress:
            for step, (x, target) in enumerate(batches, start=1):
                target = mg.to(target, device)
                y = model(mg.to(_floating(x, dtype), device))
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


def evaluate(model: Module, data: Data, *, loss: Loss | None = None, batch_size: int = 256) -> dict[str, float]:
    """Mean loss, and accuracy where targets are class numbers, in evaluation mode and without recording.

    Arguments:
        data: a `DataLoader`, or arrays ``(inputs, targets)``.
        loss: as for `fit`.

    >>> import nn, numpy as np
    >>> nn.evaluate(nn.Flatten(), (np.array([[0.0, 9.0], [9.0, 0.0]]), np.array([1, 1])))["accuracy"]
    0.5
    """
    loss = CrossEntropyLoss() if loss is None else loss
    batches = data if isinstance(data, DataLoader) else DataLoader(*data, batch_size=batch_size)
    running = _Running()
    with mg.no_grad(), evaluation_mode(model):
        for x, target in batches:
            y, target = _output(model, x), mg.to(target, device_of(model))
            running.add(float(loss(y, target)), y, target)
    return running.measured()


def predict(model: Module, x: Any, *, batch_size: int = 256) -> Any:
    """The outputs for all inputs as one NumPy array, in evaluation mode, without recording, batch by batch.

    >>> import nn, numpy as np
    >>> nn.predict(nn.ReLU(), np.array([[-1.0], [2.0]])).tolist()
    [[0.0], [2.0]]
    """
    with mg.no_grad(), evaluation_mode(model):
        batches = DataLoader(x, batch_size=batch_size)
        return np.concatenate([mg.to(_output(model, batch), "cpu") for (batch,) in batches])


def _output(model: Module, x: Any) -> Any:
    parameter = next(model.parameters(), None)
    y = model(x if parameter is None else mg.to(_floating(x, parameter.dtype), parameter.device))
    return y.data if isinstance(y, mg.Tensor) else y


def _floating(x: Any, dtype: Any) -> Any:
    """Inputs in the parameters' precision: float64 images would make a float32 model compute in float64."""
    return x.astype(dtype, copy=False) if np.asarray(x).dtype.kind == "f" else x


class _Running:
    """Means over the samples seen so far."""

    def __init__(self) -> None:
        self.samples = 0
        self.loss = 0.0
        self.correct: int | None = None

    def add(self, loss: float, output: Any, target: Any) -> None:
        n = len(target)
        self.samples += n
        self.loss += loss * n
        if target.dtype.kind in "iu" and output.ndim == 2:
            self.correct = (self.correct or 0) + int((output.argmax(axis=1) == target).sum())

    def measured(self) -> dict[str, float]:
        measured = {"loss": self.loss / self.samples}
        if self.correct is not None:
            measured["accuracy"] = self.correct / self.samples
        return measured


class _Progress:
    """One epoch's progress: a tqdm bar while it runs, on a terminal, and one plain line when it is done."""

    def __init__(self, title: str, steps: int, verbose: bool) -> None:
        self.title = title
        self.verbose = verbose
        self.bar: Any = None
        if verbose and sys.stderr.isatty():
            try:
                from tqdm import tqdm
            except ImportError:
                return
            form = "{desc} {percentage:3.0f} %|{bar}| {remaining} left{postfix}"
            self.bar = tqdm(total=steps, desc=title, bar_format=form, dynamic_ncols=True, leave=False)

    def __enter__(self) -> _Progress:
        return self

    def __exit__(self, *error: Any) -> None:
        if self.bar is not None:
            self.bar.close()

    def step(self, measured: dict[str, float]) -> None:
        if self.bar is not None:
            self.bar.set_postfix_str(_spelt(measured), refresh=False)
            self.bar.update()

    def done(self, measured: dict[str, float], seconds: float) -> None:
        self.__exit__()
        if self.verbose:
            print(f"{self.title}  {_spelt(measured)}  {seconds:.1f} s", flush=True)


def _spelt(measured: dict[str, float]) -> str:
    return "  ".join(f"{name} {value:.4f}" for name, value in measured.items())
