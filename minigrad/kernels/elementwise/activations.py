"""Activation functions in forms that neither overflow nor lose digits in the tails; of real numbers only."""

from __future__ import annotations

import numpy as np

from minigrad.kernels.complex import require_real
from minigrad.kernels.elementwise import onednn
from minigrad.kernels.threads import in_pieces
from minigrad.typing import Array

__all__ = [
    "COMPILED", "elu", "hard_tanh", "leaky_relu", "log_sigmoid", "relu", "relu6", "relu_grad", "relu_in_place",
    "sigmoid", "softplus",
]  # fmt: skip

_array, _maximum = np.ndarray, np.maximum  # looked up once: a step of a small network calls relu often
COMPILED = 1 << 16  # elements: with fewer, to call oneDNN costs what it saves
_MANY = 1 << 20  # elements whose relu takes several times as long as handing work to another thread
_SCALARS = frozenset({np.float16, np.float32, np.float64})  # compared in an eighth of the time of a ufunc


def sigmoid(x: Array) -> Array:
    """1 / (1 + e^−x). Only e^−|x| is computed, which never overflows and keeps every digit in both tails."""
    e = np.exp(-abs(x))
    if type(x) in _SCALARS:
        return (1 if x >= 0 else e) / (1 + e)
    require_real(x)
    return np.where(np.signbit(x), e, 1) / (1 + e)


def log_sigmoid(x: Array) -> Array:
    """log σ(x) = −log(1 + e^−x), also where σ(x) underflows to 0."""
    return _negative_part(x) - np.log1p(np.exp(-abs(x)))


def softplus(x: Array) -> Array:
    """log(1 + e^x), which is x + log(1 + e^−x)."""
    return relu(x) + np.log1p(np.exp(-abs(x)))


def relu(x: Array) -> Array:
    """max(0, x)."""
    if type(x) in _SCALARS:
        return x.dtype.type(0) if x <= 0 else x
    if type(x) is not _array or x.dtype.kind != "f":
        require_real(x)
        return _maximum(x, 0)
    return _maximum(x, 0) if x.size < COMPILED else _fill_relu(np.empty_like(x), x)


def relu_in_place(x: Array) -> Array:
    """max(0, x), written over x."""
    return _maximum(x, 0, out=x) if x.size < COMPILED else _fill_relu(x, x)


def relu_grad(y_bar: Array, x: Array, out: Array = None) -> Array:
    """ȳ where x is positive, ȳ · 0 elsewhere; in place of x, relu of x will do."""
    if type(x) is _array and type(y_bar) is _array and x.size >= COMPILED and onednn.can_take(x, y_bar):
        x_bar = np.empty_like(x) if out is None else out
        alike = x.shape == y_bar.shape and x.strides == y_bar.strides == x_bar.strides
        if alike and _is_dense(x) and np.geterr()["invalid"] in ("ignore", "warn"):  # others want to know of 0 · ∞
            onednn.relu_grad(y_bar, x, x_bar)
            return x_bar
    return y_bar * (x > 0) if out is None else np.multiply(y_bar, x > 0, out=out)


def _fill_relu(y: Array, x: Array) -> Array:
    """A large y, filled with max(0, x)."""
    if y.strides == x.strides and onednn.can_take(x) and _is_dense(x):
        onednn.relu(x, y)
    elif x.size < _MANY:
        _maximum(x, 0, out=y)
    else:
        in_pieces(lambda start, stop: _maximum(x[start:stop], 0, out=y[start:stop]), len(x))
    return y


def _is_dense(x: Array) -> bool:
    """Whether its elements lie in memory without gaps, in any order."""
    step = x.itemsize
    for n, stride in sorted(zip(x.shape, x.strides, strict=True), key=lambda axis: axis[1]):
        if n > 1 and stride != step:
            return False
        step *= n
    return True


def relu6(x: Array) -> Array:
    """min(max(0, x), 6)."""
    return np.minimum(relu(x), 6)


def hard_tanh(x: Array, low: Array, high: Array) -> Array:
    """x between the limits; `high` where they are in the wrong order."""
    for given in (x, low, high):
        require_real(given)
    return np.minimum(np.maximum(x, low), high)


def leaky_relu(x: Array, slope: Array) -> Array:
    """x on the right of 0, slope · x on the left; one of the two terms is 0."""
    return relu(x) + slope * _negative_part(x)


def elu(x: Array, alpha: Array) -> Array:
    """x on the right of 0, α (e^x − 1) on the left; one of the two terms is 0, and e^x is at most 1."""
    return relu(x) + alpha * np.expm1(_negative_part(x))


def _negative_part(x: Array) -> Array:
    """min(0, x)."""
    if type(x) in _SCALARS:
        return x if x <= 0 else x.dtype.type(0)
    require_real(x)
    return np.minimum(x, 0)
