"""How much longer a step takes on two ranks than on one: ``make bench-ranks``. Each has a core, and 64 samples a step.

If it takes no longer, two ranks compute twice as much in the same time: *weak scaling*, the time on one rank divided by
that on two, is 1. Two processes that train apart, on the same two cores and without a message, show how much of what is
missing is the machine's: they share its caches and its memory. So weak scaling is a product of two ratios: the time of
one rank divided by that of two processes apart, and this divided by that of two ranks, which is what messages cost:
their sums, and waiting for the other rank. Printed beside them is the share of the time that a rank spends in messages.
Trainings of the three kinds take turns; of each the median counts, and the minimum, which other programs disturb least.
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
from collections.abc import Callable, Iterable
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

import nn

BATCH = 64
EPOCHS = 3  # that are timed, after one that is not
DIGITS, COLOURS = (1, 28, 28), (3, 32, 32)


class Training(NamedTuple):
    """A model, the shape of its images, and the steps of an epoch."""

    model: Callable[[], nn.Module]
    image: tuple[int, int, int]
    steps: int


MODELS = {
    "VGG-like": Training(lambda: nn.ConvNet(COLOURS, [(32, 32), (64, 64)], [256], 10, rng=0), COLOURS, 6),
    "LeNet": Training(lambda: nn.LeNet(rng=0), DIGITS, 40),
    "digit CNN": Training(lambda: nn.DigitCNN(rng=0), DIGITS, 40),
    "MLP 784-512-10": Training(lambda: nn.Sequential(nn.Flatten(), nn.MLP(784, [512], 10, rng=0)), DIGITS, 40),
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


def measure(name: str, *, apart: bool) -> None:
    """On each process: train, and print the seconds of a step, and the share of messages, of each epoch.

    Of ranks that train together, rank 0 alone prints.
    """
    comm = Timed(nn.distributed.Serial() if apart else nn.distributed.mpi())
    draw = np.random.default_rng(0)
    build, image, steps = MODELS[name]
    x = draw.random((steps * BATCH * comm.size, *image), dtype=np.float32)
    t = draw.integers(0, 10, len(x))
    model = build()
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
        sys.stdout.write(json.dumps([((b[0] - a[0]) / steps, (b[1] - a[1]) / (b[0] - a[0])) for a, b in pairs]) + "\n")


def on_cores(processes: int, name: str, *, apart: bool) -> list[tuple[float, float]]:
    """The seconds of a step and the share of messages, of each epoch, on so many processes with a core for each."""
    mpiexec = shutil.which("mpiexec", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    if mpiexec is None:
        sys.exit('there is no mpiexec: pip install -e ".[mpi]"')
    command = [mpiexec, "-n", str(processes), "-bind-to", "core", sys.executable, "-m", "mpi4py", __file__]
    command += ["--rank", name, *["--apart"] * apart]
    one_thread = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    done = subprocess.run(command, env=os.environ | one_thread, stdout=subprocess.PIPE, text=True, check=True)
    return [(seconds, share) for line in done.stdout.splitlines() for seconds, share in json.loads(line)]


#: What is compared: the number of processes, and whether they train apart.
KINDS = {"one rank": (1, False), "two apart": (2, True), "two ranks": (2, False)}


def print_row(name: str, times: Iterable[str], ratios: Iterable[str], share: str) -> None:
    cells = [f"{name:16}", *(f"{time:>16}" for time in times), *(f"{ratio:>16}" for ratio in ratios), f"{share:>13}"]
    print("".join(cells), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description="Weak scaling of training, from one rank to two.")
    parser.add_argument("--rounds", type=int, default=int(os.environ.get("ROUNDS", "5")))
    parser.add_argument("--rank", choices=list(MODELS), help="what each of the processes is started with")
    parser.add_argument("--apart", action="store_true", help="with --rank: train alone, without messages")
    options = parser.parse_args()
    if options.rank:
        return measure(options.rank, apart=options.apart)
    if os.getloadavg()[0] > 0.5:
        print(f"WARNING: the load is {os.getloadavg()[0]:.1f}: other programs run; trust the minima more")
    print(f"milliseconds of a step, {BATCH} samples on each rank, median (minimum) of {options.rounds} rounds")
    print_row("", KINDS, ["weak scaling", "of the machine", "of messages"], "in messages")
    for name in MODELS:
        found: dict[str, list[tuple[float, float]]] = {kind: [] for kind in KINDS}
        for _ in range(options.rounds):
            for kind, (processes, apart) in KINDS.items():
                found[kind] += on_cores(processes, name, apart=apart)
        seconds = {kind: [row[0] for row in rows] for kind, rows in found.items()}
        middle, least = ({kind: of(rows) for kind, rows in seconds.items()} for of in (statistics.median, min))
        times = [f"{middle[kind] * 1e3:.2f} ({least[kind] * 1e3:.2f})" for kind in KINDS]
        pairs = [("one rank", "two ranks"), ("one rank", "two apart"), ("two apart", "two ranks")]
        ratios = [f"{middle[a] / middle[b]:.2f} ({least[a] / least[b]:.2f})" for a, b in pairs]
        print_row(name, times, ratios, f"{statistics.median(row[1] for row in found['two ranks']):.1%}")
    return None


if __name__ == "__main__":
    main()
