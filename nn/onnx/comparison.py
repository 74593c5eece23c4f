"""What is the same in two recordings of a model, and what depends on the batch or on the numbers of the input.

A constant that differs would be right for one input alone, so it is refused. There are three that are known to be
meant: an array that repeats one part along the batch, as the zeros that a recurrent network starts from; one that
numbers the samples, in an index; and an array of integers that is an input itself, as the indices of an embedding.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

import minigrad as mg
from nn.module import Module
from nn.onnx.recording import Recording
from nn.onnx.refused import Refused
from nn.onnx.sizes import Size, Varying, sizes_of

__all__ = ["Call", "Comparison", "Counted", "Reference", "Repeated", "array_of", "error_at"]


@dataclass(frozen=True)
class Reference:
    """A value of the graph: an ``"input"``, the ``"output"`` of an operation, or a ``"weight"``, by number or name."""

    kind: str
    key: int | str


@dataclass(frozen=True, eq=False)
class Repeated:
    """A constant that is the same for each sample: a part, of length 1 along the batch, and the whole shape."""

    part: Any
    shape: tuple[Size, ...]


@dataclass(frozen=True, eq=False)
class Counted:
    """A constant that numbers the samples from 0 on, along its only axis of another length than 1."""

    dtype: Any
    shape: tuple[Size, ...]


@dataclass(frozen=True, eq=False)
class Call:
    """One operation, in both recordings.

    Attributes:
        operation: that of the first.
        shape: the sizes of its output.
        inputs: its arguments: references, constants, repeated and counted constants.
        params: its keywords, without what the forward pass saved.
    """

    operation: mg.Operation
    shape: tuple[Size, ...]
    inputs: list[Any]
    params: dict[str, Any]


class Comparison:
    """Two recordings of a model.

    Arguments:
        other: what the second has that the first has not, for errors.
    """

    def __init__(self, model: Module, first: Recording, second: Recording, other: str) -> None:
        self.first, self.second, self.other = first, second, other
        self.batch = Varying(*(next((x.shape[0] for x in run.inputs if x.ndim), 1) for run in (first, second)))
        self.weights: dict[str, mg.Tensor] = dict((*model.named_buffers(), *model.named_parameters()))
        self._known = [_references(recording, self.weights) for recording in (first, second)]

    def calls(self) -> Iterator[Call]:
        """The operations of both.

        Raises:
            ValueError: if they are not the same, or a constant differs.
        """
        a, b = self.first.operations, self.second.operations
        for i, one in enumerate(a):
            other = b[i] if i < len(b) else None
            if other is None or other.primitive is not one.primitive or len(one.inputs) != len(other.inputs):
                instead = f"{other.primitive.name} in its place" if other is not None else "no such operation"
                raise error_at(
                    f"the model computes something else for {self.other}: then there is {instead}. A file has one "
                    "graph: choose by mg.where, in place of if",
                    self.first,
                    one,
                )
            try:
                yield self._call(one, other)
            except Refused as reason:
                raise error_at(str(reason), self.first, one) from None
        if len(b) > len(a):
            raise error_at(f"the model computes it only for {self.other}; a file has one graph", self.second, b[len(a)])

    def reference(self, x: Any) -> Reference | None:
        """What a value of the first recording is in the graph; ``None`` for a constant."""
        return self._known[0].get(id(x))

    def _call(self, one: mg.Operation, other: mg.Operation) -> Call:
        inputs = [
            self._same(x, y, f"argument {i}") for i, (x, y) in enumerate(zip(one.inputs, other.inputs, strict=True))
        ]
        settings = [operation.primitive.keywords(operation.params) for operation in (one, other)]
        params = {key: self._same(x, settings[1][key], f"{key}=") for key, x in settings[0].items()}
        ranks = np.ndim(one.output), np.ndim(other.output)
        if ranks[0] != ranks[1]:
            raise Refused(
                f"its output has {ranks[0]} axes, and {ranks[1]} for {self.other}: it drops or adds axes by their "
                "length; name the axis"
            )
        return Call(one, sizes_of(np.shape(one.output), np.shape(other.output)), inputs, params)

    def _same(self, x: Any, y: Any, what: str) -> Any:
        """A value that both recordings have: a reference, a constant, or a setting in which sizes may differ."""
        references = self._known[0].get(id(x)), self._known[1].get(id(y))
        if references[0] is not None and references[0] == references[1]:
            return references[0]
        if references != (None, None):
            raise Refused(
                f"its {what} is another value for {self.other}; a file has one graph: choose by mg.where, not by if"
            )
        if isinstance(x, tuple | list) and type(x) is type(y) and len(x) == len(y):
            parts = [self._same(p, q, what) for p, q in zip(x, y, strict=True)]
            return parts if isinstance(x, list) else tuple(parts)
        if isinstance(x, slice) and isinstance(y, slice):
            return slice(*(self._same(getattr(x, s), getattr(y, s), what) for s in ("start", "stop", "step")))
        if _is_whole(x) and _is_whole(y):
            return int(x) if x == y else Varying(int(x), int(y))
        if hasattr(x, "dtype") and hasattr(y, "dtype"):
            return self._constant(array_of(x), array_of(y), what)
        if type(x) is type(y) and (x == y or (x != x and y != y)):
            return x
        raise Refused(f"its {what} is {x!r:.60}, and {y!r:.60} for {self.other}")

    def _constant(self, x: Any, y: Any, what: str) -> Any:
        """An array that is the same in both recordings, or repeats one part along the batch, or is an input."""
        for i, (a, b) in enumerate(zip(self.first.inputs, self.second.inputs, strict=True)):
            if a.dtype.kind != "f" and _equal(x, array_of(a)) and _equal(y, array_of(b)):
                return Reference("input", i)
        taken = any(np.may_share_memory(x, array_of(a)) for a in self.first.inputs)
        if not taken and _equal(x, y):
            return x
        if not taken and x.ndim == y.ndim and x.dtype == y.dtype and x.size:
            shape = sizes_of(x.shape, y.shape)
            part = x[tuple(slice(1) if isinstance(size, Varying) else slice(None) for size in shape)]
            along_batch = [size for size in shape if size != 1] == [self.batch]
            if along_batch and _numbers_from_0(x) and _numbers_from_0(y):
                return Counted(x.dtype, shape)
            if x.shape != y.shape and all(_equal(np.broadcast_to(part, whole.shape), whole) for whole in (x, y)):
                return Repeated(part, shape)
        raise Refused(
            f"its {what} was computed from the input or the batch size by something that is not recorded; in the file "
            "it would be a constant, right for this example alone. Compute it from Tensors by functions of minigrad or "
            "NumPy, without .data, .numpy(), .item() or float(). Comparisons such as x > 0 are recorded; what NumPy "
            "makes of their results is not: nest two mg.where"
        )


def _references(recording: Recording, weights: dict[str, mg.Tensor]) -> dict[int, Reference]:
    """The values of a recording by their ``id``; the recording keeps them alive."""
    found = {id(x): Reference("weight", name) for name, x in weights.items()}
    found |= {id(x): Reference("input", i) for i, x in enumerate(recording.inputs)}
    return found | {id(operation.output): Reference("output", i) for i, operation in enumerate(recording.operations)}


def _is_whole(x: Any) -> bool:
    """Whether it is a whole number, and no truth value."""
    return isinstance(x, int | np.integer) and not isinstance(x, bool)


def array_of(x: Any) -> Any:
    """The numbers of a Tensor or an array on the CPU."""
    x = mg.to(x, "cpu")
    return np.asarray(x.data if isinstance(x, mg.Tensor) else x)


def _equal(x: Any, y: Any) -> bool:
    return x.dtype == y.dtype and x.shape == y.shape and np.array_equal(x, y, equal_nan=x.dtype.kind in "fc")


def _numbers_from_0(x: Any) -> bool:
    return bool(x.dtype.kind == "i" and np.array_equal(x.reshape(-1), np.arange(x.size)))


def error_at(
    reason: str, recording: Recording, operation: mg.Operation, kind: type[Exception] = ValueError
) -> Exception:
    """The error that names an operation, and where it was called."""
    return kind(f"export_onnx: {operation.primitive.name}: {reason}{recording.place(operation)}")
