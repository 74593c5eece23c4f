"""The data that `fit` and `evaluate` take, as batches on the model's device and in its precision."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import numpy as np

import minigrad as mg
from nn.data.batch import Batch
from nn.data.loader import DataLoader
from nn.data.split import split
from nn.distributed.communicator import Communicator, Serial
from nn.distributed.exchange import summed
from nn.hyperparameters import whole_number
from nn.losses.target_weight import is_sum, target_weight
from nn.module import Module, device_of
from nn.training.checks.arguments import check_batch, check_data
from nn.training.checks.usual_mistakes import warn_of_batch_size
from nn.typing import Array

__all__ = ["Data", "TrainingBatch", "as_batches", "as_training_data", "in_groups", "model_input"]

#: A `DataLoader`, arrays ``(inputs, targets)``, a data set of samples, or an iterable of batches.
Data = tuple[Array, Array] | DataLoader | Any


class TrainingBatch(Batch):
    """Inputs and targets, ``x, t = batch``, as the model takes them.

    Attributes:
        x, y: the same.
        samples: the numbers of its samples in the data.
        share: its part of the targets of a step; 1, unless a step has several batches. On several processes, so many
            times as much: the mean over all of them is the gradient of the step.
        counts: whether it has targets that count. On several processes, the part of one may have none: it is empty, or
            all its targets are ignored or have the weight 0.
        begins_step, ends_step: whether the gradients are reset before it, and whether the optimizer steps after it.
    """

    share: float
    counts: bool
    begins_step: bool
    ends_step: bool


def as_batches(caller: str, data: Any, batch_size: int | None, default: int, **how: Any) -> DataLoader:
    """A loader as it is, or one for other data.

    Arguments:
        batch_size, default: what was asked for, and what to take if nothing was.
        how: further settings, for data that do not come in batches.

    Raises:
        TypeError, ValueError: if they are not inputs and targets, or `batch_size` is not a whole number of at least 1.
    """
    size = default if batch_size is None else whole_number(f"{caller}: batch_size", batch_size, least=1)
    check_data(caller, data)
    in_batches = isinstance(data, DataLoader) or not (_is_pair(data) or hasattr(data, "__getitem__"))
    if not in_batches:
        return DataLoader(*(data if _is_pair(data) else (data,)), batch_size=size, **how)
    loader = data if isinstance(data, DataLoader) else DataLoader(data)
    if batch_size is not None and batch_size != loader.batch_size:
        raise ValueError(f"{caller}: batch_size={batch_size} is given, and the data come in batches; leave it out")
    return loader


def _is_pair(data: Any) -> bool:
    """Whether data are inputs and targets, and not a list of samples."""
    return isinstance(data, tuple) or (isinstance(data, list) and len(data) == 2 and not isinstance(data[0], tuple))


def as_training_data(
    data: Any, y: Any, batch_size: int | None, validation_data: Any, validation_split: float, seed: int
) -> tuple[DataLoader, DataLoader | None]:
    """Loaders of the data to train on, in a new order in every epoch, and of those to validate on."""
    if y is not None:
        if isinstance(data, DataLoader):
            raise TypeError("fit: a DataLoader gives inputs and targets, and y is given, too; leave y out")
        data = (data, y)
    if validation_split:
        data, validation_data = _split(data, validation_data, validation_split, seed)
    train = as_batches("fit", data, batch_size, 32, shuffle=True, rng=seed)
    warn_of_batch_size(batch_size, train.n_samples)
    if validation_data is None:
        return train, None
    own_size = None if isinstance(validation_data, DataLoader) else batch_size
    return train, as_batches("fit: validation_data", validation_data, own_size, 256)


def _split(data: Any, validation_data: Any, fraction: float, seed: int) -> tuple[Any, Any]:
    if validation_data is not None:
        raise ValueError("fit: validation_data and validation_split are given; leave one of them out")
    if isinstance(data, DataLoader):
        raise TypeError(
            "fit: validation_split divides arrays and data sets, not a DataLoader; write "
            "train, validation = nn.data.split(data, 0.1), and a loader of the first"
        )
    parts = split(*data, test_size=fraction, rng=seed) if _is_pair(data) else split(data, test_size=fraction, rng=seed)
    return (parts[0::2], parts[1::2]) if _is_pair(data) else (parts[0], parts[1])


def in_groups(
    batches: Iterable[Batch], size: int, loss: Any, model: Module, comm: Communicator | None = None
) -> Iterator[TrainingBatch]:
    """The batches of an epoch on the model's device, each with its share of the targets of `size` batches.

    The mean loss of a group is the sum of those of its batches, times their shares. Class numbers that are the
    ``ignore_index`` of the loss do not count, and others by the weight of their class. The last group may have fewer
    batches.

    >>> loader = DataLoader(np.ones((5, 1)), np.arange(5), batch_size=2)
    >>> [batch.share for batch in in_groups(loader, 2, None, Module())]
    [0.5, 0.5, 1.0]
    """
    comm = Serial() if comm is None else comm
    iterator = iter(batches)
    device = device_of(model)
    while group := list(islice(iterator, size)):
        for batch in group:
            check_batch("fit", batch)
        weights = [target_weight(loss, batch[1]) for batch in group]
        shares = _shares(weights, loss, comm, size) if size > 1 or comm.size > 1 else [1.0]
        for i, (batch, weight, share) in enumerate(zip(group, weights, shares, strict=True)):
            ready = TrainingBatch((model_input(model, batch[0]), mg.to(batch[1], device)), batch.samples)
            ready.share = share
            ready.counts = comm.size == 1 or bool(weight)
            ready.begins_step = i == 0
            ready.ends_step = i == len(group) - 1
            yield ready
    if comm.size > 1:
        _of_all_ranks([], comm, size)  # that the others have no batch left either


def _shares(weights: list[float], loss: Any, comm: Communicator, size: int) -> list[float]:
    """What the losses of the batches of a step are multiplied by, for their sum, and their mean over all ranks."""
    if comm.size == 1:
        whole = sum(weights) or 1
        return [weight / whole for weight in weights]
    of_batches = _of_all_ranks(weights, comm, size)
    if not (whole := sum(of_batches)):
        raise ZeroDivisionError("fit: every target of this batch is ignored or has the weight 0; leave this batch out")
    own = of_batches if is_sum(loss) else weights  # of a sum, the parts of a batch are added
    return [comm.size * weight / whole for weight in own]


def _of_all_ranks(weights: list[float], comm: Communicator, size: int) -> list[float]:
    """The weights of the batches of a step, of which there are at most `size`, with the parts of all ranks.

    Raises:
        ValueError: on all ranks, if they do not have the same number of batches.
    """
    n = len(weights)
    number, square, *of_batches = summed(comm, n, n * n, *weights, *[0.0] * (size - n))
    if number * number != comm.size * square:
        raise ValueError(
            "fit: the data have more batches on one rank than on another; all ranks have to be given the same data, of "
            "which each takes its part"
        )
    return of_batches[:n]


def model_input(model: Module, x: Array) -> Array:
    """Inputs on the device of the model's parameters; floating-point numbers in their precision, too.

    Inputs of float64 would otherwise make a float32 model compute in float64.
    """
    parameter = next(model.parameters(), None)
    if parameter is None:
        return x
    is_floating = np.asarray(x).dtype.kind == "f"
    return mg.to(x.astype(parameter.dtype, copy=False) if is_floating else x, parameter.device)
