"""How much longer a step takes on two ranks than on one: ``make bench-ranks``. Each has a core, and 64 samples a step.

If it takes no longer, two ranks compute twice as much in the same time: *weak scaling*, the time on one rank divided by
that on two, is 1. Printed beside it is the share of the time that a rank spends in messages, which includes waiting for
the other one. Trainings on one rank and on two take turns; of each the median counts, and the minimum, which other
programs disturb least.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

import nn

BATCH = 64
STEPS = 40  # of an epoch
EPOCHS = 3  # that are timed, after one that is not
MODELS: dict[str, Callable[[], nn.Module]] = {
    "LeNet": lambda: nn.LeNet(rng=0),
    "digit CNN": lambda: nn.DigitCNN(rng=0),
    "MLP 784-512-10": lambda: nn.Sequential(nn.Flatten(), nn.MLP(784, [512], 10, rng=0)),
}


class Timed:
    """A communicator that adds up the seconds of its messages."""

    def __init__(self, comm: nn.distributed.Communicator) -> None:
        self._comm, self.rank, self.size = comm, comm.rank, comm.size
        self.seconds = 0.0

    def broadcast(self, value: Any) -> Any:
        started = time.perf_counter()
        value = self._comm.broadcast(value)
        self.seconds += time.perf_counter() - started
        return value

    def mean_(self, array: Any) -> None:
        started = time.perf_counter()
        self._comm.mean_(array)
        self.seconds += time.perf_counter() - started


def measure(name: str) -> None:
    """On each rank: train, and let rank 0 print the seconds of a step, and the share of messages, of each epoch."""
    comm = Timed(nn.distributed.mpi())
    draw = np.random.default_rng(0)
    x = draw.random((STEPS * BATCH * comm.size, 1, 28, 28), dtype=np.float32)
    t = draw.integers(0, 10, len(x))
    model = MODELS[name]()
    times = [(time.perf_counter(), comm.seconds)]

    def note(_: Any) -> None:
        times.append((time.perf_counter(), comm.seconds))

    sgd = nn.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)
    nn.fit(
        *(model, x, t), optimizer=sgd, batch_size=BATCH, epochs=1 + EPOCHS, callbacks=[note], comm=comm, rng=0,
        verbose=False,
    )  # fmt: skip
    if comm.rank == 0:
        pairs = pairwise(times[1:])  # without the first epoch
        print(json.dumps([((b[0] - a[0]) / STEPS, (b[1] - a[1]) / (b[0] - a[0])) for a, b in pairs]))


def on_ranks(ranks: int, name: str) -> list[tuple[float, float]]:
    """The seconds of a step and the share of messages, of each epoch, on so many ranks with a core for each."""
    mpiexec = shutil.which("mpiexec", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    if mpiexec is None:
        sys.exit('there is no mpiexec: pip install -e ".[mpi]"')
    command = [mpiexec, "-n", str(ranks), "-bind-to", "core", sys.executable, "-m", "mpi4py", __file__, "--rank", name]
    one_thread = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    done = subprocess.run(command, env=os.environ | one_thread, stdout=subprocess.PIPE, text=True, check=True)
    return [(seconds, share) for seconds, share in json.loads(done.stdout)]


def main() -> None:
    parser = argparse.ArgumentParser(description="Weak scaling of training, from one rank to two.")
    parser.add_argument("--rounds", type=int, default=int(os.environ.get("ROUNDS", "5")))
    parser.add_argument("--rank", choices=list(MODELS), help="what each of the ranks is started with")
    options = parser.parse_args()
    if options.rank:
        return measure(options.rank)
    if os.getloadavg()[0] > 0.5:
        print(f"WARNING: the load is {os.getloadavg()[0]:.1f}: other programs run; trust the minima more")
    print(f"milliseconds of a step, {BATCH} samples on each rank, median (minimum) of {options.rounds} rounds")
    print(f"{'':16}{'one rank':>16}{'two ranks':>16}{'weak scaling':>18}{'messages':>10}")
    for name in MODELS:
        found: dict[int, list[tuple[float, float]]] = {1: [], 2: []}
        for _ in range(options.rounds):
            for ranks, rows in found.items():
                rows += on_ranks(ranks, name)
        seconds = {ranks: [row[0] for row in rows] for ranks, rows in found.items()}
        middle, least = ({n: of(rows) for n, rows in seconds.items()} for of in (statistics.median, min))
        columns = [f"{middle[n] * 1e3:.2f} ({least[n] * 1e3:.2f})" for n in (1, 2)]
        scaling = f"{middle[1] / middle[2]:.2f} ({least[1] / least[2]:.2f})"
        share = statistics.median(row[1] for row in found[2])
        print(f"{name:16}{columns[0]:>16}{columns[1]:>16}{scaling:>18}{share:>9.1%}", flush=True)
    return None


if __name__ == "__main__":
    main()
