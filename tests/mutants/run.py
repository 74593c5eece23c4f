"""Which mistakes would no test notice? ``make mutants`` makes them, one at a time, and counts.

A mutant is a file with one small change: a sign turned, a number one more, a condition negated. A test that fails kills
it. Those that survive are printed with the reason from ``survivors.toml``; without one, a test is missing.

    run.py                              all tables of rules
    run.py rules/reductions/sum nn/data these rooms
    run.py --sample 200 --seed 0        200 mutants drawn from everything but the rules

Each file is held against its own tests: ``rooms.py`` says which. All runs are forks of one process that has imported
what does not change, in a copy of the project; the change itself is made in memory.
"""

from __future__ import annotations

import argparse
import gc
import os
import resource
import shutil
import signal
import sys
import tempfile
import time
import tomllib
from collections import Counter
from collections.abc import Iterable
from importlib import import_module
from importlib.machinery import SourceFileLoader
from pathlib import Path

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # a fork would inherit threads that do not run
os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"  # Hypothesis works without its plugin
os.environ["HYPOTHESIS_PROFILE"] = "mutants"

import hypothesis
import pytest
import rooms
from mutants import Mutant, mutants, sample

# What every fork would import again otherwise.
for _unchanging in ("hypothesis.extra.numpy", "scipy.linalg", "scipy.signal", "scipy.special", "matplotlib.pyplot"):
    import_module(_unchanging)

ROOT = Path(__file__).parents[2]

#: The part of the mutants that has to be killed: in the rules, and elsewhere.
ENOUGH = {True: 0.95, False: 0.90}

OPTIONS = [
    *("-xq", "--tb=short", "-oaddopts=", "-pno:cacheprovider", "-pno:unraisableexception"),
    *("-m", "not oracle and not slow"),
    # These ask for the samples of all operations.
    "--deselect=tests/minigrad/rules/test_registry.py::test_every_operation_has_samples",
    "--deselect=tests/minigrad/walkthrough/formats/test_latex.py::test_a_formula_of_every_operation",
    # Time is not measured in a fork, whose memory is copied page by page, and beside other mutants.
    "--deselect=tests/minigrad/kernels/spatial/test_onednn.py::test_no_thread_spins_long_after_a_call",
    "--deselect=tests/minigrad/transforms/test_many_arrays.py",
    "--deselect=tests/minigrad/walkthrough/test_many_operations.py",
    "--deselect=tests/nn/test_many_layers.py",
    # Its processes would not have the mutant.
    "--deselect=tests/minigrad/kernels/spatial/test_convolution.py::test_infinity_gives_no_warning_whatever_the_processor",
    "--deselect=tests/nn/serialization/test_checkpoint_failures.py::test_processes",
]


def fork(file: Path, mutant: Mutant | None, cpu_seconds: int) -> int:
    """A process that runs the tests of a file, and ends with 0 if they pass."""
    if child := os.fork():
        return child
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))  # a mutant may run for ever
    signal.alarm(10 * cpu_seconds)  # or wait for ever
    resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
    with open(os.devnull if mutant else "failed", "w") as output:
        os.dup2(output.fileno(), 1)
        os.dup2(output.fileno(), 2)
    if mutant:
        unchanged = SourceFileLoader.get_code
        name = ".".join(file.with_suffix("").parts)
        SourceFileLoader.get_code = lambda self, name_: mutant.code if name_ == name else unchanged(self, name_)
    tests = rooms.tests_of(file)
    os.environ["SAMPLES_OF"] = " ".join(tests.samples)
    code: int = pytest.ExitCode.NO_TESTS_COLLECTED
    try:
        for stage in filter(None, tests.stages):
            code = pytest.main([*OPTIONS, *stage])
            if code not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
                break
            code = pytest.ExitCode.OK
    except BaseException:
        code = 1
    sys.stdout.flush()
    os._exit(code)


def prepare(copy: Path) -> None:
    """The project in a folder of its own, which work on the tests during the run does not touch."""
    for folder in ("minigrad", "nn", "tests", "examples", "docs"):
        shutil.copytree(ROOT / folder, copy / folder, ignore=shutil.ignore_patterns("__pycache__", "_build"))
    for file in ("pyproject.toml", "README.md"):
        shutil.copy(ROOT / file, copy)
    os.chdir(copy)
    os.environ["PYTHONPATH"] = str(copy)
    sys.path.insert(0, str(copy))
    no_shrinking = [hypothesis.Phase.explicit, hypothesis.Phase.generate]  # that it fails is all we ask
    hypothesis.settings.register_profile(
        "mutants", derandomize=True, deadline=None, max_examples=40, phases=no_shrinking
    )


class Trial:
    """Mutants are tried, several at a time."""

    def __init__(self, jobs: int) -> None:
        self.jobs = jobs
        self.running: dict[int, Mutant] = {}
        self.alive: list[Mutant] = []
        self.tried: Counter[Path] = Counter()
        self.limits: dict[Path, int] = {}

    def of(self, mutants: Iterable[Mutant]) -> Trial:
        for mutant in mutants:
            if mutant.file not in self.limits:
                self.limits[mutant.file] = 10 + int(5 * seconds_without_mutants(mutant.file))
            if len(self.running) == self.jobs:
                self.wait()
            self.running[fork(mutant.file, mutant, self.limits[mutant.file])] = mutant
            self.tried[mutant.file] += 1
        while self.running:
            self.wait()
        self.alive.sort(key=lambda m: (m.file, m.line))
        return self

    def wait(self) -> None:
        """Until one of the processes ends."""
        child, status = os.wait()
        mutant = self.running.pop(child)
        if status == 0:
            self.alive.append(mutant)


def seconds_without_mutants(file: Path) -> float:
    child = fork(file, None, 600)
    _, status, usage = os.wait4(child, 0)
    if status:
        sys.exit(f"the tests of {file} fail without any mutant:\n" + Path("failed").read_text())
    return usage.ru_utime + usage.ru_stime


def report(trial: Trial, why: dict[str, dict[str, str]], complete: bool) -> int:
    """Prints the survivors; returns how many have no reason."""
    missing = 0
    for m in trial.alive:
        reason = why.get(rooms.name(m.file), {}).get(m.new)
        missing += reason is None
        print(f"  {m.file}:{m.line}\n    - {m.old}\n    + {m.new}\n    {reason or 'no test notices'}", flush=True)
    for file in trial.tried if complete else ():
        for line in why.get(rooms.name(file), {}).keys() - {m.new for m in trial.alive if m.file == file}:
            print(f"  {file}: killed, or not a mutant any more; take it out of survivors.toml\n    + {line}")
    return missing


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("rooms", nargs="*", help="files or folders, such as rules/reductions/sum or nn/layers")
    parser.add_argument(
        "--sample", type=int, metavar="N", help="draw N mutants, from all but the rules if no room is given"
    )
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    given = parser.parse_args()
    why = tomllib.loads((Path(__file__).parent / "survivors.toml").read_text(encoding="utf-8"))
    killed, total, missing = Counter(), Counter(), 0
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as copy:
        prepare(Path(copy))
        gc.freeze()  # forks share what is here, as long as no collection touches it
        chosen = given.rooms or (["."] if given.sample else ["rules"])
        files = list(dict.fromkeys(file for room in chosen for file in room_files(room)))
        batches = [sample(files, given.sample, given.seed)] if given.sample else map(mutants, files)
        for batch in batches:
            started = time.monotonic()
            trial = Trial(given.jobs).of(batch)
            for file, count in sorted(trial.tried.items()):
                died = count - sum(m.file == file for m in trial.alive)
                print(f"{rooms.name(file):36}{died:5} of {count:4} killed", end="\n" if given.sample else "")
                killed[is_rule(file)] += died
                total[is_rule(file)] += count
            if not given.sample and trial.tried:
                print(f"  ({time.monotonic() - started:.0f} s)", flush=True)
            missing += report(trial, why, complete=not given.sample)
        os.chdir(ROOT)
    for rules, count in total.items():
        part = "of the rules" if rules else "outside the rules"
        print(f"{part}: {killed[rules]} of {count} killed: {killed[rules] / count:.1%}, {ENOUGH[rules]:.0%} needed")
    print(f"{missing} survivors without a reason; {time.monotonic() - began:.0f} s")
    sys.exit(any(killed[rules] < ENOUGH[rules] * count for rules, count in total.items()))


def is_rule(file: Path) -> bool:
    return file.is_relative_to("minigrad/rules")


def room_files(room: str) -> list[Path]:
    """The files of a room; of everything but the rules for a dot."""
    if room != ".":
        return rooms.files(room)
    return [file for package in ("minigrad", "nn") for file in rooms.files(package) if not is_rule(file)]


if __name__ == "__main__":
    main()
