"""compile_step: forward pass, backward pass and update of a model as one program."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import minigrad as mg
from nn.module import Module
from nn.optim.optimizer import Optimizer
from nn.training.by_name import named_loss
from nn.training.checks.arguments import check_model, check_optimizer, check_output, check_recorded, loss_of
from nn.typing import Array, Loss
from nn.unsupported import explains_calls

__all__ = ["CompiledStep", "compile_step"]


class CompiledStep:
    """A step of training as a program, ``loss = step(x, t)``: the result of `compile_step`.

    Attributes:
        model, loss, optimizer: what it trains, and by what.
    """

    def __init__(self, model: Module, loss: Any, optimizer: Optimizer, style: str) -> None:
        self.model, self.loss, self.optimizer = model, loss, optimizer
        self._steps_itself = type(optimizer).step is not Optimizer.step

        def step(x: Any, t: Any) -> Any:
            optimizer.zero_grad()
            y = model(x)
            check_output("compile_step", model, y)
            L = loss_of("compile_step", loss, y, t)
            check_recorded("compile_step", L)
            L.backward()
            if not self._steps_itself:
                optimizer.step()
                optimizer.zero_grad()
            return L.data

        self._program = mg.compile(step, style=style)

    def __call__(self, x: Array, t: Array) -> Any:
        """Change the parameters by one step, and return the loss before it, a number.

        Arguments:
            x, t: inputs and targets, as the model and the loss take them; they are not moved or converted.

        Raises:
            RuntimeError: as a function that `mg.compile` returns.
        """
        loss = self._program(x, t)
        if self._steps_itself:
            self.optimizer.step()
            self.optimizer.zero_grad()
        return loss

    @property
    def source(self) -> str:
        """The text of the program that was written last; RuntimeError before the first call."""
        return self._program.source

    def save(self, path: str | Path) -> None:
        """Write the program that was written last to a file, as a Python module.

        Raises:
            RuntimeError: before the first call, or if it needs what another process would not find.
        """
        self._program.save(path)

    def __reduce__(self) -> Any:
        """A copy trains a copy of the model, and writes its own programs."""
        return CompiledStep, (self.model, self.loss, self.optimizer, self._program.style)

    def __repr__(self) -> str:
        return f"<compiled step of {type(self.model).__name__} by {type(self.optimizer).__name__}>"


@explains_calls
def compile_step(model: Module, loss: str | Loss, optimizer: Optimizer, style: str = "readable") -> CompiledStep:
    """A step of training as one program: forward pass, backward pass and the update of the parameters.

    The first call writes the program, as `mg.compile` does; its ``source`` can be read. Parameters and buffers are
    read anew in each call, and all numbers are those of the five lines of an ordinary step: the loss, the parameters,
    the optimizer's state, running means. Both kinds of steps may be mixed. Another shape of inputs, training or
    evaluation mode, a frozen parameter or a changed setting of a layer get a program of their own; learning rates and
    other settings of the optimizer may change from step to step without one, but not to 0 or from 0. Gradients are not
    kept: ``p.grad`` is ``None`` afterwards. An optimizer of your own, with another `step`, runs it after the program.

    Arguments:
        model: takes a batch of inputs and returns a batch of outputs.
        loss: takes outputs and targets and returns a single number; or its name, as for `fit`.
        optimizer: of the parameters of the model, such as ``nn.optim.Adam(model.parameters())``.
        style: that of the program, as for `mg.compile`. "readable" writes the steps of SGD, Adam and AdamW as lines,
            ``W1 -= lr * W1_bar``; such a program can be saved, and trains by itself. "fast" saves time and memory, and
            may round otherwise.

    Returns:
        A function of inputs and targets that returns the loss: ``loss = step(x, t)``.

    Raises:
        TypeError: if an argument is not of its kind, or the optimizer is `nn.optim.LBFGS`, which computes the loss
            several times in each step.
        RuntimeError: in a call, if the model or the loss do what no program can repeat, as for `mg.compile`.

    >>> import nn, numpy as np
    >>> x, t = np.eye(2, dtype=np.float32), np.array([0, 1])
    >>> model = nn.Linear(2, 2, rng=0)
    >>> step = nn.compile_step(model, nn.CrossEntropyLoss(), nn.optim.SGD(model.parameters(), lr=1.0))
    >>> losses = [step(x, t) for _ in range(20)]
    >>> bool(losses[-1] < 0.1 * losses[0])
    True
    """
    check_model("compile_step", model)
    loss = named_loss(loss, "compile_step")
    check_optimizer("compile_step", optimizer)
    return CompiledStep(model, loss, optimizer, style)
