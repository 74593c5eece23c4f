"""What the units of a network respond to while it learns: ``python examples/features_over_training.py``.

The lecture shows Zeiler and Fergus' figure: features at epochs 1, 2, 5, 10, 20, 30, 40, 64. This script draws it for a
small network on MNIST. At each of these epochs it looks for the test digit, and the place in it, that a unit responds
to most, and projects that one activation back to the pixels: ``nn.attribution.deconvnet`` goes backwards through each
convolution by its transposed filters, and through max-pooling by its switches, which store where the largest value was.
In the paper's deep network the lower layers settle after a few epochs and the upper ones after many; in this small one,
where units of the second layer see 16×16 pixels, both change for about twenty epochs, and hardly at all after that.

In full it takes about half a minute on two cores; with ``--epochs 5`` a few seconds. The picture is saved as
out/features_over_training/features.png.

Source: Zeiler, Fergus, "Visualizing and understanding convolutional networks", 2014, sections 2.1 and 4.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure

import nn

EPOCHS = [1, 2, 5, 10, 20, 30, 40, 64]
UNITS = {1: [0, 1, 2, 3], 2: [0, 1, 2, 3]}  # of each layer


def main() -> None:
    parser = argparse.ArgumentParser(description="Draw what units respond to at several epochs of training.")
    parser.add_argument("--epochs", type=int, default=64)
    parser.add_argument("--digits", type=int, default=2000, help="how many digits to train on")
    parser.add_argument("--data", type=Path, metavar="FOLDER", help="folder with the four IDX files")
    parser.add_argument("--out", type=Path, default=Path("out/features_over_training"), help="folder for the picture")
    options = parser.parse_args()

    mnist = nn.data.load_mnist(options.data)
    x, y = scaled(mnist.train_images[: options.digits]), mnist.train_labels[: options.digits]
    test, labels = scaled(mnist.test_images[:500]), mnist.test_labels[:500]
    model = nn.Sequential(
        conv1=nn.Conv2d(1, 8, 7, padding=3, rng=0),
        relu1=nn.ReLU(),
        pool1=nn.MaxPool2d(2),
        conv2=nn.Conv2d(8, 16, 5, padding=2, rng=1),
        relu2=nn.ReLU(),
        pool2=nn.MaxPool2d(2),
        flatten=nn.Flatten(),
        fc=nn.Linear(16 * 7 * 7, 10, rng=2),
    )
    columns: dict[int, dict[str, Any]] = {}
    print("epoch   accuracy on test digits   the largest activation of layer 1 and of layer 2")

    def look(run: nn.Run) -> None:
        if run.epoch not in EPOCHS:
            return
        columns[run.epoch], answers = features(model, test)
        accuracy = nn.evaluate(model, (test, labels))["accuracy"]
        print(f"{run.epoch:>5}   {accuracy:.3f}   {answers[1]:24.2f} {answers[2]:10.2f}")

    adam = nn.optim.Adam(model.parameters())
    nn.fit(model, (x, y), optimizer=adam, epochs=options.epochs, batch_size=32, callbacks=[look], rng=0, verbose=False)
    options.out.mkdir(parents=True, exist_ok=True)
    file = options.out / "features.png"
    plot(columns).savefig(file, dpi=150)
    print(f"picture: {file}")


def scaled(images: Any) -> Any:
    return images[:, None] / np.float32(255)


def features(model: Any, images: Any) -> tuple[dict[str, Any], dict[int, float]]:
    """What each unit responds to most, as an image, and the largest activation in each layer."""
    found, largest = {}, {}
    for layer, relu, size, stride in ((1, 1, 7, 1), (2, 4, 16, 2)):  # what its units see, and from one to the next
        maps = nn.predict(model[: relu + 1], images)
        largest[layer] = float(maps.max())
        for c in UNITS[layer]:
            n, i, j = map(int, np.unravel_index(maps[:, c].argmax(), maps[:, c].shape))  # the largest activation
            pixels = nn.attribution.deconvnet(model, images[n : n + 1], layer=model[relu], unit=(c, i, j))[0, 0]
            found[f"layer {layer}, unit {c}"] = seen(pixels, (i, j), size, stride)
    return found, largest


def seen(image: Any, place: tuple[int, int], size: int, stride: int) -> Any:
    """The pixels that a unit at this place sees; `stride` is that of its layer's input."""
    around = np.pad(image, size)
    i, j = (stride * k + size - (size - stride) // 2 for k in place)
    return around[i : i + size, j : j + size]


def plot(columns: dict[int, dict[str, Any]]) -> Figure:
    """A row for each unit, a column for each epoch; orange below 0, white 0, purple above."""
    names = list(next(iter(columns.values())))
    figure = Figure(figsize=(1.6 + 1.15 * len(columns), 0.6 + 1.15 * len(names)), layout="constrained")
    rows = figure.subplots(len(names), len(columns), squeeze=False)
    for axes, name in zip(rows, names, strict=True):
        for ax, (epoch, images) in zip(axes, columns.items(), strict=True):
            most = abs(images[name]).max() or 1
            ax.imshow(images[name], cmap="PuOr", vmin=-most, vmax=most)
            ax.set(xticks=[], yticks=[])
            if name == names[0]:
                ax.set_title(f"epoch {epoch}", size=10)
        axes[0].set_ylabel(name, rotation=0, ha="right", va="center")
    return figure


if __name__ == "__main__":
    main()
