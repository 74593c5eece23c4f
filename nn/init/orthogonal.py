"""Weights that keep lengths: orthogonal matrices."""

from __future__ import annotations

from typing import Any

import numpy as np

import minigrad as mg
from nn.hyperparameters import finite_number
from nn.init.fill import check_tensor, fill
from nn.unsupported import explains_calls

__all__ = ["orthogonal_"]


@explains_calls
def orthogonal_(tensor: mg.Tensor, gain: float = 1, *, rng: Any = None) -> mg.Tensor:
    """Draw a weight whose rows are orthogonal, or its columns where these are fewer; return it.

    All such matrices are equally likely. With more than two axes, a row is what belongs to one output,
    ``weight.reshape(out, -1)``.

    Arguments:
        tensor: a weight ``(out, in, *kernel)``, a Parameter or another leaf. It keeps its shape, dtype and device.
        gain: the length of the rows or columns, as `calculate_gain` gives it.
        rng: seed or generator, as for `numpy.random.default_rng`.

    Raises:
        TypeError: if `tensor` is not a Tensor of floating-point numbers.
        ValueError: if it has less than two axes, or was computed, or `gain` is negative.

    Source: Saxe, McClelland, Ganguli, "Exact solutions to the nonlinear dynamics of learning in deep linear neural
    networks", ICLR 2014.

    >>> import nn, numpy as np
    >>> w = nn.init.orthogonal_(nn.Parameter(np.zeros((3, 5))), rng=0)
    >>> np.allclose(w.data @ w.data.T, np.eye(3))
    True
    """
    check_tensor("orthogonal_", tensor)
    gain = finite_number("orthogonal_: gain", gain)
    if tensor.ndim < 2:
        raise ValueError(f"orthogonal_: expected a weight of at least two axes, (out, in), got shape {tensor.shape}")
    if tensor.size == 0:
        return tensor
    rows = len(tensor)
    columns = tensor.size // rows
    drawn = np.random.default_rng(rng).normal(size=(max(rows, columns), min(rows, columns)))
    q, r = np.linalg.qr(drawn)
    q *= np.sign(np.diag(r))  # R is unique with a positive diagonal; otherwise Q would depend on the algorithm
    return fill(tensor, gain * (q if rows >= columns else q.T).reshape(tensor.shape))
