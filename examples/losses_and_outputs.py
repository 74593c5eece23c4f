"""Output units and their losses, and where a network saturates: ``python examples/losses_and_outputs.py``.

Each output unit has a loss with which its error signal is the plain difference z̄ = y − t: a linear unit the squared
error of a Gaussian, a sigmoid and a softmax unit cross-entropy. With the squared error a sigmoid unit that is
confidently wrong learns next to nothing: its error signal is multiplied by a slope near 0. The picture, saved as
out/losses_and_outputs/activations.png, shows the slopes of the usual hidden units.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure

import minigrad as mg

Function = Callable[[Any], Any]

ACTIVATIONS: dict[str, Function] = {
    "σ(z), sigmoid": mg.sigmoid,
    "tanh z": np.tanh,
    "max(0, z), ReLU": mg.relu,
}


def main() -> None:
    parser = argparse.ArgumentParser(description="Compare output units, losses and activation functions.")
    parser.add_argument("--out", type=Path, default=Path("out/losses_and_outputs"), help="folder for the picture")
    options = parser.parse_args()

    units()
    saturation()
    derivation()
    z = np.linspace(-6, 6, 241)
    print(f"\ntanh z and 2σ(2z) − 1 differ by at most {abs(np.tanh(z) - (2 * mg.sigmoid(2 * z) - 1)).max():.0e}")
    print("The largest slopes, and the slopes at z = 5")
    for name, f in ACTIVATIONS.items():
        slopes = slope(f, z)
        print(f"  {name:<16} {slopes.max():.2f}   {slope(f, np.array([5.0]))[0]:.4f}")

    options.out.mkdir(parents=True, exist_ok=True)
    file = options.out / "activations.png"
    plot(z).savefig(file, dpi=150)
    print(f"\npicture: {file}")


def units() -> None:
    """The error signals at z of the three output units, beside y − t."""
    print("Output units, their losses, and the error signals of z")
    scores, one_of_three = np.array([2.0, -1.0, 0.5]), np.array([0.0, 0.0, 1.0])
    cases: list[tuple[str, Any, Any, Function, Function]] = [
        (
            "linear, −log of a Gaussian",
            np.array([1.5]),
            np.array([2.0]),
            lambda z: z,
            lambda z: negative_log_density(z, 2.0),
        ),
        (
            "sigmoid, cross-entropy",
            np.array([1.5]),
            np.array([1.0]),
            mg.sigmoid,
            lambda z: mg.binary_cross_entropy_with_logits(z, [1.0]),
        ),
        ("softmax, cross-entropy", scores, one_of_three, mg.softmax, lambda z: mg.cross_entropy(z, one_of_three)),
    ]
    for name, z, t, unit, loss in cases:
        print(f"  {name:<28} z̄ = {text(mg.grad(loss)(z))}   y − t = {text(unit(z) - t)}")


def negative_log_density(y: Any, t: float) -> Any:
    """−log N(t; y, 1), without the constant that no parameter changes."""
    return mg.sum((y - t) ** 2) / 2


def saturation() -> None:
    """A sigmoid unit that should say 1 and is sure of 0, by both losses."""
    print("\nA sigmoid unit whose target is 1: the error signal z̄ by loss")
    print("      z        y   ½ (y − t)²   cross-entropy")
    by_squares = mg.grad(lambda z: (mg.sigmoid(z) - 1) ** 2 / 2)
    by_entropy = mg.grad(lambda z: mg.binary_cross_entropy_with_logits(z, 1.0))
    for z in (-10.0, -5.0, -2.0, 0.0, 2.0):
        signals = f"{float(by_squares(z)):12.6f}  {float(by_entropy(z)):14.6f}"
        print(f"  {z:5g}  {float(mg.sigmoid(z)):.5f} {signals}".replace("-", "−"))


def derivation() -> None:
    """Cross-entropy of a sigmoid unit as formulas."""
    z, t = mg.Tensor(0.5, requires_grad=True, name="z"), mg.Tensor(1.0, name="t")
    print("\nA sigmoid unit with cross-entropy, targets 0 or 1: the derivation")
    print(indented(str(mg.explain(mg.binary_cross_entropy_with_logits(z, t).named("L")))))


def slope(f: Function, z: Any) -> Any:
    """dy/dz at each z: the error signals of z where all those of y are 1."""
    return mg.grad(lambda z: mg.sum(f(z)))(z)


def plot(z: Any) -> Figure:
    """Each activation, and its slope below it."""
    figure = Figure(figsize=(13, 6.4), layout="constrained")
    rows = figure.subplots(2, len(ACTIVATIONS), sharex=True)
    for (name, f), (above, below) in zip(ACTIVATIONS.items(), rows.T, strict=True):
        above.plot(z, f(z), color="#0072B2", linewidth=2.6)
        above.set_title(name, loc="left", weight="bold")
        below.plot(z, slope(f, z), color="#D55E00", linewidth=2.6, linestyle="--")
        below.set(xlabel="z", ylim=(-0.05, 1.1))
        below.set_title("its slope", loc="left")
        if f is not mg.relu:
            for end in ((-6, -4), (4, 6)):
                below.axvspan(*end, color="0.9")
            below.text(-5, 0.55, "saturated", ha="center", rotation=90)
        for ax in (above, below):
            ax.grid(color="0.9")
            ax.spines[["top", "right"]].set_visible(False)
    return figure


def text(numbers: Any) -> str:
    return "[" + ", ".join(f"{round(float(n), 4) + 0:g}".replace("-", "−") for n in numbers) + "]"


def indented(lines: str) -> str:
    return "\n".join(f"  {line}".rstrip() for line in lines.splitlines())


if __name__ == "__main__":
    main()
