"""Maxout: an activation that is learned, together with the layer before it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import minigrad as mg
from nn.hyperparameters import whole_number
from nn.init.layer_parameters import initial_bias, initial_weight
from nn.module import Module
from nn.typing import Array

__all__ = ["Maxout"]


class Maxout(Module):
    """yᵢ = max(w₁ᵀx + b₁, …, w_kᵀx + b_k): each output is the largest of k affine functions of the input.

    A unit can so become any convex piecewise linear function of k pieces: with 2 of them ReLU, leaky ReLU, or the
    absolute value. It never saturates, and has k times the parameters of a `Linear` layer. Where pieces tie, they
    share the error signal equally.

    Arguments:
        in_features, out_features: the lengths of an input and an output vector.
        pieces: k, the number of affine functions for each output.
        bias: whether they have a bias.
        init: sets the initial weight, as for `Linear`.
        dtype: of the parameters.
        rng: seed or generator for the initial parameters.

    Shapes: input ``(…, in_features)``, output ``(…, out_features)``; ``weight`` (out_features · pieces, in_features),
    with the pieces of one output next to each other, ``bias`` (out_features · pieces,).

    Raises:
        TypeError: if a number is not whole.
        ValueError: if it is too small; in a call, if the last axis of the input does not have length `in_features`.

    Source: Goodfellow, Warde-Farley, Mirza, Courville, Bengio, "Maxout networks", ICML 2013.

    >>> import nn, numpy as np
    >>> layer = nn.Maxout(1, 1, pieces=2, bias=False, dtype=np.float64)
    >>> layer.weight.data = [[1.0], [-1.0]]  # max(x, −x)
    >>> layer(np.array([[-3.0], [2.0]])).data.tolist()
    [[3.0], [2.0]]
    """

    def __init__(
        self,
        in_features: int,
        out_features: int,
        pieces: int = 2,
        bias: bool = True,
        *,
        init: Callable[..., Any] | None = None,
        dtype: Any = np.float32,
        rng: Any = None,
    ) -> None:
        whole_number("Maxout: in_features", in_features, least=0)
        whole_number("Maxout: out_features", out_features, least=0)
        self.pieces = whole_number("Maxout: pieces", pieces, least=1)
        how: dict[str, Any] = {"init": init, "dtype": dtype, "rng": np.random.default_rng(rng)}
        shape = (out_features * pieces, in_features)
        self.weight = initial_weight("Maxout", shape, in_features, **how)
        self.bias = initial_bias(shape[:1], in_features, **how) if bias else None

    def forward(self, x: Array) -> Array:
        """The largest of the pieces of each output."""
        z = mg.linear(x, self.weight, self.bias)
        return mg.max(z.reshape((*z.shape[:-1], z.shape[-1] // self.pieces, self.pieces)), axis=-1)

    def extra_repr(self) -> str:
        """The arguments."""
        outputs, in_features = self.weight.shape
        text = f"{in_features}, {outputs // self.pieces}, pieces={self.pieces}"
        return text + ("" if self.bias is not None else ", bias=False")
