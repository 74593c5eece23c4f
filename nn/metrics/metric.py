"""The base of all metrics: sums over the samples so far, of which a value is computed."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np

import minigrad as mg
from nn.typing import Array
from nn.unsupported import Explained

__all__ = ["Metric", "arrays_of"]


class Metric(Explained):
    """A measure over all samples of an epoch, taken in batch by batch.

    A metric of your own is a subclass with three methods. It keeps sums over samples, and divides them in `compute`:
    a mean of the means of batches would give the samples of a smaller last batch more weight::

        class MeanMargin(nn.metrics.Metric):
            name = "margin"

            def reset(self):
                self.total, self.count = 0.0, 0

            def update(self, output, target):
                top = np.sort(output, axis=1)
                self.total += float((top[:, -1] - top[:, -2]).sum())
                self.count += len(output)

            def compute(self):
                return self.total / self.count

    `fit` copies a metric, resets the copy at the start of each epoch, and calls `update` with arrays on the model's
    device. The state has all attributes of such a metric, so that a resumed training goes on with the same sums.

    Attributes:
        name: its name in the history.
    """

    name: str = "metric"

    #: The attributes that `update` changes; of a metric of one's own ``None``: all.
    _sums: ClassVar[tuple[str, ...] | None] = None

    #: Those of them that count targets, if that is all that `update` does: then ranks that train together add their
    #: counts, and need not have each other's outputs. Not inherited: a subclass may do more.
    _counts: ClassVar[tuple[str, ...]] = ()

    def __init__(self) -> None:
        self.reset()

    def update(self, output: Array, target: Array) -> None:
        """Take in a batch of outputs and targets."""
        raise NotImplementedError(f"{type(self).__name__} has no method update(output, target), which takes in a batch")

    def compute(self) -> float | Array:
        """The value over all samples since the last `reset`: a number, or an array with one for each class."""
        raise NotImplementedError(f"{type(self).__name__} has no method compute(), which returns the value so far")

    def reset(self) -> None:
        """Forget all samples."""
        raise NotImplementedError(f"{type(self).__name__} has no method reset(), which sets its sums to 0")

    def for_loss(self, loss: Any) -> None:
        """Learn what a loss says about its targets, such as ``ignore_index``; what was given as a setting stays."""

    def state_dict(self) -> dict[str, Any]:
        """Copies of the sums so far, by name; without settings."""
        return {name: copy.deepcopy(getattr(self, name)) for name in self._state_names()}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Take what `state_dict` returned.

        Raises:
            TypeError: if it is not a dictionary.
            ValueError: if names are missing or unknown.
        """
        if not isinstance(state_dict, Mapping):
            raise TypeError(
                f"{type(self).__name__}: expected a dictionary, as state_dict() returns it, got {state_dict!r:.80}"
            )
        own = set(self._state_names())
        if own != set(state_dict):
            missing, unknown = sorted(own - set(state_dict)), sorted(set(state_dict) - own)
            raise ValueError(
                f"{type(self).__name__}: the state does not fit: missing {missing or 'none'}, unknown "
                f"{unknown or 'none'}; it is that of another metric"
            )
        for name in own:
            setattr(self, name, copy.deepcopy(state_dict[name]))

    def _state_names(self) -> tuple[str, ...]:
        return tuple(vars(self)) if self._sums is None else self._sums

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name!r}: {self.compute()}>"


def arrays_of(output: Any, target: Any) -> tuple[Array, Array]:
    """Outputs and targets as arrays on the device of the outputs. Tensors give theirs: no metric is differentiated."""
    if type(output) is np.ndarray and type(target) is np.ndarray:
        return output, target
    output, target = (
        value.data if isinstance(value, mg.Tensor) else _as_array(name, value)
        for name, value in (("output", output), ("target", target))
    )
    return output, mg.to(target, output.device)


def _as_array(name: str, value: Any) -> Array:
    """A metric sees an array of one library as that of another."""
    mg.array_checks.refuse_lossy(value, f"metric: {name}")
    return value if hasattr(value, "__array_function__") else np.asarray(value)
