"""The score of a class, and the error signal of the input: what the ways of attribution have in common."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import minigrad as mg
from nn.analysis.backward_record import model_input
from nn.analysis.unchanged import unchanged
from nn.module import Module, device_of, evaluation_mode
from nn.training.checks.arguments import check_model, check_output
from nn.typing import Array

__all__ = ["check_scores", "chosen_classes", "input_of", "one_hot_seed", "pulled_back"]


def input_of(caller: str, model: Module, x: Array) -> Any:
    """A batch of inputs as an array of the model's dtype, on its device.

    Raises:
        TypeError: if `model` is not a module, or the inputs are not a batch of floating-point numbers.
        ValueError: if there are no inputs.
    """
    check_model(caller, model)
    if not hasattr(x, "dtype") or np.ndim(x) < 2:
        what = f"shape {np.shape(x)}" if hasattr(x, "dtype") else f"a {type(x).__name__}"
        raise TypeError(
            f"{caller}: expected a batch of inputs as an array, (N, C, H, W) of images, got {what}; of one image "
            "write image[None]"
        )
    if not len(x):
        raise ValueError(f"{caller}: the batch has shape {np.shape(x)}, without any input")
    given: mg.Tensor = model_input(model, x)
    if given.dtype.kind != "f":
        raise TypeError(
            f"{caller}: the inputs are whole numbers, as an Embedding takes them, and have no error signals; attribute "
            "to what the Embedding returns: give the rest of the model its output"
        )
    return given.data


def check_scores(caller: str, model: Module, scores: Any) -> None:
    """Raise a ValueError if the output is not a score of each class, a FloatingPointError if one is not finite."""
    check_output(caller, model, scores)
    if scores.ndim != 2:
        raise ValueError(
            f"{caller}: {type(model).__name__} gave shape {scores.shape}, expected a score of each class, (N, K)"
        )
    if not np.isfinite(_on_cpu(scores)).all():
        raise FloatingPointError(
            f"{caller}: {type(model).__name__} gave scores that are infinite or NaN: training has diverged, or the "
            "input has such numbers"
        )


def chosen_classes(caller: str, scores: Any, target: Any) -> Any:
    """The class of each input, (N,): those given, or those with the largest score.

    Raises:
        TypeError: if `target` is not a class number, or one for each input.
        ValueError: if there are not as many as inputs, or no such class.
    """
    n, classes = scores.shape
    if target is None:
        return _on_cpu(scores).argmax(axis=1)
    given = np.asarray(mg.to(target, "cpu") if hasattr(target, "dtype") else target)
    if given.dtype.kind not in "iu":
        raise TypeError(
            f"{caller}: target is the number of a class, or one for each input, got {given.dtype}"
            + ("; of one-hot rows take target.argmax(axis=1)" if given.ndim == 2 else "")
        )
    if given.shape not in ((), (n,)):
        hint = "; of one-hot rows take target.argmax(axis=1)" if given.shape == (n, classes) else ""
        raise ValueError(f"{caller}: target has shape {given.shape}, expected one class, or ({n},){hint}")
    if given.size and not (given.min() >= 0 and given.max() < classes):
        wrong = int(given.min() if given.min() < 0 else given.max())
        raise ValueError(f"{caller}: there is no class {wrong}; the model has {classes} outputs, 0 to {classes - 1}")
    return np.broadcast_to(given, (n,)).astype(np.int64)


def one_hot_seed(scores: Any, classes: Any) -> Any:
    """The error signal 1 of the chosen scores, 0 of all others."""
    seed = np.zeros(scores.shape, scores.dtype)
    seed[np.arange(len(seed)), classes] = 1
    return seed


def pulled_back(
    caller: str,
    model: Module,
    x: Any,
    output_of: Callable[[Any], mg.Tensor],
    seed_of: Callable[[Any], Any],
    relu: Callable[..., Any] | None = None,
    *,
    needs_relu: bool = False,
) -> Any:
    """The error signal of the input, by the usual backward rules or with another one for ReLU.

    The model is left as it was: a pullback ends at its argument, and touches the gradients of no parameter.

    Arguments:
        x: what `input_of` returned.
        output_of: runs the model, and gives the Tensor whose error signal is carried back.
        seed_of: gives that error signal, from its value.
        relu: the other rule; where no ReLU is on the way, there is nothing to change,
        needs_relu: and if this is set, a ValueError.
    """
    rules: dict[Any, Any] = {}

    def recorded(given: mg.Tensor) -> mg.Tensor:
        y = output_of(given)
        if not (isinstance(y, mg.Tensor) and y.requires_grad):
            raise TypeError(
                f"{caller}: nothing was recorded from the input to the output of this {type(model).__name__}; leave "
                "out .numpy(), .data and .detach() in the model"
            )
        if relu is not None and _has_relu(y):
            rules[mg.relu] = relu
        elif needs_relu:
            raise ValueError(
                f"{caller}: this {type(model).__name__} has no ReLU, whose backward rule is changed; its activations "
                "are other ones, so take nn.attribution.saliency"
            )
        return y

    with unchanged(model), evaluation_mode(model), mg.no_grad():  # the pullback itself is not to be differentiated
        value, pullback = mg.vjp(recorded, x, rules=rules)
        (x_bar,) = pullback(mg.to(seed_of(value), device_of(model)))
    return _on_cpu(x_bar)


def _has_relu(y: mg.Tensor) -> bool:
    """Whether a ReLU is in the graph; a checkpoint may hold one."""
    return any(call.primitive is mg.relu or call.primitive.name == "checkpoint" for call in mg.operations(y))


def _on_cpu(values: Any) -> Any:
    return np.asarray(mg.to(values.data if isinstance(values, mg.Tensor) else values, "cpu"))
