"""evaluate and predict: a model in evaluation mode, without recording."""

from __future__ import annotations

import numpy as np

import minigrad as mg
from nn.data.loader import DataLoader
from nn.losses.classification import CrossEntropyLoss
from nn.metrics.running_metrics import RunningMetrics
from nn.module import Module, device_of, evaluation_mode
from nn.training.arguments import check_data, check_inputs, check_loss, check_model, check_output, loss_of
from nn.training.batches import Data, as_batches, model_input
from nn.typing import Array, Loss
from nn.unsupported import explains_calls

__all__ = ["evaluate", "predict"]


@explains_calls
def evaluate(model: Module, data: Data, *, loss: Loss | None = None, batch_size: int = 256) -> dict[str, float]:
    """Mean loss, and accuracy where targets are class numbers, in evaluation mode and without recording.

    Class numbers are those of samples, or of pixels: for outputs of shape ``(N, C, H, W)``, targets ``(N, H, W)``.

    Arguments:
        data: a `DataLoader`, or arrays ``(inputs, targets)``.
        loss: as for `fit`.
        batch_size: the number of samples in a batch, if `data` are arrays.

    >>> import nn, numpy as np
    >>> nn.evaluate(nn.Flatten(), (np.array([[0.0, 9.0], [9.0, 0.0]]), np.array([1, 1])))["accuracy"]
    0.5
    """
    loss = CrossEntropyLoss() if loss is None else loss
    check_model("evaluate", model)
    check_data("evaluate", data)
    check_loss("evaluate", loss)
    metrics = RunningMetrics(loss)
    with mg.no_grad(), evaluation_mode(model):
        for x, target in as_batches(data, batch_size):
            y, target = _output("evaluate", model, x), mg.to(target, device_of(model))
            metrics.add(float(loss_of("evaluate", loss, y, target)), y, target)
    return metrics.means()


@explains_calls
def predict(model: Module, x: Array, *, batch_size: int = 256) -> Array:
    """The outputs for all inputs as one NumPy array, in evaluation mode, without recording, batch by batch.

    >>> import nn, numpy as np
    >>> nn.predict(nn.ReLU(), np.array([[-1.0], [2.0]])).tolist()
    [[0.0], [2.0]]
    """
    check_model("predict", model)
    check_inputs("predict", x)
    with mg.no_grad(), evaluation_mode(model):
        batches = DataLoader(tuple(x) if isinstance(x, list) else x, batch_size=batch_size)  # a list is an array
        return np.concatenate([mg.to(_output("predict", model, batch), "cpu") for (batch,) in batches])


def _output(caller: str, model: Module, x: Array) -> Array:
    y = model(model_input(model, x))
    check_output(caller, model, y)
    return y.data if isinstance(y, mg.Tensor) else y
