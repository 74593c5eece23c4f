"""Train LeNet on MNIST on several processes: ``mpiexec -n 2 python -m mpi4py examples/mnist_mpi.py --epochs 1``.

Each process, a *rank*, computes a part of every batch, and the gradients are averaged over all of them. A step sees
``--batch-size`` images on each rank, so two ranks take half as many steps in an epoch as one, and each step may be
twice as long: the learning rate is multiplied by the number of ranks, after an epoch in which it grows to that. With
``--checkpoint FILE``, a training that was killed goes on when it is started again, also on another number of ranks.

``python examples/mnist_mpi.py`` trains on a single process. It needs mpi4py and an MPI, which the extra ``mpi``
installs.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import Any

import numpy as np

import nn


def main() -> None:
    parser = argparse.ArgumentParser(description="Train LeNet on MNIST on several processes.")
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--images", type=int, default=60_000, help="how many images to train on")
    parser.add_argument("--batch-size", type=int, default=32, help="images of a step on each rank")
    parser.add_argument("--lr", type=float, default=0.02, help="learning rate of SGD with momentum 0.9, for one rank")
    parser.add_argument("--data", type=Path, metavar="FOLDER", help="folder with the four IDX files")
    parser.add_argument(
        "--checkpoint", type=Path, metavar="FILE", help="write checkpoints, and go on from the last one"
    )
    options = parser.parse_args()

    comm = nn.distributed.mpi()
    mnist = nn.data.load_mnist(options.data)
    train = scaled(mnist.train_images[: options.images]), mnist.train_labels[: options.images]
    test = scaled(mnist.test_images), mnist.test_labels

    model = nn.LeNet(rng=0)
    started = time.perf_counter()
    history = nn.fit(
        model,
        train,
        optimizer=nn.optim.SGD(model.parameters(), lr=options.lr * comm.size, momentum=0.9),
        schedule=warm_up(options, comm.size),
        epochs=options.epochs,
        batch_size=options.batch_size,
        validation_data=test,
        checkpoint=options.checkpoint,
        resume=options.checkpoint,
        comm=comm,
        rng=0,
    )
    if comm.rank == 0:  # one process alone prints
        print(f"ranks  {comm.size}")
        print(f"time per epoch  {(time.perf_counter() - started) / options.epochs:.1f} s")
        print(f"test accuracy  {history.history['val_accuracy'][-1]:.2%}".replace("%", " %"))


def warm_up(options: argparse.Namespace, ranks: int) -> nn.optim.Schedule:
    """From the learning rate of one rank to that of all of them, within the first epoch."""
    steps = -(-options.images // (options.batch_size * ranks))
    return nn.optim.LinearLR(start_factor=1 / ranks, total_iters=steps, every="batch")


def scaled(images: Any) -> Any:
    """Grey levels 0 … 255 as numbers 0 … 1, shape ``(N, 1, rows, columns)``."""
    return (images[:, None] / 255).astype(np.float32)


if __name__ == "__main__":
    main()
