"""The table of speeds in the README, from three runs of `bench.py`: ``make bench-table``.

Of each figure the worst of the runs is written: a single run may have been lucky. Each run is a process of its own.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path
from typing import NamedTuple

README = Path(__file__).parents[3] / "README.md"
BENCH = Path(__file__).parents[1] / "bench.py"
BEGIN, END = "<!-- speeds: written by make bench-table -->\n", "<!-- end of speeds -->\n"
RUNS = 3

#: The case in `bench.py`, what it is called in the table, and the engine that it is compared with.
ROWS = [
    ("scalar graph, 900 operations", "a scalar graph of 900 operations, forward and backward", "micrograd"),
    ("MLP 2-16-16-1 step, batch 4", "a 2-16-16-1 MLP, batch 4, with SGD", "torch"),
    ("MLP 784-128-10 step, batch 64", "a 784-128-10 MLP, batch 64, with Adam", "torch"),
    ("LeNet step, batch 64", "LeNet, batch 64, with Adam", "torch"),
    ("digit CNN step, batch 64", "the lecture's CNN for digits, batch 64, with Adam", "torch"),
    ("VGG-like step, batch 64", "a small VGG on 32×32×3, batch 64", "torch"),
    ("batch-norm VGG step, batch 64", "a VGG with batch normalization, 32, 64 and 128 filters, batch 64", "torch"),
    ("LeNet step, NumPy alone", "LeNet on NumPy alone", "torch"),
    ("digit CNN step, NumPy alone", "the lecture's CNN for digits on NumPy alone", "torch"),
    ("VGG-like step, NumPy alone", "the small VGG on NumPy alone", "torch"),
    ("conv2d (64, 32, 32, 32, 3, 1, 1)", "a convolution of 64 images, 32 channels to 32, 32×32, 3×3", "torch"),
    ("max_pool2d 2x2 (64, 32, 32, 32)", "max-pooling 2×2 of those images", "torch"),
]
OTHERS = {"micrograd": "micrograd", "torch": "PyTorch"}


class Run(NamedTuple):
    """What `bench.py` writes: of each case and engine the median and the minimum, and under which conditions."""

    conditions: dict[str, str]
    seconds: dict[str, dict[str, dict[str, float]]]


def run() -> Run:
    """A run of the cases in the table; it prints what it measures."""
    with tempfile.TemporaryDirectory() as folder:
        found = Path(folder, "seconds.json")
        cases = [case for case, _, _ in ROWS]
        subprocess.run([sys.executable, str(BENCH), "--json", str(found), "--only", *cases], check=True)
        return Run(**json.loads(found.read_text()))


def table(runs: list[Run]) -> str:
    """The text between the marks in the README."""
    lines = ["| one step of | minigrad | as a program | compared with | minigrad | as a program |", "|---" * 6 + "|"]
    for case, words, other in ROWS:
        times, ratios = [], []
        for engine in ("minigrad", "compiled"):
            measured = [(of[case][engine], of[case][other]) for _, of in runs if engine in of[case]]
            if not measured:
                times.append("–")
                ratios.append("–")
                continue
            times.append(f"{_milliseconds(max(ours['minimum'] for ours, _ in measured))} ms")
            least, median = (max(a[key] / b[key] for a, b in measured) for key in ("minimum", "median"))
            ratios.append(f"{least:.2f} ({median:.2f})")
        lines.append(f"| {words} | {' | '.join(times)} | {OTHERS[other]} | {' | '.join(ratios)} |")
    return "\n".join(["", *lines, "", _conditions(runs), ""])


def _milliseconds(seconds: float) -> str:
    """In two or three digits."""
    return f"{1e3 * seconds:.{2 if seconds < 1e-3 else 1 if seconds < 1e-2 else 0}f}"


def _conditions(runs: list[Run]) -> str:
    of = runs[0].conditions
    text = (
        f"The minimum of {of['rounds']} interleaved rounds, and its ratio to that of the other engine; in brackets the "
        f"ratio of the medians. Each figure is the worst of {len(runs)} runs, on {of['cores']} cores of an "
        f"{of['processor']}, NumPy {of['NumPy']}, PyTorch {of['PyTorch']} with {of['cores']} threads, the garbage "
        "collector on."
    )
    return textwrap.fill(text, 120)


def main() -> None:
    before, _, rest = README.read_text().partition(BEGIN)
    _, mark, after = rest.partition(END)
    if not mark:
        sys.exit(f"{README} has no lines {BEGIN.strip()} and {END.strip()}, between which the table is written")
    runs = []
    for i in range(RUNS):
        print(f"run {i + 1} of {RUNS}", flush=True)
        runs.append(run())
    text = table(runs)
    README.write_text(before + BEGIN + text + END + after)
    print(text, end="")


if __name__ == "__main__":
    main()
