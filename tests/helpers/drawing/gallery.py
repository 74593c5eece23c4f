"""The graphs whose pictures are pinned by golden files, and looked at in a browser: by name, as functions that draw."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import minigrad as mg
import nn


def l_reg() -> mg.Tensor:
    """The lecture's example: univariate logistic least squares with L2, with the numbers of the lecture."""
    w, b = mg.Tensor(0.5, requires_grad=True, name="w"), mg.Tensor(-1.5, requires_grad=True, name="b")
    x, t, lam = mg.Tensor(2.0, name="x"), mg.Tensor(1.0, name="t"), mg.Tensor(0.1, name="λ")
    z = (w * x + b).named("z")
    y = mg.sigmoid(z).named("y")
    loss = (0.5 * (y - t) ** 2).named("L")
    penalty = (0.5 * w**2).named("R")
    return (loss + lam * penalty).named("L_reg")


def mlp_in_scalars() -> mg.Tensor:
    """2-3-1: every weight a number of its own."""
    rng = np.random.default_rng(0)
    x = [mg.Tensor(v, name=f"x_{i}") for i, v in enumerate((1.0, -2.0), 1)]

    def weight(name: str) -> mg.Tensor:
        return mg.Tensor(round(float(rng.uniform(-1, 1)), 1) or 0.5, requires_grad=True, name=name)

    hidden = []
    for j in (1, 2, 3):
        z = (weight(f"w_{j}1") * x[0] + weight(f"w_{j}2") * x[1] + weight(f"b_{j}")).named(f"z_{j}")
        hidden.append(mg.tanh(z).named(f"h_{j}"))
    y = sum((weight(f"v_{j}") * h for j, h in enumerate(hidden, 1)), start=weight("c")).named("y")
    return (0.5 * (y - mg.Tensor(1.0, name="t")) ** 2).named("L")


def vectorised_mlp() -> mg.Tensor:
    rng = np.random.default_rng(0)
    X, t = mg.Tensor(rng.normal(size=(4, 2)), name="X"), mg.Tensor(rng.normal(size=(4, 1)), name="t")
    W1, b1 = (mg.Tensor(rng.normal(size=s), requires_grad=True, name=n) for s, n in (((2, 3), "W1"), ((3,), "b1")))
    W2, b2 = (mg.Tensor(rng.normal(size=s), requires_grad=True, name=n) for s, n in (((3, 1), "W2"), ((1,), "b2")))
    Z = (X @ W1 + b1).named("Z")
    H = mg.relu(Z).named("H")
    Y = (H @ W2 + b2).named("Y")
    return (0.5 * mg.mean((Y - t) ** 2)).named("L")


def used_twice() -> mg.Tensor:
    x = mg.Tensor(3.0, requires_grad=True, name="x")
    return (x * x + x).named("y")


def tied_weights() -> mg.Tensor:
    """An autoencoder whose decoder is the transposed encoder."""
    rng = np.random.default_rng(0)
    x = mg.Tensor(rng.normal(size=3), name="x")
    W = mg.Tensor(rng.normal(size=(2, 3)), requires_grad=True, name="W")
    h = mg.tanh(W @ x).named("h")
    y = (W.T @ h).named("y")
    return mg.sum((y - x) ** 2).named("L")


def rnn() -> mg.Tensor:
    """Four steps of a recurrent network."""
    rng = np.random.default_rng(0)
    W, U = (mg.Tensor(rng.normal(size=s), requires_grad=True, name=n) for s, n in (((2, 2), "W"), ((2, 3), "U")))
    h: Any = mg.Tensor(np.zeros(2), name="h_0")
    for k in range(1, 5):
        x = mg.Tensor(rng.normal(size=3), name=f"x_{k}")
        h = mg.tanh(W @ h + U @ x).named(f"h_{k}")
    return mg.sum(h**2).named("L")


def with_nan() -> mg.Tensor:
    x = mg.Tensor([1.0, -1.0], requires_grad=True, name="x")
    with np.errstate(invalid="ignore"):
        z = mg.log(x).named("z")
    return mg.sum(z * 2).named("L")


def second_derivative() -> mg.Tensor:
    """Forward and backward as one graph."""
    x = mg.Tensor(2.0, requires_grad=True, name="x")
    y = (x**3).named("y")
    y.backward(create_graph=True)
    return (x.grad**2).named("s")


class Residual(nn.Module):
    """A block with a shortcut, between two convolutions."""

    def __init__(self) -> None:
        self.stem = nn.Conv2d(1, 4, 3, padding=1, rng=0)
        self.block = nn.BasicBlock(4, 4, rng=1)
        self.head = nn.Conv2d(4, 2, 1, rng=2)

    def forward(self, x: Any) -> Any:
        return self.head(self.block(mg.relu(self.stem(x))))


def images(*shape: int) -> Any:
    return np.random.default_rng(0).random(shape, dtype=np.float32)


def classification(t: int) -> Callable[[Any], Any]:
    return lambda logits: mg.cross_entropy(logits, np.full(len(logits), t)).named("L")


#: Name → a function that draws it.
PICTURES: dict[str, Callable[..., Any]] = {
    "l_reg_lines": lambda **o: mg.draw(l_reg(), level="lines", **o),
    "l_reg_operations": lambda **o: mg.draw(l_reg(), level="operations", **o),
    "mlp_in_scalars": lambda **o: mg.draw(mlp_in_scalars(), **o),
    "vectorised_mlp": lambda **o: mg.draw(vectorised_mlp(), **o),
    "used_twice": lambda **o: mg.draw(used_twice(), **o),
    "tied_weights": lambda **o: mg.draw(tied_weights(), **o),
    "rnn": lambda **o: mg.draw(rnn(), **o),
    "nan": lambda **o: mg.draw(with_nan(), **o),
    "second_derivative": lambda **o: mg.draw(second_derivative(), **o),
    **{
        f"lenet_{level}": lambda level=level, **o: nn.draw(
            nn.LeNet(rng=0), images(2, 1, 28, 28), loss=classification(3), level=level, **o
        )
        for level in ("stages", "modules", "operations", "lines")
    },
    "residual": lambda **o: nn.draw(Residual(), images(2, 1, 8, 8), loss=mg.sum, **o),
    "inception": lambda **o: nn.draw(nn.Inception(4, 2, 2, 3, 1, 2, 2, rng=0), images(2, 4, 8, 8), loss=mg.sum, **o),
    "alexnet": lambda **o: nn.draw(nn.AlexNet(rng=0), images(1, 3, 227, 227), loss=classification(3), **o),
    "resnet18_blocks": lambda **o: nn.draw(
        nn.ResNet18(rng=0), images(1, 3, 64, 64), loss=classification(3), level="modules", depth=2, **o
    ),
}
