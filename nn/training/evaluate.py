"""evaluate: a model in evaluation mode, without recording, on data with targets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import minigrad as mg
from nn.data.loader import DataLoader
from nn.distributed.communicator import Communicator, Serial
from nn.losses.target_weight import target_weight
from nn.metrics.metric import Metric
from nn.metrics.running_metrics import RunningMetrics
from nn.module import Module, device_of, evaluation_mode
from nn.training.batches import Data, as_batches, model_input
from nn.training.by_name import named_loss
from nn.training.checks.arguments import check_batch, check_model, check_output, loss_of
from nn.typing import Array, Loss
from nn.unsupported import explains_calls

__all__ = ["evaluate", "measure", "output_of"]


@explains_calls
def evaluate(
    model: Module,
    data: Data,
    y: Array | None = None,
    *,
    loss: str | Loss = "cross_entropy",
    metrics: Sequence[str | Metric | Callable[..., Any]] | None = None,
    batch_size: int | None = None,
) -> dict[str, Any]:
    """Mean loss and metrics over all samples, in evaluation mode and without recording.

    Class numbers are those of samples, or of pixels: for outputs of shape ``(N, C, H, W)``, targets ``(N, H, W)``.

    Arguments:
        data, y, loss, metrics: as for `fit`.
        batch_size: the number of samples in a batch, 256 if not given; not for data that come in batches.

    >>> import nn, numpy as np
    >>> nn.evaluate(nn.Flatten(), np.array([[0.0, 9.0], [9.0, 0.0]]), np.array([1, 1]))["accuracy"]
    0.5
    """
    check_model("evaluate", model)
    batches = as_batches("evaluate", data if y is None else (data, y), batch_size, 256)
    return measure("evaluate", model, batches, named_loss(loss), metrics)


def measure(
    caller: str,
    model: Module,
    batches: DataLoader,
    loss: Any,
    metrics: Any = None,
    shown: Callable[[Iterable[Any], int | None], Iterable[Any]] | None = None,
    comm: Communicator | None = None,
) -> dict[str, Any]:
    """The same for a loader and a loss; `shown` wraps the batches in a progress bar, and `comm` connects processes."""
    comm = Serial() if comm is None else comm
    running = RunningMetrics(loss, metrics, comm)
    epoch = batches.batches(0, rank=comm.rank, ranks=comm.size)
    with mg.no_grad(), evaluation_mode(model):
        for batch in epoch if shown is None else shown(epoch, batches.batches_of_ranks(comm.size)):
            check_batch(caller, batch)
            x, target = batch
            if comm.size > 1 and not len(target):  # no sample of it was left for this process
                running.add(0.0, None, None)
                continue
            y, target = output_of(caller, model, x), mg.to(target, device_of(model))
            # The mean over targets of which none counts is not defined; the other processes may have some that do.
            counts = comm.size == 1 or target_weight(loss, target)
            running.add(float(loss_of(caller, loss, y, target)) if counts else 0.0, y, target)
    return running.means()


def output_of(caller: str, model: Module, x: Array) -> Array:
    """The outputs for a batch of inputs, as an array."""
    y = model(model_input(model, x))
    check_output(caller, model, y)
    return y.data if isinstance(y, mg.Tensor) else y
