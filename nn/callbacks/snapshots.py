"""Keep what changes during a training: filters, or the feature maps of one image, after each epoch."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

import minigrad as mg
from nn.callbacks.callback import Callback
from nn.callbacks.state import checked_state
from nn.hyperparameters import whole_number
from nn.module import Module, device_of, evaluation_mode, observe
from nn.typing import Array

__all__ = ["Snapshots"]


class Snapshots(Callback):
    """Keeps a copy of weights, or of what a layer computes, before the training and after each epoch.

    `nn.plot.film` shows them, as a figure and as a GIF that moves. In a loop of your own, call
    ``record(model, epoch)``.

    Arguments:
        what: the name of a parameter, ``"conv1.weight"``; of a layer, ``"conv1"``, whose output is kept; or a function
            that makes an array of the model.
        x: the inputs for which the output of a layer is kept, in evaluation mode, such as one image (1, C, H, W).
        epochs: those to keep, such as ``[1, 2, 5, 10]``; 0 is before the training. All of them if not given.

    Attributes:
        arrays: the copies by their epochs.
        model_name: the class of the model.

    Raises:
        TypeError: if `what` is neither a name nor a function, or `epochs` are not whole numbers.
        ValueError: if an epoch is negative; when the training begins, if the model has no such parameter or layer, or
            ``x`` is missing or too much.

    >>> import nn
    >>> filters = nn.callbacks.Snapshots("0.weight")
    >>> model = nn.Sequential(nn.Linear(2, 2, rng=0))
    >>> x, t = nn.data.make_xor()
    >>> history = nn.fit(model, x, t, epochs=3, callbacks=[filters], rng=0, verbose=False)
    >>> list(filters.arrays)
    [0, 1, 2, 3]
    """

    def __init__(
        self, what: str | Callable[[Any], Array], x: Array = None, *, epochs: Iterable[int] | None = None
    ) -> None:
        if not (isinstance(what, str) or callable(what)) or isinstance(what, Module | mg.Tensor):
            raise TypeError(
                f"Snapshots: what is a {type(what).__name__}, expected the name of a parameter, such as "
                '"conv1.weight", or of a layer, "conv1", or a function of the model'
            )
        if x is not None and not isinstance(what, str):
            raise ValueError("Snapshots: x is for the name of a layer; a function of the model has inputs of its own")
        self.what, self.x = what, x
        self.epochs = None if epochs is None else [whole_number("Snapshots: epochs", e, least=0) for e in epochs]
        self.arrays: dict[int, Any] = {}
        self.model_name = ""

    def record(self, model: Module, epoch: int) -> None:
        """Keep a copy for this epoch, whether it is one of `epochs` or not.

        Raises:
            ValueError: if the model has no such parameter or layer, or the layer was not called.
            TypeError: if the function did not return an array of numbers.
        """
        value = self.what(model) if callable(self.what) else self._named(model, self.what)
        array = np.array(mg.to(value, "cpu"))
        if array.dtype.kind not in "biuf":
            raise TypeError(f"Snapshots: got a {type(value).__name__}, expected an array of numbers")
        self.arrays[epoch], self.model_name = array, type(model).__name__

    def _named(self, model: Module, name: str) -> Any:
        parameters, layers = dict(model.named_parameters()), dict(model.named_modules())
        kind = type(model).__name__
        if name in parameters:
            if self.x is not None:
                raise ValueError(f"Snapshots: {name!r} is a parameter, which needs no x; leave it out")
            return parameters[name].data
        if name not in layers:
            known = [*parameters, *filter(None, layers)]
            close = mg.unsupported.closest(name, known)
            hint = f"did you mean {close!r}?" if close else f"it has {', '.join(known)}"
            raise ValueError(f"Snapshots: this {kind} has no parameter or layer {name!r}; {hint}")
        if self.x is None:
            own = [path for path in parameters if path.startswith(f"{name}.")]
            also = f", or name a parameter, {own[0]!r}" if own else ""
            raise ValueError(
                f"Snapshots: of the layer {name!r} its output is kept; pass inputs, Snapshots({name!r}, x=image[None])"
                + also
            )
        found = []
        x = np.asarray(mg.to(self.x, "cpu"))
        parameter = next(model.parameters(), None)
        if parameter is not None and x.dtype.kind == "f":
            x = x.astype(parameter.dtype)

        def note(module: Module, output: Any) -> None:
            if module is layers[name]:
                found.append(output)

        with mg.no_grad(), evaluation_mode(model), observe(note):
            model(mg.to(x, device_of(model)))
        if not found:
            raise ValueError(f"Snapshots: the forward pass of this {kind} does not call the layer {name!r}")
        return found[0]

    def _is_wanted(self, epoch: int) -> bool:
        return self.epochs is None or epoch in self.epochs

    def on_train_begin(self, run: Any) -> None:
        """Begin anew, with the model before the training, unless it goes on from a checkpoint."""
        if run.step == 0:
            self.arrays = {}
            self.record(run.model, 0)
            if not self._is_wanted(0):
                self.arrays = {}

    def on_epoch_end(self, run: Any) -> None:
        """Keep a copy of this epoch."""
        if self._is_wanted(run.epoch):
            self.record(run.model, run.epoch)

    def state_dict(self) -> dict[str, Any]:
        """The copies so far."""
        return {"arrays": dict(self.arrays), "model_name": self.model_name}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Take what `state_dict` returned.

        Raises:
            TypeError, ValueError: if it is not such a dictionary.
        """
        state = checked_state(self, state_dict)
        self.arrays, self.model_name = dict(state["arrays"]), state["model_name"]
