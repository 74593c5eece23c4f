"""Guided backpropagation: error signals that are positive, through units that are active."""

from __future__ import annotations

from typing import Any

from nn.attribution.saliency import score_signal
from nn.module import Module
from nn.typing import Array
from nn.unsupported import explains_calls

__all__ = ["guided_backpropagation"]


def guided(y_bar: Array, y: Array, x: Array) -> Array:  # noqa: ARG001
    """x̄ = ȳ ⊙ (y > 0) ⊙ (ȳ > 0)."""
    return y_bar * (y > 0) * (y_bar > 0)


@explains_calls
def guided_backpropagation(model: Module, x: Array, target: Any = None) -> Any:
    """The error signal of the input for the score of a class, with another rule for ReLU.

    Of y = relu(x) the rule is x̄ = ȳ ⊙ (x > 0), and here::

        x̄ = ȳ ⊙ (y > 0) ⊙ (ȳ > 0)

    So an error signal goes on only where the unit was active, as in the backward pass, and where it is positive, as in
    `deconvnet`: what would make a unit, and through it the score, smaller is left out. The picture is sharp. It is no
    gradient.

    Arguments:
        model: takes a batch, and gives a score of each class, (N, K); its activations are ReLUs.
        x: inputs, images ``(N, C, H, W)`` or of any shape.
        target: a class number for all inputs, or one for each, ``(N,)``; the predicted ones if not given.

    Returns:
        The shape of `x`, with a sign: positive where more of a pixel is for the class.

    Raises:
        TypeError: if `model` is not a module, `x` not a batch, or `target` not class numbers.
        ValueError: if there is no such class, the model does not give ``(N, K)``, or it has no ReLU.
        FloatingPointError: if a score is infinite or NaN.

    Source: Springenberg, Dosovitskiy, Brox, Riedmiller, "Striving for simplicity: the all convolutional net", ICLR
    workshop 2015, section 3.4. The paper is of 2014, the workshop of 2015.

    >>> import nn, numpy as np
    >>> model = nn.Sequential(nn.Linear(2, 2, rng=0), nn.ReLU(), nn.Linear(2, 1, rng=0))
    >>> model[0].weight.data, model[2].weight.data = np.eye(2), np.array([[3.0, -3.0]])
    >>> guided_backpropagation(model, np.array([[1.0, 2.0]])).tolist()  # the gradient is 3, −3
    [[3.0, 0.0]]
    """
    return score_signal("guided_backpropagation", model, x, target, guided)
