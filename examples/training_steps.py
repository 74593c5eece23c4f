"""The five steps of training on one picture of a boat: ``python examples/training_steps.py``.

The lecture's network gives the probabilities [0.2, 0.4, 0.1, 0.3] for dog, cat, boat and bird, where [0, 0, 1, 0] is
right, and after training perhaps [0.1, 0.1, 0.7, 0.1]. Here is a network that starts with the first numbers, and
learns until its error is as small as that of the second. The picture is saved as out/training_steps/steps.png.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure

import minigrad as mg
import nn

CLASSES = ["dog", "cat", "boat", "bird"]
TARGET = np.array([0.0, 0.0, 1.0, 0.0])
BEFORE, AFTER = np.array([0.2, 0.4, 0.1, 0.3]), np.array([0.1, 0.1, 0.7, 0.1])
LEARNING_RATE = 0.05
BOAT = """
............
.....#......
.....##.....
.....###....
.....####...
.....#####..
.....######.
.....#......
.##########.
..########..
...######...
~~~~~~~~~~~~
"""


def main() -> None:
    parser = argparse.ArgumentParser(description="Train a small CNN on one picture, step by step.")
    parser.add_argument("--out", type=Path, default=Path("out/training_steps"), help="folder for the picture")
    options = parser.parse_args()

    print("Step 1: filters and weights are random numbers")
    image = picture()
    model = network(image)
    print(f"  {sum(p.size for p in model.parameters()):,} parameters; the image has {image.size} pixels")

    print("\nStep 2: forward propagation")
    print(f"  {' '.join(f'{name:>6}' for name in CLASSES)}")
    print(f"  {row(nn.predict(model, image)[0])}   output y")
    print(f"  {row(TARGET)}   target t")

    print("\nStep 3: the total error E = Σ ½ (t − y)²")
    y = mg.Tensor(BEFORE, requires_grad=True, name="y")
    error = mg.sum_squared_error(y, mg.Tensor(TARGET, name="t")).named("E")
    error.backward()
    print(f"  of {text(BEFORE)}: E = {float(error):.2f}, with the error signal ȳ = y − t = {text(y.grad)}")
    print(f"  of {text(AFTER)}: E = {float(mg.sum_squared_error(AFTER, TARGET)):.2f}")

    print("\nStep 4: backpropagation, and w ← w − η w̄ for every filter value and weight")
    print(f"  {' '.join(f'{name:>6}' for name in CLASSES)}        E")
    before = model.conv.weight.data.copy()
    walk = train(model, image)
    for step in sorted({0, 1, 2, 5, 10, 20, len(walk) // 2, len(walk) - 1} & set(range(len(walk)))):
        print(f"  {row(walk[step])}   {half_squared_error(walk[step]):.3f}   after {step} update{'s' * (step != 1)}")
    print("  the filters changed, too, by up to", f"{abs(model.conv.weight.data - before).max():.3f}")

    print("\nStep 5: repeat steps 2 to 4 with all images of a training set: examples/digits.py")
    options.out.mkdir(parents=True, exist_ok=True)
    file = options.out / "steps.png"
    plot(image, np.array(walk)).savefig(file, dpi=150)
    print(f"\npicture: {file}")


def picture() -> Any:
    """The boat, shape (1, 1, 12, 12): 1 where it is, 0.4 for water."""
    values = {".": 0.0, "#": 1.0, "~": 0.4}
    return np.array([[[[values[c] for c in line] for line in BOAT.split()]]])


def network(image: Any) -> Any:
    """CONV – RELU – POOL – FC – SOFTMAX with random weights, but a last bias that gives the lecture's first output."""
    model: Any = nn.Sequential(
        conv=nn.Conv2d(1, 4, 3, dtype=np.float64, rng=0),
        relu=nn.ReLU(),
        pool=nn.MaxPool2d(2),
        flatten=nn.Flatten(),
        fc=nn.Linear(100, 4, dtype=np.float64, rng=1),
        softmax=nn.Softmax(),
    )
    scores = nn.predict(model[:-1], image)[0]
    model.fc.bias.data += np.log(BEFORE) - scores
    return model


def train(model: Any, image: Any) -> list[Any]:
    """Gradient descent until the error is at most that of the lecture's second output; the outputs on the way."""
    descent = nn.optim.SGD(model.parameters(), lr=LEARNING_RATE)
    walk = []
    while True:
        y = model(image)
        walk.append(y.data[0].copy())
        error = mg.sum_squared_error(y, TARGET[None])
        if float(error) <= half_squared_error(AFTER):
            return walk
        descent.zero_grad()
        error.backward()
        descent.step()


def half_squared_error(y: Any) -> float:
    return float(0.5 * np.sum((TARGET - y) ** 2))


def plot(image: Any, walk: Any) -> Figure:
    """The image, the four probabilities after each update, and the error."""
    figure = Figure(figsize=(14, 4.2), layout="constrained")
    left, middle, right = figure.subplots(1, 3, width_ratios=[1, 1.8, 1.4])
    left.imshow(image[0, 0], cmap="gray_r")
    left.set_title("the image", loc="left", weight="bold")
    left.axis("off")
    colours, dashes = ["#56B4E9", "#009E73", "#D55E00", "#CC79A7"], [":", "--", "-", "-."]
    for name, values, colour, dash in zip(CLASSES, walk.T, colours, dashes, strict=True):
        middle.plot(values, color=colour, linestyle=dash, linewidth=2.4, label=name)
    middle.set(xlabel="updates", ylim=(0, 1))
    middle.set_title("output probabilities", loc="left", weight="bold")
    middle.legend(frameon=False)
    right.plot([half_squared_error(y) for y in walk], color="black", linewidth=2.4)
    right.set(xlabel="updates", ylim=(0, None))
    right.set_title("E = Σ ½ (t − y)²", loc="left", weight="bold")
    for ax in (middle, right):
        ax.spines[["top", "right"]].set_visible(False)
    return figure


def row(numbers: Any) -> str:
    return " ".join(f"{n:6.2f}" for n in numbers)


def text(numbers: Any) -> str:
    return "[" + ", ".join(f"{round(float(n), 3):g}".replace("-", "−") for n in numbers) + "]"


if __name__ == "__main__":
    main()
