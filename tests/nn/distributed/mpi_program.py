"""A program for several ranks: ``mpiexec -n 2 python -m mpi4py -m tests.nn.distributed.mpi_program WHAT FOLDER``."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

import nn

SAMPLES, TOGETHER = 96, 24  # of which each step has so many, on all ranks together
EPOCHS = 30  # of the training that is killed


def data() -> tuple[Any, Any]:
    draw = np.random.default_rng(0)
    x = draw.normal(size=(SAMPLES, 1, 12, 12)).astype(np.float32)
    return x, (x[:, 0, :6].sum(axis=(1, 2)) > x[:, 0, 6:].sum(axis=(1, 2))).astype(int)


def network() -> nn.Sequential:
    return nn.Sequential(
        *(nn.Conv2d(1, 6, 3, rng=0), nn.ReLU(), nn.MaxPool2d(2), nn.Dropout2d(0.2, rng=1)),
        *(nn.Flatten(), nn.Linear(150, 16, rng=2), nn.ReLU(), nn.Dropout(0.3, rng=3), nn.Linear(16, 2, rng=4)),
    )


def train(comm: Any, epochs: int = 2, **settings: Any) -> tuple[Any, Any]:
    """Two epochs with all that draws random numbers: the same training on any number of ranks, to rounding."""
    x, t = data()
    model = network()
    augment = [nn.data.augmentation.Rotate(10), nn.data.augmentation.Crop(2), nn.data.augmentation.Noise(0.1)]
    loader = nn.data.DataLoader(
        *(x[:-3], t[:-3]), batch_size=TOGETHER // comm.size, shuffle=True, transform=augment, prefetch=2, rng=0
    )
    sgd = nn.optim.SGD(model.parameters(), lr=0.05, momentum=0.9, weight_decay=5e-4)
    settings = {"validation_data": (x[:25], t[:25]), "verbose": True, "clip_norm": 1.0} | settings
    history = nn.fit(model, loader, optimizer=sgd, epochs=epochs, comm=comm, **settings)
    return model.state_dict(), history.history


def compare(comm: Any, folder: Path) -> None:
    """The numbers that each rank ends with."""
    import threadpoolctl

    state, history = train(comm)
    threads = [one["num_threads"] for one in threadpoolctl.threadpool_info() if one["user_api"] == "blas"]
    folder.mkdir(parents=True, exist_ok=True)
    np.savez(folder / f"rank{comm.rank}.npz", **state, **history, threads=threads)


def fail(comm: Any, folder: Path) -> None:  # noqa: ARG001
    """Rank 1 raises an error in its second epoch."""

    def raise_error(run: Any) -> None:
        if run.comm.rank == 1 and run.epoch == 2:
            raise LookupError("rank 1 has had enough")

    train(comm, epochs=100_000, callbacks=[raise_error])


def be_killed(comm: Any, folder: Path) -> None:
    """A training that goes on from its checkpoint; each rank tells its number of process."""
    (folder / f"pid{comm.rank}").write_text(str(os.getpid()))
    path = folder / "run.safetensors"
    slower = nn.callbacks.LambdaCallback(on_train_batch_end=lambda run: time.sleep(0.002))
    stop = nn.callbacks.EarlyStopping(patience=1000, restore_best_weights=True)
    log = nn.callbacks.CSVLogger(folder / "log.csv")
    _, history = train(
        comm, epochs=EPOCHS, checkpoint=nn.Checkpoint(path, save_freq=1), resume=path, callbacks=[stop, log, slower]
    )
    if comm.rank == 0:
        np.savez(folder / "history.npz", **history)


if __name__ == "__main__":
    {"compare": compare, "fail": fail, "be_killed": be_killed}[sys.argv[1]](nn.distributed.mpi(), Path(sys.argv[2]))
