"""Train LeNet on MNIST, 60,000 digits of 28×28 pixels: ``python examples/mnist.py --epochs 1``.

The four IDX files are read from ``--data FOLDER`` or ``$MINIGRAD_DATA``, or downloaded once into the user's cache.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import Any

import numpy as np

import nn


def main() -> None:
    parser = argparse.ArgumentParser(description="Train LeNet on MNIST.")
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--batch-size", type=int, default=32)
    parser.add_argument("--lr", type=float, default=0.02, help="learning rate of SGD with momentum 0.9")
    parser.add_argument("--data", type=Path, metavar="FOLDER", help="folder with the four IDX files")
    parser.add_argument("--device", default="cpu", help='"cpu", or "cuda" for a GPU, which needs CuPy')
    options = parser.parse_args()

    mnist = nn.data.load_mnist(options.data)
    train = scaled(mnist.train_images), mnist.train_labels
    test = scaled(mnist.test_images), mnist.test_labels

    model = nn.LeNet(rng=0).to(options.device)
    print(nn.summary(model, (1, 28, 28)))
    started = time.perf_counter()
    nn.fit(
        model,
        train,
        optimizer=nn.optim.SGD(model.parameters(), lr=options.lr, momentum=0.9),
        epochs=options.epochs,
        batch_size=options.batch_size,
        validation_data=test,
        rng=0,
    )
    print(f"time per epoch  {(time.perf_counter() - started) / options.epochs:.1f} s")
    print(f"test accuracy  {nn.evaluate(model, test)['accuracy']:.2%}".replace("%", " %"))


def scaled(images: Any) -> Any:
    """Grey levels 0 … 255 as numbers 0 … 1, shape ``(N, 1, rows, columns)``."""
    return (images[:, None] / 255).astype(np.float32)


if __name__ == "__main__":
    main()
