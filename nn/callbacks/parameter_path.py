"""The way that the parameters take during a training."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

import minigrad as mg
from nn.callbacks.callback import Callback
from nn.callbacks.state import checked_state
from nn.hyperparameters import whole_number
from nn.module import Module

__all__ = ["ParameterPath", "parameter_vector"]


class ParameterPath(Callback):
    """Records the parameters during a training, as the path of descent that `nn.plot.loss_surface` draws.

    A point has all parameters, one after the other, so the memory is that of a copy of the parameters for each point.

    Arguments:
        every: the number of steps from one point to the next; if not given, there is a point for each epoch. The start
            and the end are points in any case.

    Attributes:
        points: the path, shape (K, P): a row of all P numbers for each of K points.

    Raises:
        TypeError, ValueError: if `every` is not a positive whole number; in `record`, if there are no parameters, or
            not as many as before.

    >>> import nn, numpy as np
    >>> x, t = np.eye(2, dtype=np.float32), np.array([0, 1])
    >>> path = nn.callbacks.ParameterPath()
    >>> history = nn.fit(nn.Linear(2, 2, rng=0), x, t, epochs=5, callbacks=[path], rng=0, verbose=False)
    >>> path.points.shape  # the start and five epochs; four weights and two biases
    (6, 6)

    In a loop of your own, call `record` before the first step and after each:

    >>> import minigrad as mg
    >>> w, b = mg.Tensor(2.0, requires_grad=True), mg.Tensor(-1.0, requires_grad=True)
    >>> by_hand = nn.callbacks.ParameterPath()
    >>> by_hand.record([w, b])
    >>> by_hand.points
    array([[ 2., -1.]])
    """

    def __init__(self, every: int | None = None) -> None:
        self.every = None if every is None else whole_number("ParameterPath: every", every, least=1)
        self._points: list[Any] = []

    @property
    def points(self) -> Any:
        """The path, shape (K, P)."""
        return np.stack(self._points) if self._points else np.empty((0, 0))

    def record(self, parameters: Module | Iterable[mg.Tensor]) -> None:
        """Add a point: the numbers of a model or of Tensors as they are now."""
        point = parameter_vector("ParameterPath.record", parameters)
        if self._points and len(point) != len(self._points[0]):
            raise ValueError(
                f"ParameterPath.record: got {len(point):,} numbers, but the points before have "
                f"{len(self._points[0]):,}; record one model only, and another one in a path of its own"
            )
        self._points.append(point)

    def on_train_begin(self, run: Any) -> None:
        """The first point, unless the training goes on from a checkpoint."""
        if run.step == 0:
            self._points = []
            self.record(run.model)

    def on_train_batch_end(self, run: Any) -> None:
        """A point, if it is time for one."""
        if self.every is not None and run.step % self.every == 0:
            self._record_moved(run.model)

    def on_epoch_end(self, run: Any) -> None:
        """A point, if there is one for each epoch."""
        if self.every is None:
            self.record(run.model)

    def on_train_end(self, run: Any) -> None:
        """The last point, unless it is one already."""
        self._record_moved(run.model)

    def _record_moved(self, model: Module) -> None:
        """A point, unless it is the one before: a step may be the sum of several batches, which move nothing."""
        if not np.array_equal(parameter_vector("ParameterPath", model), self._points[-1]):
            self.record(model)

    def state_dict(self) -> dict[str, Any]:
        """The path so far."""
        return {"points": self.points}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Take what `state_dict` returned.

        Raises:
            TypeError, ValueError: if it is not such a dictionary.
        """
        self._points = list(checked_state(self, state_dict)["points"])


def parameter_vector(caller: str, parameters: Module | Iterable[mg.Tensor]) -> Any:
    """All numbers of a model's parameters, or of Tensors, one after the other; a copy, on the CPU.

    Raises:
        TypeError: if something is not a Tensor.
        ValueError: if there are no numbers.
    """
    if isinstance(parameters, mg.Tensor):
        tensors = [parameters]
    else:
        tensors = list(parameters.parameters() if isinstance(parameters, Module) else parameters)
    for tensor in tensors:
        if not isinstance(tensor, mg.Tensor):
            raise TypeError(f"{caller}: expected a model or a list of Tensors, got a {type(tensor).__name__} in it")
    if not sum(tensor.size for tensor in tensors):
        raise ValueError(f"{caller}: there are no parameters; give a model that has some, or Tensors: [w, b]")
    return np.concatenate([np.ravel(np.asarray(mg.to(tensor.data, "cpu"))) for tensor in tensors])
