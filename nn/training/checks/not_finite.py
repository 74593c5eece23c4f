"""Infinite and NaN losses, gradients and parameters: where they come from, said before they spread."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

import minigrad as mg
from nn.data.loader import DataLoader
from nn.optim.optimizer import Optimizer
from nn.printed_text import printable
from nn.typing import Array

if TYPE_CHECKING:
    from nn.training.batches import TrainingBatch
    from nn.training.run.run import Run

__all__ = ["refuse_gradients", "refuse_loss", "refuse_parameters", "warn_of_validation"]

_HUGE = 1e10  # a loss from which on the gradient overflows because the parameters are too large


def refuse_loss(run: Run, batch: TrainingBatch, loss: Any) -> None:
    """Raise a FloatingPointError for a loss that is not finite, with where to look.

    The data may not be finite; or the model, from an earlier step; or an operation divides by 0, or takes a logarithm
    of 0.
    """
    if math.isfinite(value := float(loss)):
        return
    x, target = batch
    if not (_finite(x) and _finite(target)):
        which, values = ("targets", target) if _finite(x) else ("inputs", x)
        where = _where(batch.samples, values)
        why = f"the {which} of this batch hold {_what(values)}{where}: repair or leave out these samples"
    elif run.step or _first(run, "data"):
        why = f"training has diverged: try a smaller {_learning_rates(run.optimizer)}"
    else:
        why = (
            "data and parameters are finite: look for values that are too large (scale the inputs), a division by 0 "
            "or a logarithm of 0 in the model or the loss"
        )
    if _finite(x) and _finite(target) and (found := mg.find_anomaly(loss)) is not None:
        why += f"\nThe first operation to go wrong: {found}"
    raise FloatingPointError(f"fit: the loss became {value} in {_at(run)}; {why}")


def refuse_gradients(run: Run, loss: Any) -> None:
    """Raise a FloatingPointError if a gradient is not finite, before a step carries it into the parameters."""
    if name := _first(run, "grad"):
        if abs(float(loss)) > _HUGE and run.step:
            why = f"Training has diverged: try a smaller {_learning_rates(run.optimizer)}"
        else:
            why = (
                "Look for an infinite slope, as of sqrt at 0: `with mg.detect_anomaly():` around this call names the "
                "operation"
            )
        raise FloatingPointError(
            f"fit: the gradient of {printable(name)} holds {_what(run.parameters[name].grad)} in {_at(run)}, though "
            f"the loss is {float(loss):.6g}; the parameters are those before this step. {why}"
        )


def refuse_parameters(run: Run) -> None:
    """Raise a FloatingPointError if a parameter is not finite: no later loss would show the last step of a training."""
    if name := _first(run, "data"):
        raise FloatingPointError(
            f"fit: {printable(name)} became infinite or NaN in epoch {run.epoch}; training has diverged: try a smaller "
            + _learning_rates(run.optimizer)
        )


def warn_of_validation(loss: float, data: DataLoader, at: str) -> None:
    """Warn of a validation loss that is not finite; training may go on."""
    if not math.isfinite(loss):
        arrays = data.arrays or ()
        held = next((_what(array) for array in arrays if not _finite(array)), None)
        if held is not None:
            where = f"the validation data hold {held}"
        else:
            where = "the validation data are finite" if arrays else "look for NaN in the validation data"
        mg.user_frame.warn(f"fit: the validation loss is {loss} in {at}, though the training loss is finite; {where}")


def _at(run: Run) -> str:
    return f"epoch {run.epoch}, step {run.batch // run.accumulate + 1}"


def _where(samples: Any, values: Array) -> str:
    """The first samples that are not finite, by their numbers in the data."""
    bad = ~np.isfinite(np.asarray(mg.to(values, "cpu"))).reshape(len(values), -1).all(axis=1)
    numbers = [str(i) for i in samples[bad]]
    return f" (sample{'s' * (len(numbers) > 1)} {', '.join(numbers[:4])}{' …' * (len(numbers) > 4)})"


def _learning_rates(optimizer: Optimizer) -> str:
    return "learning rate than " + " and ".join(dict.fromkeys(str(group["lr"]) for group in optimizer.param_groups))


def _first(run: Run, attribute: str) -> str | None:
    """The name of the first parameter whose value, or gradient, is not finite."""
    for name, parameter in run.parameters.items():
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
