"""TODO"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import minigrad as mg
from nn.data.loader import DataLoader
from nn.losses.classification import CrossEntropyLoss
from nn.module import Module, device_of, evaluation_mode

__all__ = ["evaluate", "predict"]

Data = tuple[Any, Any] | DataLoader
Loss = Callable[[Any, Any], Any]


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
    running = RunningMetrics()
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
    y = model(x if parameter is None else mg.to(as_floating(x, parameter.dtype), parameter.device))
    return y.data if isinstance(y, mg.Tensor) else y


def as_floating(x: Any, dtype: Any) -> Any:
    """Inputs in the parameters' precision: float64 images would make a float32 model compute in float64."""
    return x.astype(dtype, copy=False) if np.asarray(x).dtype.kind == "f" else x


class RunningMetrics:
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
