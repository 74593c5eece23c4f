"""A training that is killed again and again: ``python -m tests.nn.training.run.kill_training FOLDER KILLS SEED``.

The training has everything that could lose its place: dropout, batch normalization, augmentation, momentum, a schedule
of steps, a callback that watches a plateau, early stopping, a log file. It writes a checkpoint every few steps. Each
attempt is a process of its own, forked before anything was computed, which SIGKILL ends at a random moment. Then one
runs to its end. Printed are the number of attempts that were killed, and the SHA-256 of what is left.
"""

from __future__ import annotations

import hashlib
import os
import random
import signal
import sys
import time
from pathlib import Path

import numpy as np

import nn

EPOCHS, SAMPLES = 4, 160


def train(folder: Path) -> None:
    """Train from where the last attempt was, to the end."""
    draw = np.random.default_rng(0)
    x = draw.normal(size=(SAMPLES, 1, 12, 12)).astype(np.float32)
    t = (x[:, 0, :6].sum(axis=(1, 2)) > x[:, 0, 6:].sum(axis=(1, 2))).astype(int)
    model = nn.Sequential(
        *(nn.Conv2d(1, 6, 3, rng=0), nn.BatchNorm2d(6), nn.ReLU(), nn.MaxPool2d(2), nn.Dropout2d(0.2, rng=1)),
        *(nn.Flatten(), nn.Linear(150, 16, rng=2), nn.ReLU(), nn.Dropout(0.3, rng=3), nn.Linear(16, 2, rng=4)),
    )
    augment = [nn.data.augmentation.Rotate(10), nn.data.augmentation.Crop(2), nn.data.augmentation.Noise(0.1)]
    path = folder / "training.safetensors"
    nn.fit(
        model,
        nn.data.DataLoader(x, t, batch_size=16, shuffle=True, transform=augment, prefetch=2, rng=0),
        optimizer=nn.optim.SGD(model.parameters(), lr=0.05, momentum=0.9, nesterov=True, weight_decay=5e-4),
        schedule=nn.optim.OneCycleLR(0.1, epochs=EPOCHS, steps_per_epoch=SAMPLES // 16),
        callbacks=[
            nn.callbacks.ReduceLROnPlateau(patience=0, factor=0.5),
            nn.callbacks.EarlyStopping(patience=EPOCHS, restore_best_weights=True),
            nn.callbacks.CSVLogger(folder / "log.csv"),
        ],
        epochs=EPOCHS,
        validation_data=(x[:40], t[:40]),
        checkpoint=nn.Checkpoint(path, save_freq=3),
        resume=path,
        verbose=False,
    )
    nn.save(model, folder / "model.safetensors")


def attempt(folder: Path, seconds: float | None) -> bool:
    """One process, killed after so many seconds, or not at all; whether it came to its end."""
    child = os.fork()
    if not child:
        try:
            train(folder)
        except BaseException:
            import traceback

            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    if seconds is not None:
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status):
        sys.exit("the training failed")
    return os.WIFEXITED(status)


def main() -> None:
    """Kill, and say what is left."""
    folder, kills, seed = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    draw = random.Random(seed)
    started = time.monotonic()
    attempt(folder / "whole", None)
    whole = time.monotonic() - started
    killed = 0
    while killed < kills:
        done = attempt(folder / "killed", draw.uniform(0.02, 0.5) * whole)
        killed += not done
        if done and killed < kills:  # too fast: begin a new training
            for file in (folder / "killed").iterdir():
                file.unlink()
    attempt(folder / "killed", None)
    print(killed)
    for name in ("whole", "killed"):
        for file in ("training.safetensors", "model.safetensors", "log.csv"):
            print(name, file, hashlib.sha256((folder / name / file).read_bytes()).hexdigest())


if __name__ == "__main__":
    main()
