"""The perceptron, and the rule by which it learns."""

from __future__ import annotations

from typing import Any

import numpy as np

import minigrad as mg
from nn.hyperparameters import whole_number
from nn.init.layer_parameters import uniform_fan_in
from nn.module import Module
from nn.typing import Array

__all__ = ["Perceptron"]


class Perceptron(Module):
    """A single neuron with a threshold: o = 1 if w·x + b ≥ 0, and 0 otherwise.

    The step has no slope to follow, so gradient descent cannot train it. Its method `learn` follows Rosenblatt's rule.

    Arguments:
        in_features: the number of inputs.
        dtype: of the parameters.
        rng: seed or generator for the initial parameters.

    Shapes: input ``(…, in_features)``, output ``(…)``; ``weight`` (in_features,), ``bias`` ().

    Raises:
        ValueError: in a call, if the last axis of the input does not have length `in_features`.

    Source: Rosenblatt, "The Perceptron", Psychological Review 1958.

    >>> import nn, numpy as np
    >>> x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=np.float32)
    >>> either = nn.Perceptron(2, rng=0)
    >>> [either.learn(x, [0, 1, 1, 1]) for epoch in range(6)]
    [1, 2, 1, 0, 0, 0]
    >>> either(x)
    array([0., 1., 1., 1.], dtype=float32)
    """

    def __init__(self, in_features: int, *, dtype: Any = np.float32, rng: Any = None) -> None:
        whole_number("Perceptron: in_features", in_features, least=1)
        rng = np.random.default_rng(rng)
        self.weight = uniform_fan_in((in_features,), in_features, dtype=dtype, rng=rng)
        self.bias = uniform_fan_in((), in_features, dtype=dtype, rng=rng)

    def forward(self, x: Array) -> Any:
        """1 where the weighted sum reaches the threshold −b, and 0 elsewhere; an array, as it has no gradient."""
        z = mg.matmul(x, self.weight) + self.bias
        return (z >= 0).astype(z.dtype)

    def learn(self, x: Any, t: Any, lr: float = 1.0) -> int:
        """Show each sample once, and correct the weights after each mistake: w ← w + lr (t − o) x, b ← b + lr (t − o).

        If a line separates the two classes, the rule finds one in finitely many epochs.

        Arguments:
            x: the samples, ``(N, in_features)``.
            t: the targets, N numbers 0 or 1.
            lr: the learning rate.

        Returns:
            The number of mistakes in this epoch.

        Raises:
            ValueError: if a target is not 0 or 1, or the shapes do not fit.
        """
        weight, bias = self.weight, self.bias
        x, t = (mg.Tensor(array, dtype=weight.dtype, device=weight.device).data for array in (x, t))
        if x.shape != (*t.shape, *weight.shape) or t.ndim != 1 or not ((t == 0) | (t == 1)).all():
            raise ValueError(
                f"Perceptron.learn: got inputs of shape {x.shape} and targets of shape {t.shape}, expected "
                f"(N, {weight.size}) and (N,), with 0 and 1 as the targets"
            )
        mistakes = 0
        for sample, target in zip(x, t, strict=True):
            error = target - self(sample)
            weight.data = weight.data + lr * error * sample
            bias.data = bias.data + lr * error
            mistakes += int(error != 0)
        return mistakes

    def extra_repr(self) -> str:
        """``in_features``."""
        return f"{self.weight.shape[0]}"
