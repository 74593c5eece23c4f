"""What networks can approximate, and what a loss makes them find: ``python examples/approximation.py``.

- One hidden layer comes close to any curve, and closer with more units (universal approximation).
- Depth folds: each layer of two ReLU units doubles the number of linear pieces, where one wide layer needs a unit for
  each piece.
- The empirical risk, a mean over N samples, and its gradient approach the integrals that they stand for.
- The squared error finds the mean, the absolute error the median: of 0, 1, 2, 3, 100 they are 21.2 and 2.

The picture is saved as out/approximation/approximation.png.

Source: Cybenko, "Approximation by superpositions of a sigmoidal function", 1989; Montúfar et al., "On the number of
linear regions of deep neural networks", 2014.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure

import minigrad as mg
import nn

UNITS = [1, 2, 4, 8, 32]
X = np.linspace(-3, 3, 200)[:, None]
CURVE = np.sin(2 * X)


def main() -> None:
    parser = argparse.ArgumentParser(description="Approximate a curve, count linear pieces, estimate a risk.")
    parser.add_argument("--steps", type=int, default=1500, help="training steps for each network")
    parser.add_argument("--out", type=Path, default=Path("out/approximation"), help="folder for the picture")
    options = parser.parse_args()

    print("sin 2x by one hidden layer of tanh units: the mean squared error after training")
    fits = {units: fit_curve(units, options.steps) for units in UNITS}
    for units, y in fits.items():
        print(f"  {units:>2} {'unit' if units == 1 else 'units':<5}   {np.mean((y - CURVE) ** 2):.4f}")

    print("\nA tent of two ReLU units, folded again by each layer: linear pieces on 0 … 1")
    for layers in (1, 2, 3, 5):
        print(f"  {layers} layer{'s' * (layers > 1):<1}  {2 * layers:>2} units   {pieces(layers):>2} pieces")

    empirical_risk()

    print("\nThe constant c with the smallest loss for 0, 1, 2, 3, 100")
    print(f"  squared error   {best_constant(mg.mse_loss):.2f}, the mean")
    print(f"  absolute error  {best_constant(mg.l1_loss):.2f}, the median")

    options.out.mkdir(parents=True, exist_ok=True)
    file = options.out / "approximation.png"
    plot(fits).savefig(file, dpi=150)
    print(f"\npicture: {file}")


def fit_curve(units: int, steps: int) -> Any:
    """The curve as a network with one hidden layer of this many units has learned it."""
    model = nn.Sequential(
        nn.Linear(1, units, dtype=np.float64, rng=0), nn.Tanh(), nn.Linear(units, 1, dtype=np.float64, rng=1)
    )
    adam = nn.optim.Adam(model.parameters(), lr=0.02)
    for _ in range(steps):
        adam.zero_grad()
        mg.mse_loss(model(X), CURVE).backward()
        adam.step()
    return nn.predict(model, X)


def tents(x: Any, layers: int) -> Any:
    """The tent 2 relu(x) − 4 relu(x − ½), applied again and again: from 0 up to 1 and down to 0."""
    for _ in range(layers):
        x = 2 * mg.relu(x) - 4 * mg.relu(x - 0.5)
    return x


def pieces(layers: int) -> int:
    """The number of linear pieces: how often the slope changes, and one."""
    middles = (np.arange(4096) + 0.5) / 4096
    slopes = mg.grad(lambda x: mg.sum(tents(x, layers)))(middles)
    return int(np.count_nonzero(np.diff(slopes))) + 1


def empirical_risk() -> None:
    """The risk of y = w x at w = 0.5 for targets x², x uniform on 0 … 1: (w x − x²)² has the mean w²/3 − w/2 + 1/5."""
    print("\nThe empirical risk of w x for targets x² at w = 0.5: a mean over N samples, and its slope")
    w = 0.5
    rng = np.random.default_rng(0)
    for n in (10, 100, 1000, 100_000):
        x = rng.random(n)
        value, slope = mg.value_and_grad(lambda w, x=x: mg.mean((w * x - x**2) ** 2))(w)
        print(f"  N = {n:>7,}   {float(value):.4f}  {float(slope):8.4f}".replace("-", "−"))
    print(f"  the integral  {w * w / 3 - w / 2 + 1 / 5:.4f}  {2 * w / 3 - 1 / 2:8.4f}".replace("-", "−"))


def best_constant(loss: Any) -> float:
    """Gradient descent on a constant, with a learning rate that shrinks."""
    data = np.array([0.0, 1.0, 2.0, 3.0, 100.0])
    c = mg.Tensor(10.0, requires_grad=True)
    for step in range(4000):
        c.grad = None
        loss(c * np.ones(5), data).backward()
        c.data -= 5 / (1 + 0.05 * step) * c.grad
    return float(c)


def plot(fits: dict[int, Any]) -> Figure:
    """The curve and its approximations, and the tents."""
    figure = Figure(figsize=(16, 5), layout="constrained")
    left, right = figure.subplots(1, 2)
    left.plot(X, CURVE, color="0.75", linewidth=7, label="sin 2x")
    styles = [("#CC79A7", ":"), ("#E69F00", "-."), ("#009E73", "--"), ("#56B4E9", (0, (6, 1))), ("#0072B2", "-")]
    for (units, y), (colour, dash) in zip(fits.items(), styles, strict=True):
        left.plot(X, y, color=colour, linestyle=dash, linewidth=2, label=f"{units} unit{'s' * (units > 1)}")
    left.set_title("one hidden layer", loc="left", weight="bold")
    left.legend(frameon=False, loc="upper center", bbox_to_anchor=(0.5, -0.06), ncols=6, columnspacing=1)
    x = np.linspace(0, 1, 1025)
    for layers, (colour, dash) in zip((1, 2, 3), (styles[0], styles[2], styles[4]), strict=True):
        right.plot(
            x,
            tents(x, layers),
            color=colour,
            linestyle=dash,
            linewidth=2,
            label=f"{layers} layer{'s' * (layers > 1)}: {pieces(layers)} pieces",
        )
    right.set_title("depth: each layer folds the line once more", loc="left", weight="bold")
    right.legend(frameon=False, loc="upper center", bbox_to_anchor=(0.5, -0.06), ncols=3)
    for ax in (left, right):
        ax.spines[["top", "right"]].set_visible(False)
    return figure


if __name__ == "__main__":
    main()
