"""What the lectures say of learning, as inequalities: ``python tests/benchmarks/inequalities.py``, or with names.

Each claim trains the networks of an example, with three seeds. Its numbers are printed, and whether the inequality
holds for them; the run fails if one does not hold for one of the seeds. The data are read from ``$MINIGRAD_DATA``,
or downloaded.
"""

from __future__ import annotations

import argparse
import functools
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

import nn

sys.path.insert(0, str(Path(__file__).parents[2] / "examples"))
import autoencoder
import cifar10
import perceptron
import regularisation
import shift_and_samples

Numbers = dict[str, float]


class Claim(NamedTuple):
    text: str
    holds: Callable[[Numbers], bool]
    measure: Callable[[int], Numbers]


CLAIMS: dict[str, Claim] = {}


def claim(text: str, holds: Callable[[Numbers], bool]) -> Callable[[Callable[[int], Numbers]], None]:
    """Add a function, which measures with a seed, to the claims, under its name."""
    return lambda measure: CLAIMS.update({measure.__name__: Claim(text, holds, measure)})


# ---------------------------------------------------------------- one neuron, and its first weights


@claim(
    "on XOR no line does better than J = 0.25, and four hidden units learn it from each start; two may get stuck",
    lambda n: np.isclose(n["line"], 0.25) and n["four units"] < 1e-6,
)
def xor(seed: int) -> Numbers:
    _, answers = perceptron.best_line(perceptron.TARGETS["XOR"])
    numbers = {"line": float(np.mean((answers - perceptron.TARGETS["XOR"]) ** 2))}
    for name, units in (("two units", 2), ("four units", 4)):
        network = nn.MLP(2, units, 1, nn.Tanh, dtype=np.float64, rng=seed)
        *_, numbers[name] = perceptron.learn_xor(network)
    return numbers


@claim(
    "first weights of 0 learn nothing, equal ones and too large ones less than He's",
    lambda n: n["all 0"] < 0.2 and max(n["all 0.1"], n["normal, σ = 5"]) + 0.1 < n["He"],
)
def first_weights(seed: int) -> Numbers:
    return digits_with(regularisation.FIRST_WEIGHTS, seed)


@claim("dropout helps a network that has 300 digits to learn from", lambda n: n["nothing"] < n["dropout 0.5"])
def dropout(seed: int) -> Numbers:
    return digits_with({name: regularisation.REGULARISATION[name] for name in ("nothing", "dropout 0.5")}, seed)


def digits_with(variants: dict[str, dict[str, Any]], seed: int) -> Numbers:
    """The validation accuracy of each variant."""
    data = regularisation.few_digits()
    fitted = {name: regularisation.fit(*data, 60, seed, **settings) for name, settings in variants.items()}
    return {name: history.history["val_accuracy"][-1] for name, history in fitted.items()}


# ---------------------------------------------------------------- autoencoders


@claim("784-512-256-30 has a smaller error than PCA with 30 components", lambda n: n["autoencoder"] < n["PCA"])
def deep_autoencoder(seed: int) -> Numbers:
    return against_pca([784, 512, 256, 30], seed)


@claim("a code of two numbers loses less than two principal components", lambda n: n["autoencoder"] < n["PCA"])
def code_of_two(seed: int) -> Numbers:
    return against_pca([784, 256, 64, 2], seed)


def against_pca(sizes: list[int], seed: int) -> Numbers:
    """Errors on test digits."""
    x, _, test, _ = flat_digits()
    model = autoencoder.trained(autoencoder.autoencoder(sizes, seed), x, x, 12, seed)
    reconstructed = {"PCA": autoencoder.pca(x, test, sizes[-1]), "autoencoder": nn.predict(model, test)}
    return {name: autoencoder.error(y, test) for name, y in reconstructed.items()}


@claim(
    "denoising takes away two thirds of the noise's error and more, and convolutions more than dense layers",
    lambda n: n["convolutional"] < n["dense"] < n["noisy"] / 3,
)
def denoising(seed: int) -> Numbers:
    x, _, test, _ = flat_digits()
    x = x[:5000]
    noisy = autoencoder.with_noise(test, seed)
    networks = {
        "dense": (autoencoder.autoencoder([784, 256, 64], seed), (784,)),
        "convolutional": (nn.ConvAutoencoder([1, 16, 8], rng=seed), (1, 28, 28)),
    }
    numbers = {"noisy": autoencoder.error(np.clip(noisy, 0, 1), test)}
    for name, (network, shape) in networks.items():
        images = x.reshape(-1, *shape)
        model = autoencoder.trained(autoencoder.denoising(network, seed), images, images, 12, seed)
        numbers[name] = autoencoder.error(nn.predict(model, noisy.reshape(-1, *shape)).reshape(test.shape), test)
    return numbers


@claim(
    "with 500 labels, sigmoid layers trained one by one without labels start better than random ones",
    lambda n: n["random weights"] < n["layer by layer"],
)
def layer_by_layer(seed: int) -> Numbers:
    x, y, test, labels = flat_digits()
    layers, _ = autoencoder.layer_by_layer(x, 12, seed)
    starts = {"random weights": autoencoder.sigmoid_layers(seed), "layer by layer": layers}
    models = {name: autoencoder.classified(start, x[:500], y[:500], 60, seed) for name, start in starts.items()}
    return {name: nn.evaluate(model, (test, labels))["accuracy"] for name, model in models.items()}


# ---------------------------------------------------------------- convolution


@claim(
    "under a shift of 6 pixels an MLP falls below 0.2; a CNN with global pooling keeps 0.85 at each shift",
    lambda n: n["MLP at 6"] < 0.2 and n["CNN, worst"] > 0.85,
)
def shifts(seed: int) -> Numbers:
    x, y, test, labels = framed_digits()
    found = {}
    for name, build in shift_and_samples.NETWORKS.items():
        model = shift_and_samples.trained(build(seed), x, y, 600, seed)
        moved = [shift_and_samples.shifted(test, pixels) for pixels in shift_and_samples.SHIFTS]
        found[name] = [shift_and_samples.accuracy(model, images, labels) for images in moved]
    mlp, cnn = found["fully connected"], found["convolutional"]
    return {"MLP at 0": mlp[0], "MLP at 6": mlp[-1], "CNN at 0": cnn[0], "CNN, worst": min(cnn)}


@claim(
    "with 50, 200 and 800 digits a CNN is ahead of an MLP",
    lambda n: all(n[f"MLP {N}"] < n[f"CNN {N}"] for N in shift_and_samples.SAMPLES),
)
def few_samples(seed: int) -> Numbers:
    x, y, test, labels = framed_digits()
    numbers = {}
    for N in shift_and_samples.SAMPLES:
        for name, build in (("MLP", shift_and_samples.fully_connected), ("CNN", shift_and_samples.convolutional)):
            model = shift_and_samples.trained(build(seed), x[:N], y[:N], 600, seed)
            numbers[f"{name} {N}"] = shift_and_samples.accuracy(model, test, labels)
    return numbers


@claim(
    "on photographs pooling of each kind is ahead of a convolution with stride 2 in its place; ResNet-20 learns, too",
    lambda n: (
        min(n["max-pooling"], n["average pooling"], n["L2-norm pooling"]) > n["stride 2, no pooling"]
        and n["ResNet-20"] > 0.3
    ),
)
def pooling(seed: int) -> Numbers:
    cifar = nn.data.load_cifar10(partial=True)
    train = cifar10.scaled(cifar.train_images[:3000]), cifar.train_labels[:3000]
    test = cifar10.scaled(cifar.test_images), cifar.test_labels
    models = cifar10.networks(seed)
    return {
        name: cifar10.fit(model, train, test, 5, seed).history["val_accuracy"][-1] for name, model in models.items()
    }


@claim(
    "of thirty layers a plain network learns nothing; with the identity around each layer it learns digits",
    lambda n: n["plain"] < 0.2 and n["with the identity"] > 0.8,
)
def identity(seed: int) -> Numbers:
    train, val = regularisation.few_digits()
    numbers = {}
    for name in ("plain", "with the identity"):
        rng = np.random.default_rng(seed)
        layers: list[nn.Module] = [nn.Sequential(nn.Linear(64, 64, rng=rng), nn.ReLU()) for _ in range(30)]
        layers = layers if name == "plain" else [nn.Residual(layer) for layer in layers]
        model = nn.Sequential(nn.Flatten(), *layers, nn.Linear(64, 10, rng=rng))
        nn.fit(model, train, optimizer=nn.optim.Adam(model.parameters()), epochs=20, rng=seed, verbose=False)
        numbers[name] = nn.evaluate(model, val)["accuracy"]
    return numbers


# ---------------------------------------------------------------- data, of which each is read once


@functools.cache
def flat_digits() -> tuple[Any, Any, Any, Any]:
    """As in the example: 15,000 digits to train on and 2,000 others, 784 numbers from 0 to 1 each."""
    mnist = nn.data.load_mnist()
    x, test = ((images / 255).astype(np.float32).reshape(-1, 784) for images in (mnist.train_images, mnist.test_images))
    return x[:15_000], mnist.train_labels[:15_000], test[:2000], mnist.test_labels[:2000]


@functools.cache
def framed_digits() -> tuple[Any, Any, Any, Any]:
    """4,000 digits in the middle of larger images, and 1,000 others."""
    mnist = nn.data.load_mnist()
    x, test = mnist.train_images[:4000], mnist.test_images[:1000]
    return *(shift_and_samples.padded(x), mnist.train_labels[:4000]), *(
        shift_and_samples.padded(test),
        mnist.test_labels[:1000],
    )


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure what the lectures say of learning, with several seeds.")
    parser.add_argument("claims", nargs="*", metavar="CLAIM", help=", ".join(CLAIMS))
    parser.add_argument("--seeds", type=int, default=3)
    options = parser.parse_args()
    failed = []
    for name in options.claims or CLAIMS:
        text, holds, measure = CLAIMS[name]
        print(f"{name}: {text}", flush=True)
        for seed in range(options.seeds):
            started = time.process_time()
            numbers = measure(seed)
            seconds = time.process_time() - started
            held = holds(numbers)
            failed += [] if held else [f"{name}, seed {seed}"]
            values = ", ".join(f"{what} {number:.4g}" for what, number in numbers.items())
            print(f"  {'holds' if held else 'FAILS'}  seed {seed}: {values}; {seconds:.0f} CPU seconds", flush=True)
    if failed:
        sys.exit("does not hold: " + "; ".join(failed))


if __name__ == "__main__":
    main()
