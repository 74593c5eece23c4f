"""Autoencoders: digits through a bottleneck and back: ``python examples/autoencoder.py``.

An encoder makes a short code of an image, a decoder the image of the code, and both are trained to return their
input. On MNIST this script compares a deep autoencoder, 784-512-256-30, with the best linear one, the first 30
principal components (PCA); draws codes of two numbers in the plane; removes noise, with dense layers and with
convolutions; and trains a deep sigmoid network layer by layer, each as an autoencoder of the outputs of the layer
before it.

In full it takes about three minutes on two cores; with ``--digits 3000 --epochs 3`` a few seconds, but that does not
beat PCA. The pictures are saved in out/autoencoder/.

Source: Hinton, Salakhutdinov, "Reducing the Dimensionality of Data with Neural Networks", 2006; Vincent et al.,
"Extracting and Composing Robust Features with Denoising Autoencoders", 2008.
"""

from __future__ import annotations

import argparse
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure

import nn

NOISE = 0.4
SIGMOID_LAYERS = [784, 256, 128, 64, 32]


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

    print(f"A code of 30 numbers for {x.shape[1]} pixels is {784 / 30:.1f} times shorter: errors on test digits")
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
    noisy = with_noise(test)
    dense = trained(denoising(autoencoder([784, 256, 64])), x, x, options.epochs)
    images = x[: len(x) // 3].reshape(-1, 1, 28, 28)
    conv = trained(denoising(nn.ConvAutoencoder([1, 16, 8], rng=0)), images, images, options.epochs)
    by_dense = nn.predict(dense, noisy)
    by_conv = nn.predict(conv, noisy.reshape(-1, 1, 28, 28)).reshape(-1, 784)
    print(f"  noisy images        {error(np.clip(noisy, 0, 1), test):.4f}")
    print(f"  dense               {error(by_dense, test):.4f}")
    print(f"  convolutional       {error(by_conv, test):.4f}, trained on a third of the digits")

    print("Layer by layer: each sigmoid layer is trained as an autoencoder of the outputs of the layers before it")
    layers, errors = layer_by_layer(x, options.epochs)
    for size, (before, after) in errors.items():
        print(f"  {size:<19} error {before:.4f} → {after:.4f}")
    few = x[:500], mnist.train_labels[:500]
    for name, classifier in (("random weights", sigmoid_layers()), ("these layers", layers)):
        accuracy = nn.evaluate(classified(classifier, *few, 5 * options.epochs), (test, labels))["accuracy"]
        print(f"  500 labels, from {name:<15} test accuracy {accuracy:.2%}".replace("%", " %"))

    rows = {"original": test, "PCA, 30 numbers": linear, "autoencoder, 30 numbers": reconstruction}
    rows |= {"noisy": noisy, "dense": by_dense, "convolutional": by_conv}
    pictures = {name: images[first].reshape(-1, 28, 28) for name, images in rows.items()}
    nn.plot.image_rows(pictures).savefig(options.out / "digits.png")
    plane(nn.predict(flat.encoder, test), labels).savefig(options.out / "codes.png", dpi=110)
    print(f"\npictures: {options.out}")


def autoencoder(sizes: list[int], seed: int = 0) -> Any:
    """An encoder to a code that may be any numbers, and the same layers in reverse."""
    code, *hidden, inputs = sizes[::-1]
    rng = np.random.default_rng(seed)
    return nn.Sequential(
        encoder=nn.MLP(inputs, hidden[::-1], code, rng=rng),
        decoder=nn.MLP(code, hidden, inputs, rng=rng),
    )


def denoising(network: Any, seed: int = 0) -> Any:
    return nn.DenoisingAutoencoder(network, NOISE, rng=seed)


def trained(model: Any, x: Any, target: Any, epochs: int, seed: int = 0, loss: str = "mse") -> Any:
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
        rng=seed,
        verbose=False,
    )
    return model


def pca(x: Any, test: Any, components: int) -> Any:
    """The test digits, projected onto the first principal components of x."""
    mean = x.mean(axis=0)
    _, vectors = np.linalg.eigh(np.cov(x - mean, rowvar=False))
    span = vectors[:, -components:]
    return (test - mean) @ span @ span.T + mean


def error(y: Any, t: Any) -> float:
    return float(np.mean((y - t) ** 2))


def with_noise(x: Any, seed: int = 0) -> Any:
    return (x + np.random.default_rng(seed).normal(0, NOISE, x.shape)).astype(np.float32)


def sigmoid_layers(seed: int = 0) -> list[Any]:
    rng = np.random.default_rng(seed)
    return [layer for i, o in pairwise(SIGMOID_LAYERS) for layer in (nn.Linear(i, o, rng=rng), nn.Sigmoid())]


def layer_by_layer(x: Any, epochs: int, seed: int = 0) -> tuple[list[Any], dict[str, tuple[float, float]]]:
    """Sigmoid layers, each trained to reproduce what the layers before it give; and the errors before and after."""
    layers, errors, given = sigmoid_layers(seed), {}, x
    for i in range(0, len(layers), 2):
        encoder = nn.Sequential(*layers[i : i + 2])
        units, inputs = layers[i].weight.shape
        pair = nn.Sequential(encoder, nn.Linear(units, inputs, rng=seed + 1))
        before = error(nn.predict(pair, given), given)
        trained(pair, given, given, epochs, seed)
        errors[f"{inputs}-{units}"] = before, error(nn.predict(pair, given), given)
        given = nn.predict(encoder, given)
    return layers, errors


def classified(layers: list[Any], x: Any, y: Any, epochs: int, seed: int = 0) -> Any:
    """These layers and a last one, trained on digits with labels."""
    model = nn.Sequential(*layers, nn.Linear(SIGMOID_LAYERS[-1], 10, rng=seed + 2))
    return trained(model, x, y, epochs, seed, loss="cross_entropy")


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
