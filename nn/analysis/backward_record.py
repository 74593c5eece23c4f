"""One forward and backward pass of a model on record: what each layer computed, and the error signal it received."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

import numpy as np

import minigrad as mg
from nn.analysis.unchanged import unchanged
from nn.layers.embedding import Embedding
from nn.module import Module, device_of, evaluation_mode, observe
from nn.training.by_name import named_loss
from nn.training.checks.arguments import check_model, check_output, loss_of
from nn.typing import Array, Loss

__all__ = ["BackwardRecord", "LayerRecord", "model_input", "record_backward"]


@dataclass(frozen=True, eq=False)
class LayerRecord:
    """One call of a module.

    Attributes:
        path: where it is in the model: ``"block.0"``; of the model itself the empty text.
        module: the module.
        output: what it returned.
        y: this as an array.
        y_bar: the error signal of the output, ∂L/∂y; ``None`` if there was no backward pass, or none came here.
    """

    path: str
    module: Module
    output: Any
    y: Any
    y_bar: Any

    @property
    def name(self) -> str:
        """``conv1: Conv2d(1, 6, kernel_size=5)``."""
        kind = type(self.module).__name__
        kind += f"({self.module.extra_repr()})" if self.module.extra_repr() else ""
        return f"{self.path}: {kind}" if self.path else kind


@dataclass(frozen=True, eq=False)
class BackwardRecord:
    """A forward pass of a model, and the backward pass of a loss.

    Attributes:
        x: the input.
        x_bar: its error signal, or ``None``.
        layers: the calls of modules in their order; what returned the same array as the call before is not there.
        output: the output of the model.
        loss: the loss, or ``None`` if no target was given.
        operations: the recorded operations, inputs before outputs; none of a forward pass alone.
        signals: the error signals of the outputs of operations that were asked for.
    """

    x: Any
    x_bar: Any
    layers: list[LayerRecord]
    output: Any
    loss: float | None
    operations: list[mg.Operation]
    signals: dict[mg.Tensor, Any]


def model_input(model: Module, x: Array) -> mg.Tensor:
    """An input as a Tensor of the model's dtype on its device; that of an `Embedding` stays whole numbers."""
    array = np.asarray(mg.to(x, "cpu"))
    if not any(isinstance(module, Embedding) for _, module in model.named_modules()):
        parameter = next(model.parameters(), None)
        floating = array.dtype if array.dtype.kind == "f" else np.dtype(np.float32)
        array = array.astype(floating if parameter is None else parameter.dtype)
    return mg.Tensor(array, device=device_of(model), requires_grad=array.dtype.kind == "f")


def record_backward(
    caller: str, model: Module, x: Array, target: Any = None, loss: str | Loss = "cross_entropy", operation: str = ""
) -> BackwardRecord:
    """Run a model in evaluation mode, and with a target the backward pass of its loss.

    Gradients of parameters, modes, running means and generators of random numbers stay as they are.

    Arguments:
        caller: the function that errors name.
        x: a batch of inputs.
        target: the targets; without them there is a forward pass only.
        operation: the name of primitives, such as ``"max_pool2d"``: then operations are recorded without a target, too,
            and with one, the error signals of these are there.

    Raises:
        TypeError: if `model` is not a module, the loss not a function or not a number, or nothing was recorded.
        ValueError: if there is no such loss, or it is several numbers.
        FloatingPointError: if an output or an error signal is infinite or NaN.
    """
    check_model(caller, model)
    if target is not None:
        loss = named_loss(loss, caller)
    given = model_input(model, x)
    calls: list[tuple[Module, Any]] = []

    def note(module: Module, output: Any) -> None:
        # A container returns the output of its last layer; Dropout in evaluation mode returns its input.
        if hasattr(output, "dtype") and output is not (calls[-1][1] if calls else given):
            calls.append((module, output))

    before = [(parameter, parameter.grad) for parameter in model.parameters()]
    signals: dict[mg.Tensor, Any] = {}
    is_recorded = target is not None or bool(operation)
    with unchanged(model), evaluation_mode(model), np.errstate(all="ignore"):  # what is not finite is refused below
        with observe(note), nullcontext() if is_recorded else mg.no_grad():
            output = model(given)
        check_output(caller, model, output)
        operations = _operations(caller, model, output) if is_recorded else []
        value = None
        if target is not None:
            wanted = [given, *(y for _, y in calls if isinstance(y, mg.Tensor))]
            wanted += [found.output for found in operations if found.primitive.name == operation]
            value = _backward(caller, loss, output, target, wanted, signals, before)  # type: ignore[arg-type]
    paths = {module: path for path, module in model.named_modules()}
    layers = [
        LayerRecord(paths.get(module, ""), module, y, _array(y), _array(signals.get(y)) if is_recorded else None)
        for module, y in calls
    ]
    for what, key in (("output", "y"), ("error signal", "y_bar")):
        for layer in layers:
            values = getattr(layer, key)
            if values is not None and not np.isfinite(values).all():
                raise FloatingPointError(
                    f"{caller}: the {what} of {layer.name} has numbers that are infinite or NaN: training has "
                    "diverged, or the input has such numbers; mg.find_anomaly(loss) names the operation"
                )
    return BackwardRecord(_array(given), _array(signals.get(given)), layers, _array(output), value, operations, signals)


def _operations(caller: str, model: Module, output: Any) -> list[mg.Operation]:
    found = mg.operations(output) if isinstance(output, mg.Tensor) else []
    if not found:
        raise TypeError(
            f"{caller}: nothing was recorded of the forward pass of this {type(model).__name__}; call this outside of "
            "no_grad, and leave out .numpy(), .data and .detach() in the model"
        )
    return found


def _backward(
    caller: str,
    loss: Loss,
    output: mg.Tensor,
    target: Any,
    wanted: list[mg.Tensor],
    signals: dict[mg.Tensor, Any],
    gradients: list[tuple[mg.Tensor, Any]],
) -> float:
    """The loss; the error signals are put into `signals`, and the gradients of parameters are as before."""
    target = mg.to(target, output.device)
    value = loss_of(caller, loss, output, target)
    if not (isinstance(value, mg.Tensor) and value.requires_grad):
        raise TypeError(
            f"{caller}: the loss does not depend on the model's output, so there are no error signals; leave out "
            ".item(), .numpy(), .data and no_grad in the loss"
        )

    def keeper(y: mg.Tensor) -> Any:
        def keep(y_bar: Any) -> None:
            signals[y] = y_bar.copy()

        return keep

    hooks = [y.register_hook(keeper(y)) for y in dict.fromkeys(wanted) if y.requires_grad]
    try:
        for parameter, _ in gradients:
            parameter.grad = None
        value.backward(retain_graph=True)
    finally:
        for hook in hooks:
            hook.remove()
        for parameter, gradient in gradients:
            parameter.grad = gradient
    return float(value.data)


def _array(values: Any) -> Any:
    return None if values is None else np.asarray(mg.to(values, "cpu"))
