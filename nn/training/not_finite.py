"""Infinite and NaN losses, gradients and parameters: where they come from, said before they spread."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

import minigrad as mg
from nn.data.loader import DataLoader
from nn.optim.optimizer import Optimizer
from nn.printed_text import printable
from nn.typing import Array

__all__ = ["refuse_gradients", "refuse_loss", "refuse_parameters", "warn_of_validation"]


Parameters = Mapping[str, mg.Tensor]


def refuse_loss(loss: float, parameters: Parameters, x: Array, target: Array, at: str, optimizer: Optimizer) -> None:
    """Raise a FloatingPointError for a loss that is not finite, with where to look.

    The data may not be finite; or the model, from an earlier step; or the loss divides by 0, or takes a logarithm of 0.
    """
    if math.isfinite(loss):
        return
    if not (_finite(x) and _finite(target)):
        which, values = ("targets", target) if _finite(x) else ("inputs", x)
        why = f"the {which} of this batch hold {_what(values)}: repair or leave out these samples"
    elif at == "epoch 1, step 1" and not _first(parameters, "data"):
        why = (
            "data and parameters are finite: look for values that are too large (scale the inputs), a division by 0 "
            "or a logarithm of 0 in the model or the loss"
        )
    else:
        why = f"training has diverged: try a smaller learning rate than {_learning_rates(optimizer)}"
    raise FloatingPointError(f"fit: the loss became {loss} in {at}; {why}")


def refuse_gradients(loss: float, parameters: Parameters, at: str) -> None:
    """Raise a FloatingPointError if a gradient is not finite, before a step carries it into the parameters."""
    if name := _first(parameters, "grad"):
        raise FloatingPointError(
            f"fit: the gradient of {printable(name)} holds {_what(parameters[name].grad)} in {at}, though the loss is "
            f"{loss:.6g}; the parameters are those before this step. Look for an infinite slope, as of sqrt at 0: "
            "`with mg.detect_anomaly():` around this call names the operation"
        )


def refuse_parameters(parameters: Parameters, at: str, optimizer: Optimizer) -> None:
    """Raise a FloatingPointError if a parameter is not finite: no later loss would show the last step of a training."""
    if name := _first(parameters, "data"):
        raise FloatingPointError(
            f"fit: {printable(name)} became infinite or NaN in {at}; training has diverged: try a smaller learning "
            f"rate than {_learning_rates(optimizer)}"
        )


def warn_of_validation(loss: float, data: DataLoader, at: str) -> None:
    """Warn of a validation loss that is not finite; training may go on."""
    if not math.isfinite(loss):
        held = next((_what(array) for array in data.arrays or () if not _finite(array)), None)
        finite = "the validation data are finite" if data.arrays else "are the validation data finite?"
        where = finite if held is None else f"the validation data hold {held}"
        mg.user_frame.warn(f"fit: the validation loss is {loss} in {at}, though the training loss is finite; {where}")


def _learning_rates(optimizer: Optimizer) -> str:
    return " and ".join(dict.fromkeys(str(group["lr"]) for group in optimizer.param_groups))


def _first(parameters: Parameters, attribute: str) -> str | None:
    """The name of the first parameter whose value, or gradient, is not finite."""
    for name, parameter in parameters.items():
        values = getattr(parameter, attribute)
        if values is not None and not _finite(values):
            return name
    return None


def _finite(values: Array) -> bool:
    if values.dtype.kind not in "fc":
        return True
    # A sum of squares is the quickest look; that of finite numbers may be ∞.
    return math.isfinite(np.vdot(values, values).real) or bool(np.isfinite(values).all())


def _what(values: Array) -> str:
    return "NaN" if bool(np.isnan(values).any()) else "∞"
