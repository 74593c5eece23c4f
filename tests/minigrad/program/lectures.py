"""The lectures' derivations as functions to compile: their programs are kept in golden/, to be read.

``python -m tests.minigrad.program.lectures`` writes them anew; then read the diff.
"""

# ruff: noqa: RET504  the lectures name what they compute

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

import minigrad as mg
from minigrad.program.compiled import compile

__all__ = ["GOLDEN", "LECTURES"]

GOLDEN = Path(__file__).parent / "golden"


def logistic_regression(w: Any, b: Any, x: Any, t: Any) -> Any:
    z = w * x + b
    y = mg.sigmoid(z)
    L = 0.5 * (y - t) ** 2
    return L


def regularised_regression(w: Any, b: Any, x: Any, t: Any, lam: Any) -> Any:
    z = w * x + b
    y = mg.sigmoid(z)
    L = 0.5 * (y - t) ** 2
    R = 0.5 * w**2
    L_reg = L + lam * R
    return L_reg


def two_layers(W1: Any, b1: Any, W2: Any, b2: Any, x: Any, t: Any) -> Any:
    z = W1 @ x + b1
    h = mg.sigmoid(z)
    y = W2 @ h + b2
    L = 0.5 * mg.sum((y - t) ** 2)
    return L


def softmax_network(W1: Any, b1: Any, W2: Any, b2: Any, x: Any, t: Any) -> Any:
    z = x @ mg.transpose(W1) + b1
    h = mg.relu(z)
    y = h @ mg.transpose(W2) + b2
    L = mg.cross_entropy(y, t)
    return L


def convolutional_network(W1: Any, b1: Any, W2: Any, b2: Any, x: Any, t: Any) -> Any:
    z1 = mg.conv2d(x, W1, b1)
    h1 = mg.relu(z1)
    p1 = mg.max_pool2d(h1, 2)
    v = mg.reshape(p1, (len(x), -1))
    y = mg.linear(v, W2, b2)
    L = mg.cross_entropy(y, t)
    return L


def max_pooling(x: Any) -> Any:
    y = mg.max_pool2d(x, 2)
    L = mg.sum(y)
    return L


def filters(w: Any, x: Any, t: Any) -> Any:
    """The filter that finds t in x."""
    y = mg.conv2d(x, w)
    L = 0.5 * mg.sum((y - t) ** 2)
    return L


def tied_weights(W: Any, b: Any, c: Any, x: Any) -> Any:
    """An autoencoder whose decoder has the encoder's weights."""
    z = W @ x + b
    h = mg.sigmoid(z)
    y = mg.transpose(W) @ h + c
    L = 0.5 * mg.sum((y - x) ** 2)
    return L


def square_of_a_square(x: Any) -> Any:
    y = x * x
    z = y * y
    return z


def recurrent_network(W: Any, U: Any, v: Any, h0: Any, x: Any, t: Any) -> Any:
    z1 = W @ h0 + U * x[0]
    h1 = mg.tanh(z1)
    z2 = W @ h1 + U * x[1]
    h2 = mg.tanh(z2)
    z3 = W @ h2 + U * x[2]
    h3 = mg.tanh(z3)
    y = v @ h3
    L = 0.5 * (y - t) ** 2
    return L


def gradient_descent(w: Any, b: Any, x: Any, t: Any, alpha: Any) -> Any:
    """One step of training."""
    L, (w_bar, b_bar) = mg.value_and_grad(logistic_regression, argnums=(0, 1))(w, b, x, t)
    return L, w - alpha * w_bar, b - alpha * b_bar


def second_derivative(x: Any) -> Any:
    def f(x: Any) -> Any:
        y = mg.exp(-(x**2))
        return y

    return mg.grad(mg.grad(f))(x)


def _numbers(*values: float) -> Callable[[int], tuple[Any, ...]]:
    return lambda seed: tuple(np.float64(v + 0.25 * seed) for v in values)


def _arrays(*shapes: tuple[int, ...], classes: int = 0, dtype: Any = np.float64) -> Callable[[int], tuple[Any, ...]]:
    def args(seed: int) -> tuple[Any, ...]:
        rng = np.random.default_rng(seed)
        arrays = [rng.normal(0, 0.5, shape).astype(dtype) for shape in shapes]
        return (*arrays, rng.integers(0, classes, len(arrays[-1]))) if classes else tuple(a[()] for a in arrays)

    return args


#: The function to compile, and arguments for it by a seed.
LECTURES: dict[str, tuple[Callable[..., Any], Callable[[int], tuple[Any, ...]]]] = {
    "logistic_regression": (mg.value_and_grad(logistic_regression, argnums=(0, 1)), _numbers(0.5, -1.5, 2.0, 1.0)),
    "regularised_regression": (
        mg.value_and_grad(regularised_regression, argnums=(0, 1)),
        _numbers(0.5, -1.5, 2.0, 1.0, 0.1),
    ),
    "two_layers": (
        mg.value_and_grad(two_layers, argnums=(0, 1, 2, 3)),
        _arrays((3, 2), (3,), (2, 3), (2,), (2,), (2,)),
    ),
    "softmax_network": (
        mg.value_and_grad(softmax_network, argnums=(0, 1, 2, 3)),
        _arrays((16, 8), (16,), (4, 16), (4,), (32, 8), classes=4, dtype=np.float32),
    ),
    "convolutional_network": (
        mg.value_and_grad(convolutional_network, argnums=(0, 1, 2, 3)),
        _arrays((4, 1, 3, 3), (4,), (3, 36), (3,), (5, 1, 8, 8), classes=3, dtype=np.float32),
    ),
    "recurrent_network": (
        mg.value_and_grad(recurrent_network, argnums=(0, 1, 2)),
        _arrays((2, 2), (2,), (2,), (2,), (3,), ()),
    ),
    "max_pooling": (mg.grad(max_pooling), _arrays((1, 1, 4, 4))),
    "filters": (mg.value_and_grad(filters), _arrays((1, 1, 2, 2), (1, 1, 4, 4), (1, 1, 3, 3))),
    "tied_weights": (mg.value_and_grad(tied_weights, argnums=(0, 1, 2)), _arrays((2, 4), (2,), (4,), (4,))),
    "square_of_a_square": (mg.value_and_grad(square_of_a_square), _numbers(0.5)),
    "gradient_descent": (gradient_descent, _numbers(0.5, -1.5, 2.0, 1.0, 0.1)),
    "second_derivative": (second_derivative, _numbers(0.5)),
}


def program(name: str) -> str:
    """The text of the program of a lecture."""
    f, args = LECTURES[name]
    compiled = compile(f)
    compiled(*args(0))
    return compiled.source


if __name__ == "__main__":
    for _name in LECTURES:
        (GOLDEN / f"{_name}.txt").write_text(program(_name), encoding="utf-8")
