"""The model on record, in evaluation mode: on the example, on twice as many samples, on one with unusual numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

import minigrad as mg
from nn.module import Module, device_of, evaluation_mode

__all__ = ["Recording", "record", "twice_as_many", "unusual"]


@dataclass(frozen=True, eq=False)
class Recording:
    """One run of the model.

    Attributes:
        inputs: what it was given.
        outputs: what it returned, by name.
        operations: what it computed them with, inputs before outputs.
        watch: what knows the lines of the operations.
    """

    inputs: tuple[mg.Tensor, ...]
    outputs: dict[str, Any]
    operations: list[mg.Operation]
    watch: Any

    def place(self, operation: mg.Operation) -> str:
        """Where an operation was called, for the end of an error: the layer, and the user's line."""
        y = operation.output
        layer = y.scope.name() if isinstance(y, mg.Tensor) and y.scope is not None else ""
        line = self.watch.line_of(y) if isinstance(y, mg.Tensor) else ""
        return (f", in {layer}" if layer else "") + (f"\ncalled in {line}" if line else "")


def record(model: Module, example: Sequence[Any]) -> Recording:
    """Run a model on these arrays.

    Raises:
        TypeError: if it returns something else than Tensors, or nested lists and dictionaries of Tensors.
    """
    watch = mg.detect_anomaly()
    with evaluation_mode(model), np.errstate(all="ignore"), mg.record(), watch:
        device = device_of(model)
        inputs = tuple(mg.Tensor(x, device=device, requires_grad=x.dtype.kind == "f") for x in example)
        outputs = dict(_named(model(*inputs), "output"))
        return Recording(inputs, outputs, mg.recorded_operations(*outputs.values()), watch)


def _named(result: Any, name: str) -> Iterator[tuple[str, Any]]:
    """The Tensors in what a model returned, with names."""
    if isinstance(result, mg.Tensor | np.ndarray):
        yield name, result
    elif isinstance(result, dict):
        for key, part in result.items():
            yield from _named(part, str(key) if name == "output" else f"{name}_{key}")
    elif isinstance(result, list | tuple):
        for i, part in enumerate(result):
            yield from _named(part, f"{name}_{i}")
    else:
        raise TypeError(
            f"export_onnx: the model returned a {type(result).__name__}, expected a Tensor, or a list or dictionary of "
            "Tensors"
        )


def twice_as_many(example: Sequence[Any]) -> list[Any]:
    """Other arrays with twice as many samples, so that what a model takes from its input is another thing.

    Integers are drawn from those of the example, which are known to be possible; where it has positive numbers alone,
    so have these.
    """
    rng = np.random.default_rng(0)
    return [_other(np.concatenate([x, x]) if x.ndim else x, rng) for x in example]


def _other(x: Any, rng: np.random.Generator) -> Any:
    if x.dtype.kind != "f":
        return rng.choice(x.reshape(-1), x.shape) if x.size else x
    other = np.where(x == 0, 1, x) * rng.uniform(0.5, 1, x.shape)
    return (other if (x > 0).all() else other * rng.choice([-1, 1], x.shape)).astype(x.dtype)


def unusual(example: Sequence[Any]) -> list[Any]:
    """One sample with NaN, large numbers and 0, for which some functions take another way."""
    return [_unusual(x[:1] if x.ndim else x) if x.dtype.kind == "f" else x[:1] if x.ndim else x for x in example]


def _unusual(x: Any) -> Any:
    which = np.arange(x.size).reshape(x.shape) % 3
    with np.errstate(over="ignore"):
        large = np.where(x == 0, 1000, x * 1000)
    return np.select([which == 0, which == 1], [np.nan, large], 0).astype(x.dtype)
