"""The arguments that `fit`, `evaluate` and `predict` share: what else is given, and how to mend it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

import minigrad as mg
from nn.data.loader import DataLoader
from nn.module import Module
from nn.optim import LBFGS, SGD, Adam, Optimizer
from nn.typing import Array, Loss

__all__ = [
    "check_batch",
    "check_data",
    "check_inputs",
    "check_loss",
    "check_model",
    "check_optimizer",
    "check_output",
    "check_recorded",
    "is_array",
    "loss_of",
]


def check_model(caller: str, model: Any) -> None:
    """Raise a TypeError if it is not a module."""
    if not isinstance(model, Module):
        weights = isinstance(model, dict) and all(isinstance(name, str) for name in model)
        mend = "; weights are loaded into a model: nn.load(path, into=model)" if weights else ""
        raise TypeError(f"{caller}: expected a model, an nn.Module, got {_given(model)}{mend}")


def check_optimizer(caller: str, optimizer: Any) -> None:
    """Raise a TypeError if it is not an optimizer that steps once for each batch."""
    if not isinstance(optimizer, Optimizer):
        named = str(getattr(optimizer, "__name__", optimizer)).lower()
        example = next((cls.__name__ for cls in (Adam, SGD) if cls.__name__.lower() in named), "Adam")
        raise TypeError(
            f"{caller}: expected an optimizer, got {_given(optimizer)}; "
            f"write optimizer=nn.optim.{example}(model.parameters(), lr=0.001)"
        )
    if isinstance(optimizer, LBFGS):
        raise TypeError(
            f"{caller}: LBFGS evaluates a loss several times in a step, and the noise of batches misleads it; write a "
            "loop of optimizer.step(closure), with a closure that resets the gradients, computes the loss of all data, "
            "calls its backward() and returns it"
        )


def check_loss(caller: str, loss: Any) -> None:
    """Raise a TypeError if it is not a function of outputs and targets."""
    if isinstance(loss, type) or not callable(loss):
        raise TypeError(
            f"{caller}: expected the name of a loss, or a function of outputs and targets, got {_given(loss)}; "
            f"write loss=nn.{_named_loss(loss)}(), or loss=lambda y, t: mg.mean((y - t) ** 2)"
        )


#: Losses by parts of the names that PyTorch and Keras have for them; the first that fits is meant.
_LOSSES = {
    "logits": "BCEWithLogitsLoss",
    "bce": "BCELoss",
    "binary": "BCELoss",
    "sumsquared": "SumSquaredErrorLoss",
    "mse": "MSELoss",
    "squared": "MSELoss",
    "smooth": "SmoothL1Loss",
    "huber": "HuberLoss",
    "mae": "L1Loss",
    "l1": "L1Loss",
    "absolute": "L1Loss",
    "kl": "KLDivLoss",
    "cosine": "CosineEmbeddingLoss",
    "poisson": "PoissonNLLLoss",
    "gaussian": "GaussianNLLLoss",
    "nll": "NLLLoss",
    "multimargin": "MultiMarginLoss",
    "categoricalhinge": "MultiMarginLoss",
    "hinge": "HingeEmbeddingLoss",
    "softmargin": "SoftMarginLoss",
    "ranking": "MarginRankingLoss",
    "triplet": "TripletMarginLoss",
}


def _named_loss(loss: Any) -> str:
    """The loss that a name or a class stands for: ``"mse"``, ``"binary_crossentropy"``, ``nn.L1Loss``."""
    name = getattr(loss, "__name__", loss)
    bare = mg.unsupported.bare(str(name)) if isinstance(name, str) else ""
    return next((known for part, known in _LOSSES.items() if part in bare), "CrossEntropyLoss")


def check_data(caller: str, data: Any) -> None:
    """Raise a TypeError if data are of no kind that can be trained on, a ValueError if they lack inputs or targets."""
    if isinstance(data, DataLoader):
        arrays = data.arrays
    elif isinstance(data, tuple):
        arrays = data
    elif data is None or isinstance(data, str | bytes | Path | Mapping | int | float | type) or is_array(data):
        raise TypeError(
            f"{caller}: expected data as a pair (inputs, targets) or an nn.data.DataLoader, got {_given(data)}; write "
            + (_with_targets(caller) if is_array(data) else _where_from(data))
        )
    elif not (isinstance(data, Iterable) or hasattr(data, "__getitem__")):
        raise TypeError(
            f"{caller}: expected data as a pair (inputs, targets), a data set with __len__ and __getitem__, or an "
            f"iterable of batches, got {_given(data)}"
        )
    else:
        return
    if arrays is not None and len(arrays) != 2:
        mend = {
            1: "the targets are missing: (inputs, targets)",
            4: "if they are x, y, x_test and y_test, write nn.fit(model, x, y, validation_data=(x_test, y_test))",
        }.get(len(arrays), "join several inputs into one array, and give the targets as the second")
        raise ValueError(
            f"{caller}: expected data as a pair (inputs, targets), got {len(arrays)} array{'s' * (len(arrays) != 1)}; "
            f"{mend}"
        )


def _with_targets(caller: str) -> str:
    """What to write for inputs alone."""
    function, _, keyword = caller.partition(": ")
    return f"{keyword}=(x, y)" if keyword else f"{function}(model, x, y)"


def _where_from(data: Any) -> str:
    """What to write in place of something that is not data."""
    if isinstance(data, str | Path) and Path(data).is_dir():
        return f"nn.data.ImageFolder({str(data)!r}, size=(64, 64)), if its subfolders are classes of images"
    return "(inputs, targets), also where they come from a file"


def check_batch(caller: str, batch: Any) -> None:
    """Raise a ValueError if a batch is not inputs and targets."""
    if len(batch) != 2:
        raise ValueError(
            f"{caller}: expected data of inputs and targets, got batches of {len(batch)} arrays; a sample of a data "
            "set is a pair (input, target)"
        )


def is_array(data: Any) -> bool:
    """Whether it is a single array, of any library."""
    return isinstance(data, mg.Tensor) or hasattr(data, "dtype")


def check_inputs(caller: str, x: Any) -> None:
    """Raise a TypeError if inputs are not an array, a data set, or a list that makes an array."""
    if isinstance(x, list | tuple) and x and isinstance(x[0], str | Path):
        raise TypeError(
            f"{caller}: expected an array of inputs, got a {type(x).__name__} of paths; write "
            f"[nn.{caller}(model, path) for path in paths]"
        )
    if (type(x).__module__ or "").startswith("PIL."):
        raise TypeError(
            f"{caller}: expected an array of inputs, got an image of Pillow; pass the path of its file, or "
            "model.preprocessing(image)[None]"
        )
    if isinstance(x, DataLoader):
        raise TypeError(
            f"{caller}: expected an array of inputs, got a DataLoader, whose order may be another one; pass the "
            "inputs, or the data set that it reads"
        )
    if x is None or isinstance(x, tuple | str | bytes | Path | dict | Iterator):
        raise TypeError(f"{caller}: expected an array of inputs, got {_given(x)}; pass the inputs alone")


def check_output(caller: str, model: Module, y: Any) -> None:
    """Raise a TypeError if the model did not return one array."""
    if not isinstance(y, mg.Tensor) and not hasattr(y, "dtype"):
        raise TypeError(
            f"{caller}: {type(model).__name__} returned {_given(y)}, expected one Tensor; return the outputs alone"
        )


def loss_of(caller: str, loss: Loss, y: Array, target: Array) -> Any:
    """The loss of a batch, a single real number.

    Raises:
        TypeError: if it is not a number.
        ValueError: if it is several.
    """
    value = loss(y, target)
    name = getattr(loss, "__name__", type(loss).__name__)
    if not (isinstance(value, float | int) or hasattr(value, "dtype")):  # also an array on a GPU
        raise TypeError(
            f"{caller}: the loss {name} returned {_given(value)}, expected a single number; does it lack a return?"
        )
    if np.size(value) != 1:
        raise ValueError(
            f"{caller}: the loss {name} returned shape {np.shape(value)}, expected a single number; "
            'take its mean, or reduction="mean"'
        )
    return value


def check_recorded(caller: str, loss: Any) -> None:
    """Raise a TypeError if no gradient can flow back from a loss."""
    if not (isinstance(loss, mg.Tensor) and loss.requires_grad):
        raise TypeError(
            f"{caller}: the loss is {_given(loss)} that does not depend on the model's parameters, so there is nothing "
            "to train; leave out .item(), .numpy(), .data, .detach() and no_grad in the model and the loss"
        )


def _given(value: Any) -> str:
    """A value in an error message, with the mend where a class stands in place of what it makes."""
    if isinstance(value, type):
        return f"the class {value.__name__}, which has to be constructed: {value.__name__}(…)"
    if isinstance(value, str | Path | int | float):
        return f"the {type(value).__name__} {value!r}"
    if value is None:
        return "None"
    shape = getattr(value, "shape", None)
    return f"a {type(value).__name__}" + ("" if shape is None else f" of shape {tuple(shape)}")
