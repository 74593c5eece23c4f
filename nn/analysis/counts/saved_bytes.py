"""The memory that the recorded graph keeps for the backward pass, for each call of a module, measured in training."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextvars import copy_context
from typing import Any

import minigrad as mg
from nn.analysis.forward_record import ForwardRecord, call_of, record_forward
from nn.analysis.unchanged import unchanged
from nn.module import Module
from nn.random import clear_position

__all__ = ["bytes_of_training", "saved_bytes"]


def bytes_of_training(model: Module, input_shape: tuple[int, ...]) -> dict[int, list[int]] | None:
    """The bytes that one sample keeps in training, for each call of each module, by the id of the module.

    The model runs once more, in training mode, and is left as it was. Where one sample does not do, as of batch
    normalization of vectors, it is half of what two keep. ``None`` if the model does not run in training mode.
    """
    return copy_context().run(_measure, model, input_shape)


def _measure(model: Module, input_shape: tuple[int, ...]) -> dict[int, list[int]] | None:
    clear_position()  # in this context alone: calls of layers are counted there
    existing = [vars(module) for _, module in model.named_modules()]  # parameters, buffers, and constants
    for n in (1, 2):
        with unchanged(model):
            record = record_forward(model, input_shape, n=n, training=True, stop=False)
        if record.error is None:
            by_module: defaultdict[int, list[int]] = defaultdict(list)
            for (module, _), total in zip(record.calls, saved_bytes(record, existing), strict=True):
                by_module[id(module)].append(total // n)
            return by_module
    return None


def saved_bytes(record: ForwardRecord, existing: Iterable[Any]) -> list[int]:
    """For each call of a module the bytes of the arrays that its operations were the first to keep.

    An array counts once, and with all its memory, of which others may be views: the output of a layer and the input of
    the next are one array.

    Arguments:
        existing: arrays that are there without the graph, and so do not count; in lists and dictionaries, too.
    """
    by_call: Counter[Any] = Counter()
    owners = map(_owner, _arrays([record.sample, *existing]))
    seen = {id(owner): owner for owner in owners}  # kept, so that no other array gets the id of one
    for operation in record.operations:
        call = call_of(operation.output)
        for array in _arrays((operation.output, operation.inputs, operation.params)):
            owner = _owner(array)
            if id(owner) not in seen:
                seen[id(owner)] = owner
                by_call[call] += owner.nbytes
    return [by_call.pop(call_of(output, module), 0) for module, output in record.outputs]


def _arrays(value: Any) -> Iterator[Any]:
    """The arrays in what an operation or a module holds."""
    if isinstance(value, mg.Tensor):
        yield value.data
    elif isinstance(value, tuple | list):
        for part in value:
            yield from _arrays(part)
    elif isinstance(value, dict):
        yield from _arrays(list(value.values()))
    elif hasattr(value, "nbytes") and hasattr(value, "dtype"):
        yield value


def _owner(array: Any) -> Any:
    """The array whose memory this one is a view of."""
    while hasattr(getattr(array, "base", None), "nbytes"):
        array = array.base
    return array
