"""The base of all optimizers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np

import minigrad as mg
from nn.hyperparameters import Setting, finite_number
from nn.module import Module, Parameter
from nn.typing import Array
from nn.unsupported import Explained, explains_calls

__all__ = ["Optimizer"]


class Optimizer(Explained):
    """Holds parameters and changes them, by one `step` after each backward pass.

    Arguments:
        params: the parameters: ``model.parameters()``, or a list of Tensors with ``requires_grad=True``. One that is
            there twice, as tied weights are, counts once. A frozen parameter of a model, whose ``requires_grad`` is
            ``False``, keeps its value until it is set to ``True`` again.
        lr: the learning rate, a finite number of at least 0.

    Raises:
        ValueError: if there are no parameters, all are frozen, one was computed, or a setting is out of its range.
        TypeError: if `params` is not a list or iterator of Tensors with requires_grad=True, or a setting is not a
            number.
    """

    lr = Setting(finite_number)

    def __init__(self, params: Iterable[mg.Tensor], lr: float) -> None:
        self.params = _parameters(type(self).__name__, params)
        self.lr = lr

    def __repr__(self) -> str:
        settings = [
            f"{key}={value!r}" for key, value in vars(self).items() if isinstance(getattr(type(self), key, 0), Setting)
        ]
        size = sum(p.size for p in self.params)
        return f"<{type(self).__name__}({', '.join(settings)}) of {size:,} numbers in {len(self.params)} parameters>"

    @explains_calls
    def zero_grad(self) -> None:
        """Reset the gradients of all parameters."""
        for p in self.params:
            p.grad = None

    @explains_calls
    def step(self) -> None:
        """Change every parameter that has a gradient.

        Raises:
            RuntimeError: if none has one: `backward` was not called, or `zero_grad` after it.
        """
        changed = False
        for i, p in enumerate(self.params):
            grad = p.grad
            if grad is not None and p.requires_grad:  # a frozen one may have a gradient from before
                value = p.data
                value -= self._update(i, value, grad.data if isinstance(grad, mg.Tensor) else grad)
                p.data = value
                changed = True
        if not changed and any(p.requires_grad for p in self.params):
            raise RuntimeError(
                f"{type(self).__name__}.step: none of the parameters has a gradient; call zero_grad(), loss.backward() "
                "with its brackets, and step(), in this order"
            )

    def _update(self, i: int, value: Array, grad: Array) -> Array:
        """The array to subtract from parameter number `i`."""
        raise NotImplementedError


def _parameters(optimizer: str, given: Any) -> list[mg.Tensor]:
    """The parameters in what was given to an optimizer, each once."""
    expected = f"{optimizer}: expected a list of parameters, as model.parameters() gives"
    if isinstance(given, mg.Tensor | np.ndarray):
        raise TypeError(f"{expected}, got a single {type(given).__name__}; write {optimizer}([w]), with brackets")
    if isinstance(given, Module):
        raise TypeError(f"{expected}, got a {type(given).__name__}; write {optimizer}(model.parameters())")
    if isinstance(given, Mapping):
        raise TypeError(f"{expected}, got a {type(given).__name__}; write {optimizer}(parameters.values())")
    if callable(given):
        raise TypeError(f"{expected}, got a function; call it: {optimizer}(model.parameters())")
    if isinstance(given, str) or not isinstance(given, Iterable):
        raise TypeError(f"{expected}, got {type(given).__name__}; write {optimizer}(model.parameters())")
    params = list(given)
    for i, p in enumerate(params):
        _check_parameter(optimizer, i, p)
    if not params:
        again = "; call it again, if they were read before: it gives them once" if isinstance(given, Iterator) else ""
        raise ValueError(f"{optimizer}: got no parameters; pass model.parameters(){again}")
    if not any(p.requires_grad for p in params):
        raise ValueError(
            f"{optimizer}: all {len(params)} parameters are frozen (requires_grad=False), nothing is left to train; "
            "set requires_grad = True for those that should be trained"
        )
    return list(dict.fromkeys(params))


def _check_parameter(optimizer: str, i: int, p: Any) -> None:
    """Raise an error that says what to write instead, if it is not a leaf that is or can be trained."""
    if isinstance(p, Mapping):
        raise ValueError(
            f"{optimizer}: got a {type(p).__name__}, and no groups of parameters are supported; make an optimizer for "
            "each group, and give each parameter to one of them"
        )
    if not isinstance(p, mg.Tensor):
        hint = "pass model.parameters()"
        if isinstance(p, tuple) and any(isinstance(part, str) for part in p):
            hint += ", without the names"
        elif isinstance(p, Module):
            hint = "pass their parameters: [*layer1.parameters(), *layer2.parameters()]"
        elif isinstance(p, Iterable) and not isinstance(p, str | np.ndarray):
            hint = "join the lists: [*list1, *list2]"
        raise TypeError(
            f"{optimizer}: parameters are Tensors with requires_grad=True, got {type(p).__name__} as number {i}; {hint}"
        )
    called = f"number {i}" + (f", {p.name!r}," if p.name else "") + f" of shape {p.shape}"
    if not p.is_leaf:
        raise ValueError(
            f"{optimizer}: the parameter {called} was computed, so a step would not reach what it was computed from; "
            "make a parameter of its value, nn.Parameter(w.data), or pass what it was computed from"
        )
    if not (p.requires_grad or isinstance(p, Parameter)):
        raise TypeError(
            f"{optimizer}: parameters are Tensors with requires_grad=True, and {called} has requires_grad=False; make "
            "it with mg.Tensor(…, requires_grad=True), or leave it out"
        )
