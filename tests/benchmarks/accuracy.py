"""How accurate the networks become on real data: ``python tests/benchmarks/accuracy.py``, or with names of tasks.

Each task is trained with several seeds, and its median accuracy on test samples that had no part in the training stands
beside the figure that it should reach. The seconds are those of all processor cores together. The data are read from
``$MINIGRAD_DATA``, or downloaded.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from typing import Any

import numpy as np

import nn


def lenet(seed: int, verbose: bool) -> float:
    """LeNet on MNIST in 5 epochs, as it comes."""
    train, test = mnist()
    model = nn.LeNet(rng=seed)
    nn.fit(
        model,
        train,
        optimizer=nn.optim.SGD(model.parameters(), lr=0.1, momentum=0.9, nesterov=True, weight_decay=5e-4),
        schedule=nn.optim.OneCycleLR(0.1, epochs=5, steps_per_epoch=938),
        epochs=5,
        batch_size=64,
        rng=seed,
        verbose=verbose,
    )
    return accuracy(model, test)


def digit_cnn(seed: int, verbose: bool) -> float:
    """The lecture's digit CNN on MNIST, with digits that are turned, moved and scaled a little."""
    train, test = mnist()
    epochs, batch_size = 15, 64
    augment = [nn.data.Rotate(10), nn.data.Translate(2 / 28), nn.data.Rescale(0.1)]
    model = nn.DigitCNN(rng=seed)
    nn.fit(
        model,
        nn.data.DataLoader(*train, batch_size=batch_size, shuffle=True, transform=augment, prefetch=2, rng=seed),
        optimizer=nn.optim.Adam(model.parameters()),
        schedule=nn.optim.OneCycleLR(3e-3, epochs=epochs, steps_per_epoch=938),
        epochs=epochs,
        rng=seed,
        verbose=verbose,
    )
    return accuracy(model, test)


def cifar(seed: int, verbose: bool, *, width: int = 16, epochs: int = 12) -> float:
    """10,000 images of CIFAR-10 to 1,000 others: three times (conv, batch norm, ReLU)² and a pool."""
    train, test = cifar_images()
    batch_size = 128
    model = conv_net(width, seed)
    augment = [nn.data.Crop(4), nn.data.Flip()]
    steps = -(-len(train[0]) // batch_size)
    nn.fit(
        model,
        nn.data.DataLoader(*train, batch_size=batch_size, shuffle=True, transform=augment, prefetch=2, rng=seed),
        loss=nn.CrossEntropyLoss(label_smoothing=0.1),
        optimizer=nn.optim.SGD(model.parameters(), lr=0.2, momentum=0.9, nesterov=True, weight_decay=5e-4),
        schedule=nn.optim.OneCycleLR(0.2, epochs=epochs, steps_per_epoch=steps),
        epochs=epochs,
        rng=seed,
        verbose=verbose,
    )
    return accuracy(model, test)


def cifar_without_limit(seed: int, verbose: bool) -> float:
    """The same, twice as wide, for longer."""
    return cifar(seed, verbose, width=32, epochs=20)


def spoken_digits(seed: int, verbose: bool) -> float:
    """Three speakers' digits: convolution along time, on spectrograms."""
    spoken = nn.data.load_spoken_digits()
    x, x_test = spectrograms(spoken.train_sounds), spectrograms(spoken.test_sounds)
    mean, deviation = x.mean(axis=(0, 2), keepdims=True), x.std(axis=(0, 2), keepdims=True)
    x, x_test = (x - mean) / deviation, (x_test - mean) / deviation
    rng = np.random.default_rng(seed)
    model = nn.Sequential(
        *(nn.Conv1d(x.shape[1], 64, 3, padding="same", rng=rng), nn.BatchNorm1d(64), nn.ReLU()),
        *(nn.Conv1d(64, 64, 3, stride=2, padding=1, rng=rng), nn.BatchNorm1d(64), nn.ReLU()),
        *(nn.Conv1d(64, 64, 3, stride=2, padding=1, rng=rng), nn.BatchNorm1d(64), nn.ReLU()),
        *(nn.Flatten(), nn.Dropout(0.3), nn.Linear(64 * 16, 10, rng=rng)),
    )
    nn.fit(model, x, spoken.train_labels, epochs=20, rng=seed, verbose=verbose)
    return accuracy(model, (x_test, spoken.test_labels))


#: What should be reached, in percent and in seconds of all cores together.
TASKS: dict[str, tuple[Callable[[int, bool], float], float, float | None]] = {
    "lenet": (lenet, 99.0, None),
    "digit_cnn": (digit_cnn, 99.3, None),
    "cifar": (cifar, 74.0, 200),
    "cifar_without_limit": (cifar_without_limit, 78.0, None),
    "spoken_digits": (spoken_digits, 97.0, None),
}


def mnist() -> tuple[Any, Any]:
    """Images from 0 to 1 and labels: to train on, and to test on."""
    digits = nn.data.load_mnist()
    return (scaled(digits.train_images), digits.train_labels), (scaled(digits.test_images), digits.test_labels)


def scaled(images: Any) -> Any:
    return (images[:, None] / 255).astype(np.float32)


def cifar_images() -> tuple[Any, Any]:
    """Images with mean 0 and deviation 1 in each channel, and labels."""
    images = nn.data.load_cifar10(partial=True)
    x, x_test = (images.train_images / 255).astype(np.float32), (images.test_images / 255).astype(np.float32)
    mean, deviation = x.mean(axis=(0, 2, 3), keepdims=True), x.std(axis=(0, 2, 3), keepdims=True)
    return ((x - mean) / deviation, images.train_labels), ((x_test - mean) / deviation, images.test_labels)


def conv_net(width: int, seed: int) -> nn.Module:
    rng = np.random.default_rng(seed)
    layers: list[nn.Module] = []
    channels = 3
    for filters in (width, 2 * width, 4 * width):
        for _ in range(2):
            layers += [nn.Conv2d(channels, filters, 3, padding=1, bias=False, rng=rng), nn.BatchNorm2d(filters)]
            layers += [nn.ReLU()]
            channels = filters
        layers += [nn.MaxPool2d(2)]
    layers[-1] = nn.GlobalMaxPool()
    return nn.Sequential(*layers, nn.Linear(channels, 10, rng=rng))


def spectrograms(sounds: Any) -> Any:
    """Log-spectrograms of the first second of each sound, (N, pitches, times), as in examples/spoken_digits.py."""
    sounds = sounds.astype(np.float32)
    sounds /= np.abs(sounds).max(axis=1, keepdims=True)
    windows = np.lib.stride_tricks.sliding_window_view(sounds[:, :8000], 256, axis=1)[:, ::128]
    return np.log(np.abs(np.fft.rfft(windows * np.hanning(256).astype(np.float32))) + 0.01).swapaxes(1, 2)


def accuracy(model: nn.Module, test: Any) -> float:
    return 100 * float(nn.evaluate(model, test)["accuracy"])


def main() -> None:
    parser = argparse.ArgumentParser(
        description="Train networks on real data, and compare their accuracy with what it should be."
    )
    parser.add_argument("tasks", nargs="*", metavar="TASK", help=", ".join(TASKS))
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--verbose", action="store_true", help="show each epoch")
    options = parser.parse_args()
    for name in options.tasks or TASKS:
        task, floor, limit = TASKS[name]
        reached, seconds = [], []
        for seed in range(options.seeds):
            started = time.process_time()
            reached.append(task(seed, options.verbose))
            seconds.append(time.process_time() - started)
        within = "" if limit is None else f" within {limit:.0f}"
        print(
            f"{name:20} {np.median(reached):6.2f} % (at least {floor} % wanted), the median of "
            f"{', '.join(f'{a:.2f}' for a in reached)}; {np.median(seconds):.0f} CPU seconds{within}",
            flush=True,
        )


if __name__ == "__main__":
    main()
