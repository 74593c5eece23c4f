"""Autoencoders: digits through a bottleneck and back: ``python examples/autoencoder.py``.

An encoder makes a short code of an image, a decoder the image of the code, and both are trained to give back what they
were given. On MNIST this script compares a deep autoencoder, 784-512-256-30, with the best linear one, the first 30
principal components (PCA); draws codes of two numbers in the plane; removes noise, with dense layers and with
convolutions; and trains a deep sigmoid network layer by layer, each as the autoencoder of what the layer before it
gives.

In full it takes about three minutes on two cores; ``--digits 3000 --epochs 3`` some seconds, in
which PCA is not beaten. The pictures are saved in out/autoencoder/.

Source: Hinton, Salakhutdinov, "Reducing the Dimensionality of Data with Neural Networks", 2006; Vincent et al.,
"Extracting and Composing Robust Features with Denoising Autoencoders", 2008.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure

import nn

NOISE = 0.4


def main() -> None:
    parser = argparse.ArgumentParser(description="Train autoencoders on MNIST and compare them with PCA.")
    parser.add_argument("--digits", type=int, default=15_000, help="how many digits to train on")
    parser.add_argument("--epochs", type=int, default=12)
    parser.add_argument("--data", type=Path, metavar="FOLDER", help="folder with the four IDX files")
    parser.add_argument("--out", type=Path, default=Path("out/autoencoder"), help="folder for the pictures")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)

    mnist = nn.data.load_mnist(options.data)
    x = (mnist.train_images[: options.digits] / 255).astype(np.float32).reshape(-1, 784)
    test, labels = (mnist.test_images[:2000] / 255).astype(np.float32).reshape(-1, 784), mnist.test_labels[:2000]
    first = [int(np.flatnonzero(labels == c)[0]) for c in range(10)]  # one of each digit, for the pictures

    print(f"A code of 30 numbers for {x.shape[1]} pixels is {784 / 30:.1f} times as short: errors of test digits")
    deep = trained(autoencoder([784, 512, 256, 30]), x, x, options.epochs)
    linear = pca(x, test, 30)
    reconstruction = nn.predict(deep, test)
    print(f"  PCA                 {error(linear, test):.4f}")
    print(f"  784-512-256-30      {error(reconstruction, test):.4f}")

    print("A code of two numbers")
    flat = trained(autoencoder([784, 256, 64, 2]), x, x, options.epochs)
    print(f"  PCA                 {error(pca(x, test, 2), test):.4f}")
    print(f"  784-256-64-2        {error(nn.predict(flat, test), test):.4f}")

    print(f"Noise with a standard deviation of {NOISE} removed")
    noisy = (test + np.random.default_rng(0).normal(0, NOISE, test.shape)).astype(np.float32)
    dense = trained(nn.DenoisingAutoencoder(autoencoder([784, 256, 64]), NOISE, rng=0), x, x, options.epochs)
    images = x[: len(x) // 3].reshape(-1, 1, 28, 28)
    conv = trained(
        nn.DenoisingAutoencoder(nn.ConvAutoencoder([1, 16, 8], rng=0), NOISE, rng=0), images, images, options.epochs
    )
    by_dense = nn.predict(dense, noisy)
    by_conv = nn.predict(conv, noisy.reshape(-1, 1, 28, 28)).reshape(-1, 784)
    print(f"  noisy images        {error(np.clip(noisy, 0, 1), test):.4f}")
    print(f"  dense               {error(by_dense, test):.4f}")
    print(f"  convolutional       {error(by_conv, test):.4f}, trained on a third of the digits")

    layer_by_layer(x, mnist.train_labels[: options.digits], test, labels, options.epochs)

    rows = {"original": test, "PCA, 30 numbers": linear, "autoencoder, 30 numbers": reconstruction}
    rows |= {"noisy": noisy, "dense": by_dense, "convolutional": by_conv}
    pictures = {name: images[first].reshape(-1, 28, 28) for name, images in rows.items()}
    nn.plot.image_rows(pictures).savefig(options.out / "digits.png")
    plane(nn.predict(flat.encoder, test), labels).savefig(options.out / "codes.png", dpi=110)
    print(f"\npictures: {options.out}")


def autoencoder(sizes: list[int]) -> Any:
    """An encoder to a code that may be any numbers, and the same layers in reverse."""
    code, *hidden, inputs = sizes[::-1]
    return nn.Sequential(
        encoder=nn.MLP(inputs, hidden[::-1], code, rng=0),
        decoder=nn.MLP(code, hidden, inputs, rng=1),
    )


def trained(model: Any, x: Any, target: Any, epochs: int, loss: str | nn.MSELoss = "mse") -> Any:
    """The model after training with Adam, whose learning rate falls to 0 along a cosine."""
    adam = nn.optim.Adam(model.parameters(), lr=1e-3)
    nn.fit(
        model,
        (x, target),
        loss=loss,
        optimizer=adam,
        epochs=epochs,
        batch_size=32,
        schedule=nn.optim.CosineAnnealingLR(epochs),
        rng=0,
        verbose=False,
    )
    return model


def pca(x: Any, test: Any, components: int) -> Any:
    """The test digits in the plane of the first principal components of x."""
    mean = x.mean(axis=0)
    _, vectors = np.linalg.eigh(np.cov(x - mean, rowvar=False))
    span = vectors[:, -components:]
    return (test - mean) @ span @ span.T + mean


def error(y: Any, t: Any) -> float:
    return float(np.mean((y - t) ** 2))


def layer_by_layer(x: Any, y: Any, test: Any, labels: Any, epochs: int) -> None:
    """Two sigmoid layers, each trained to give back its input; then a classifier on 500 labels."""
    print("Layer by layer: each sigmoid layer is trained as an autoencoder of what the layers before it give")
    few_x, few_y, given, layers = x[:500], y[:500], x, []
    for inputs, units in ((784, 256), (256, 64)):
        pair = nn.Sequential(nn.Linear(inputs, units, rng=0), nn.Sigmoid(), nn.Linear(units, inputs, rng=1))
        before = error(nn.predict(pair, given), given)
        trained(pair, given, given, epochs)
        print(f"  {inputs}-{units}             error {before:.4f} → {error(nn.predict(pair, given), given):.4f}")
        layers += [pair[0], pair[1]]
        given = nn.predict(pair[:2], given)
    scratch = nn.Sequential(
        nn.Linear(784, 256, rng=0), nn.Sigmoid(), nn.Linear(256, 64, rng=0), nn.Sigmoid(), nn.Linear(64, 10, rng=2)
    )
    for name, model in (
        ("from random weights", scratch),
        ("from these layers", nn.Sequential(*layers, nn.Linear(64, 10, rng=2))),
    ):
        trained(model, few_x, few_y, 5 * epochs, loss="cross_entropy")
        accuracy = nn.evaluate(model, (test, labels))["accuracy"]
        print(f"  500 labels, {name:<20} test accuracy {accuracy:.2%}".replace("%", " %"))


def plane(codes: Any, labels: Any) -> Figure:
    """The codes of the test digits, each drawn as its digit."""
    figure = Figure(figsize=(9, 7), layout="constrained")
    ax = figure.subplots()
    colours = [
        "#0072B2",
        "#D55E00",
        "#009E73",
        "#CC79A7",
        "#E69F00",
        "#56B4E9",
        "#000000",
        "#7F5F00",
        "#5F007F",
        "#7F7F7F",
    ]
    ax.scatter(codes[:, 0], codes[:, 1], s=0)  # which sets the limits of the axes
    for (a, b), c in zip(codes[:1000], labels[:1000], strict=True):
        ax.text(a, b, str(c), color=colours[c], ha="center", va="center", size=10)
    ax.set_title("codes of two numbers: 1,000 test digits", loc="left", weight="bold")
    return figure


if __name__ == "__main__":
    main()
