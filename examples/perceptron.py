"""What one neuron can learn, and what it cannot: ``python examples/perceptron.py``.

The lecture's first network is a single neuron with a threshold, the perceptron. It learns AND and OR, but no line
separates the two classes of XOR. A linear unit does not help: its best mean squared error is J = 0.25, with the output
0.5 for every input. One hidden layer of two neurons is enough, with weights set by hand or learned.
The picture of the regions is saved as out/perceptron/regions.png.

Source: Rosenblatt, "The Perceptron", 1958; Minsky, Papert, "Perceptrons", 1969; Goodfellow, Bengio, Courville, "Deep
Learning", 2016, section 6.1, which has the weights for XOR.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure

import minigrad as mg
import nn

X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=float)
TARGETS = {"AND": [0, 0, 0, 1], "OR": [0, 1, 1, 1], "XOR": [0, 1, 1, 0]}
EPOCHS = 20


def main() -> None:
    parser = argparse.ArgumentParser(description="Train a perceptron on AND, OR and XOR, and a network on XOR.")
    parser.add_argument("--out", type=Path, default=Path("out/perceptron"), help="folder for the picture")
    options = parser.parse_args()

    print(f"The perceptron rule, mistakes in each of {EPOCHS} epochs")
    models: dict[str, Any] = {}
    for name, target in TARGETS.items():
        models[name] = unit = nn.Perceptron(2, dtype=np.float64, rng=0)
        mistakes = [unit.learn(X, target) for _ in range(EPOCHS)]
        right = int(sum(unit(X) == target))
        print(f"  {name:<4}{' '.join(map(str, mistakes))}   {right} of 4 right")

    print("\nXOR by a linear unit: the line with the smallest mean squared error")
    weights, answers = best_line(TARGETS["XOR"])
    print(f"  w = {text(weights[:2])}, b = {text(weights[2:])}: answers {text(answers)}")
    print(f"  J = {np.mean((answers - TARGETS['XOR']) ** 2):g}")

    print("\nXOR by f(x) = w⁽²⁾ᵀ max(0, W⁽¹⁾ x + b) + c with weights set by hand")
    network = nn.Sequential(nn.Linear(2, 2, dtype=np.float64), nn.ReLU(), nn.Linear(2, 1, dtype=np.float64))
    network.load_state_dict(
        {
            "0.weight": np.array([[1.0, 1.0], [1.0, 1.0]]),
            "0.bias": np.array([0.0, -1.0]),
            "2.weight": np.array([[1.0, -2.0]]),
            "2.bias": np.array([0.0]),
        }
    )
    print(f"  hidden units h of the four inputs: {text(nn.predict(network[:2], X))}")
    print(f"  answers {text(nn.predict(network, X)[:, 0])}")

    print("\nXOR learned: two tanh units, J = ¼ Σ (t − y)², gradient descent with η = 0.2")
    models["XOR, learned"] = learned = nn.Sequential(
        nn.Linear(2, 2, dtype=np.float64, rng=1), nn.Tanh(), nn.Linear(2, 1, dtype=np.float64, rng=2)
    )
    for step, loss in enumerate(learn_xor(learned)):
        if step in (0, 10, 100, 500, 1000, 2000):
            print(f"  step {step:>4}   J = {loss:.6f}")
    print(f"  answers {text(nn.predict(learned, X)[:, 0])}")
    options.out.mkdir(parents=True, exist_ok=True)
    file = options.out / "regions.png"
    plot(models, learned).savefig(file, dpi=150)
    print(f"\npicture: {file}")


def best_line(target: list[int]) -> tuple[Any, Any]:
    """The weights and bias with the smallest mean squared error, and what they answer."""
    inputs = np.c_[X, np.ones(4)]
    weights, *_ = np.linalg.lstsq(inputs, np.array(target, dtype=float))
    return weights, inputs @ weights


def learn_xor(network: Any, steps: int = 2000) -> Iterator[float]:
    """Gradient descent on the mean squared error, which is given before each step and at the end."""
    target = np.array(TARGETS["XOR"], dtype=float)[:, None]
    descent = nn.optim.SGD(network.parameters(), lr=0.2)
    for _ in range(steps):
        loss = mg.mse_loss(network(X), target)
        yield float(loss)
        descent.zero_grad()
        loss.backward()
        descent.step()
    yield float(mg.mse_loss(network(X), target))


def plot(models: dict[str, Any], learned: Any) -> Figure:
    """The four panels side by side: what each model answers in the plane."""
    figure = Figure(figsize=(16, 4.6), layout="constrained")
    for ax, (name, model) in zip(figure.subplots(1, 4), models.items(), strict=True):
        nn.plot.decision_regions(model, X, np.array(TARGETS[name[:3].strip()]), ax=ax)
        ax.set_title(name if model is learned else f"{name}: one neuron", loc="left", weight="bold")
        ax.set_aspect("equal")
    return figure


def text(numbers: Any) -> str:
    """[0.5  0.5], with at most three decimals."""
    if np.ndim(numbers) > 1:
        return "  ".join(map(text, numbers))
    return "[" + "  ".join(f"{round(float(n), 3) + 0:g}".replace("-", "−") for n in numbers) + "]"


if __name__ == "__main__":
    main()
