"""A batch forward and backward: recorded as a graph, or as a program that was written once."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

import minigrad as mg
from nn.training.checks.arguments import check_output, check_recorded, loss_of
from nn.training.checks.not_finite import refuse_loss
from nn.training.checks.usual_mistakes import warn_of_usual_mistakes

if TYPE_CHECKING:
    from nn.training.batches import TrainingBatch
    from nn.training.run.run import Run
    from nn.typing import Array

__all__ = ["chosen_pass", "outputs_alone"]

_STYLES = ("readable", "fast")  # of `mg.compile`

Pass = Callable[["Run", "TrainingBatch"], tuple[Any, Any]]


def chosen_pass(run: Run, compile: bool | str) -> Pass:
    """`eager_pass`; or a program, in the style that `compile` names, for ``True`` the readable one.

    Raises:
        TypeError: if `compile` is neither true nor false nor a text.
        ValueError: if it is not a style.
    """
    if not isinstance(compile, bool | np.bool_ | str):
        raise TypeError(f"fit: compile is {compile!r}, expected True, False, or the style of the program, 'fast'")
    if isinstance(compile, str) and compile not in _STYLES:
        raise ValueError(f"fit: compile is {compile!r}, expected True, False, 'readable' or 'fast'")
    return CompiledPass(run, compile if isinstance(compile, str) else "readable") if compile else eager_pass


def eager_pass(run: Run, batch: TrainingBatch) -> tuple[Any, Any]:
    """The outputs and the loss of a batch, whose gradients are added to those of the parameters."""
    x, target = batch
    output = run.model(x)
    check_output("fit", run.model, output)
    warn_of_usual_mistakes(run, x, output)
    batch_loss = loss_of("fit", run.loss, output, target)
    check_recorded("fit", batch_loss)
    refuse_loss(run, batch, batch_loss)
    run.set_position(batch)
    (batch_loss * batch.share).backward()
    return output, batch_loss


def outputs_alone(run: Run, batch: TrainingBatch) -> Array | None:
    """The outputs of a part of a batch that does not count; ``None`` if it is empty.

    Metrics need them also where the weight of all targets is 0, and so their mean loss is not defined.
    """
    if not len(batch.samples):
        return None
    with mg.no_grad():
        output = run.model(batch[0])
    check_output("fit", run.model, output)
    return output


class CompiledPass:
    """`eager_pass` as a program; where none can be written, `eager_pass` itself, after a warning that says why."""

    def __init__(self, run: Run, style: str) -> None:
        self._is_refused = self._has_warned = False

        def step(x: Any, t: Any, share: float) -> tuple[Any, Any]:
            y = run.model(x)
            check_output("fit", run.model, y)
            L = loss_of("fit", run.loss, y, t)
            check_recorded("fit", L)
            (L * share).backward()
            return y, L

        self._program = mg.compile(step, style=style)

    def __call__(self, run: Run, batch: TrainingBatch) -> tuple[Any, Any]:
        """The same as `eager_pass`: to the bit in the readable style, to rounding in the fast one."""
        if self._is_refused:
            return eager_pass(run, batch)
        x, target = batch
        try:
            output, batch_loss = self._program(x, target, batch.share)
        except (RuntimeError, TypeError) as error:
            if not str(error).startswith("compile: "):
                raise
            self._is_refused = True
            self._warn(str(error).removeprefix("compile: "))
            return eager_pass(run, batch)
        if not batch_loss.is_leaf:  # a program returns no graph
            self._warn("its graph is watched here, as within mg.detect_anomaly or mg.record")
        warn_of_usual_mistakes(run, x, output)
        if not math.isfinite(batch_loss.data):
            refuse_loss(run, batch, self._with_graph(run, batch))
        return output, batch_loss

    def _warn(self, why: str) -> None:
        if not self._has_warned:
            self._has_warned = True
            mg.user_frame.warn(f"fit: compile is set, and this training runs without a program: {why}")

    @staticmethod
    def _with_graph(run: Run, batch: TrainingBatch) -> Any:
        """The loss once more, for the search of the operation that made it infinite or NaN."""
        buffers = [(buffer, buffer.data) for buffer in run.model.buffers()]
        run.set_position(batch)
        batch_loss = loss_of("fit", run.loss, run.model(batch[0]), batch[1])
        for buffer, value in buffers:
            buffer.data = value
        return batch_loss
