"""Networks on CIFAR-10, side by side: ``python examples/cifar10.py``.

- LeNet and AlexNet layer by layer, as the lecture compares them, and the counts of GoogLeNet's first block.
- Pooling: max, average or L2 norm, or a convolution with stride 2 instead, in otherwise the same VGG-style network.
- A residual network with 20 layers, ResNet-20.

Few images and epochs rank these networks, but do not show what they can do: the papers train for days. In full it
takes about three minutes on two cores; with ``--images 500 --epochs 1`` a few seconds. The picture is saved as
out/cifar10/curves.png.

Source: LeCun et al., 1998; Krizhevsky, Sutskever, Hinton, 2012; Szegedy et al., "Going deeper with convolutions", 2015;
Springenberg et al., "Striving for simplicity", 2015; He et al., "Deep residual learning", 2016.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure

import nn

STYLES = [("#0072B2", "-"), ("#D55E00", "--"), ("#009E73", "-."), ("#CC79A7", ":"), ("#000000", (0, (6, 1)))]


def main() -> None:
    parser = argparse.ArgumentParser(description="Compare networks and ways of pooling on CIFAR-10.")
    parser.add_argument("--images", type=int, default=3000, help="how many images to train on")
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--data", type=Path, metavar="FOLDER", help="folder with files of CIFAR-10, binary version")
    parser.add_argument("--out", type=Path, default=Path("out/cifar10"), help="folder for the picture")
    options = parser.parse_args()

    layer_by_layer()
    cifar = nn.data.load_cifar10(options.data, partial=True)
    x, y = scaled(cifar.train_images[: options.images]), cifar.train_labels[: options.images]
    test = scaled(cifar.test_images[:500]), cifar.test_labels[:500]

    print(f"\n{len(x):,} images, {options.epochs} epoch{'s' * (options.epochs > 1)}")
    print(f"  {'':<22} {'parameters':>10}   test accuracy")
    histories = {}
    for name, model in networks().items():
        histories[name] = history = fit(model, (x, y), test, options.epochs)
        parameters = sum(p.size for p in model.parameters())
        print(f"  {name:<22} {parameters:>10,}   {history.history['val_accuracy'][-1]:.3f}")

    options.out.mkdir(parents=True, exist_ok=True)
    file = options.out / "curves.png"
    plot(histories).savefig(file, dpi=150)
    print(f"\npicture: {file}")


def scaled(images: Any) -> Any:
    """Bytes as numbers around 0."""
    return (images / np.float32(255) - np.float32(0.5)) * 4


def layer_by_layer() -> None:
    """The layers of LeNet and AlexNet beside each other, and the parameters of Inception 3a."""
    columns = [layers(nn.LeNet(), (1, 28, 28)), layers(nn.AlexNet(classes=1000), (3, 227, 227))]
    print(f"{'LeNet':<44}AlexNet")
    for i in range(max(map(len, columns))):
        left, right = (column[i] if i < len(column) else "" for column in columns)
        print(f"{left:<44}{right}".rstrip())
    block = nn.Inception(192, 64, 96, 128, 16, 32, 32)
    print(f"\nGoogLeNet's block 3a, 192 channels in: {sum(p.size for p in block.parameters()):,} parameters")


def layers(model: Any, shape: tuple[int, ...]) -> list[str]:
    """Convolutions, pooling and fully connected layers with the size of their output."""
    names = {"Conv2d": "convolution", "MaxPool2d": "pooling", "Linear": "fully connected"}
    rows = [row for row in nn.summary(model, shape).layers if row.kind in names]
    return [
        f"{names[row.kind]:<16} {str(row.output_shape).replace(',)', ')'):<14} {row.parameters:>11,}" for row in rows
    ]


def networks(seed: int = 0) -> dict[str, Any]:
    pools = {
        "max-pooling": nn.MaxPool2d(2),
        "average pooling": nn.AvgPool2d(2),
        "L2-norm pooling": nn.LPPool2d(2, 2),
        "stride 2, no pooling": None,
    }
    return {name: vgg(pool, seed) for name, pool in pools.items()} | {"ResNet-20": nn.ResNet20(rng=seed)}


def vgg(pool: Any, seed: int = 0) -> Any:
    """Three stages of 3×3 convolutions; without a pooling layer the last of each stage has stride 2."""
    rng, channels, parts = np.random.default_rng(seed), 3, []
    for width in (16, 32, 64):
        stride = 1 if pool else 2
        parts += [nn.Conv2d(channels, width, 3, padding=1, stride=stride, rng=rng), nn.BatchNorm2d(width), nn.ReLU()]
        parts += [pool] if pool else []
        channels = width
    return nn.Sequential(*parts, nn.Flatten(), nn.Linear(64 * 4 * 4, 10, rng=rng))


def fit(model: Any, train: Any, test: Any, epochs: int, seed: int = 0) -> nn.History:
    adam = nn.optim.Adam(model.parameters(), lr=2e-3)
    return nn.fit(
        model, train, optimizer=adam, epochs=epochs, batch_size=32, validation_data=test, rng=seed, verbose=False
    )


def plot(histories: dict[str, nn.History]) -> Figure:
    figure = Figure(figsize=(9, 5), layout="constrained")
    ax = figure.subplots()
    for (name, history), (colour, dash) in zip(histories.items(), STYLES, strict=True):
        values = history.history["val_accuracy"]
        ax.plot(history.epoch, values, color=colour, linestyle=dash, marker="o", linewidth=2.2, label=name)
    ax.set(xlabel="epoch", ylabel="test accuracy")
    ax.set_title("CIFAR-10: ways of pooling, and a residual network", loc="left", weight="bold")
    ax.legend(frameon=False, loc="upper left", bbox_to_anchor=(1, 1))
    ax.grid(axis="y", color="0.9")
    ax.spines[["top", "right"]].set_visible(False)
    return figure


if __name__ == "__main__":
    main()
