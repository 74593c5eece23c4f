"""Which mistakes in the rules would no test notice? ``make mutants`` makes them, one at a time, and counts.

A mutant is a table of rules with one small change: a sign turned, a number one more, a condition negated. A test that
fails kills it. Those that survive are printed with the reason from ``survivors.toml``; where there is none, a test is
missing.

Each table is held against its own tests alone: its samples in the registry, and the file of tests of its name. All
runs are forks of one process that has imported what does not change, in a copy of the project; the change itself is
made in memory.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import signal
import sys
import tempfile
import time
import tomllib
from importlib import import_module
from importlib.machinery import SourceFileLoader
from pathlib import Path

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # a fork would inherit threads that do not run

import hypothesis
import pytest
from mutants import Mutant, mutants

for _unchanging in ("hypothesis.extra.numpy", "scipy.linalg", "scipy.signal", "scipy.special"):
    import_module(_unchanging)  # for the forks, which need not do it again

ROOT = Path(__file__).parents[2]

#: At least this part of the mutants has to be killed.
ENOUGH = 0.95

#: Modules without samples of their own: the tables whose tests they are held against.
USED_BY = {
    "axes": ["reduce", "accumulate", "factors", "sort", "norm", "statistics"],
    "several": ["decompositions"],
    "subscripts": ["products"],
    "windows": ["conv", "pool"],
}

#: NumPy's functions on Tensors, whichever table answers.
EVERY_TABLE = [
    "tests/minigrad/test_dispatch.py",
    *(f"tests/minigrad/promises/test_{where}.py" for where in ("ties", "nonfinite", "slopes", "empty")),
]


def run_tests(table: str, mutant: Mutant | None, seconds: int) -> int:
    """A process that runs the tests of a table, and ends with 0 if they pass."""
    if child := os.fork():
        return child
    signal.alarm(seconds)  # it may run for ever
    resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
    with open(os.devnull if mutant else "failed", "w") as output:
        os.dup2(output.fileno(), 1)
        os.dup2(output.fileno(), 2)
    if mutant:
        unchanged = SourceFileLoader.get_code
        name = f"minigrad.rules.{table}"
        SourceFileLoader.get_code = lambda self, name_: mutant.code if name_ == name else unchanged(self, name_)
    tables = [table, *USED_BY.get(table, ())]
    os.environ["SAMPLES_OF"] = " ".join(tables)
    own = [path for t in tables if os.path.exists(path := f"tests/minigrad/rules/test_{t}.py")]
    registry = "tests/minigrad/rules/test_registry.py"
    options = ["-xq", "--tb=short", "-oaddopts=", "-pno:cacheprovider", "--hypothesis-profile=mutants"]
    options += ["-Wignore::pytest.PytestAssertRewriteWarning"]  # hypothesis is there already
    options += [f"--deselect={registry}::test_every_operation_has_samples"]
    try:
        code = pytest.main([*options, *own, registry, *EVERY_TABLE])
    except BaseException:
        code = 1
    sys.stdout.flush()
    os._exit(code)


def prepared(copy: Path) -> None:
    """The project in a folder of its own, which work on the tests during the run does not touch."""
    for folder in ("minigrad", "tests"):
        shutil.copytree(ROOT / folder, copy / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", copy)
    os.chdir(copy)
    sys.path.insert(0, str(copy))
    no_shrinking = [hypothesis.Phase.explicit, hypothesis.Phase.generate]  # that it fails is all we ask
    hypothesis.settings.register_profile(
        "mutants", derandomize=True, deadline=None, max_examples=40, phases=no_shrinking
    )


def seconds_without_mutants(table: str) -> float:
    began = time.monotonic()
    _, status = os.waitpid(run_tests(table, None, 600), 0)
    if status:
        sys.exit(f"the tests of {table} fail without any mutant:\n" + Path("failed").read_text())
    return time.monotonic() - began


def survivors(table: str, jobs: int) -> tuple[list[Mutant], int]:
    """The mutants of a table that its tests let live, and how many mutants there are."""
    limit = 10 + int(5 * seconds_without_mutants(table))
    running: dict[int, Mutant] = {}
    alive: list[Mutant] = []
    count = 0

    def await_one() -> None:
        child, status = os.wait()
        mutant = running.pop(child)
        if status == 0:
            alive.append(mutant)

    for mutant in mutants(Path(f"minigrad/rules/{table}.py")):
        count += 1
        if len(running) == jobs:
            await_one()
        running[run_tests(table, mutant, limit)] = mutant
    while running:
        await_one()
    return sorted(alive, key=lambda m: m.line), count


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("tables", nargs="*", default=sorted(p.stem for p in ROOT.glob("minigrad/rules/[a-z]*.py")))
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    given = parser.parse_args()
    why = tomllib.loads((Path(__file__).parent / "survivors.toml").read_text())
    killed = total = missing = 0
    with tempfile.TemporaryDirectory() as copy:
        prepared(Path(copy))
        for table in given.tables:
            began = time.monotonic()
            alive, count = survivors(table, given.jobs)
            killed, total = killed + count - len(alive), total + count
            print(f"{table:16}{count - len(alive):5} of {count:4} killed  ({time.monotonic() - began:.0f} s)")
            for m in alive:
                reason = why.get(table, {}).get(m.new)
                missing += reason is None
                print(f"  minigrad/rules/{table}.py:{m.line}\n    - {m.old}\n    + {m.new}")
                print(f"    {reason or 'no test notices'}", flush=True)
            for line in why.get(table, {}).keys() - {m.new for m in alive}:
                print(f"  killed, or no mutant any more; take it out of survivors.toml\n    + {line}")
        os.chdir(ROOT)
    print(f"{killed} of {total} killed: {killed / total:.1%}; {missing} survivors without a reason")
    sys.exit(killed < ENOUGH * total)


if __name__ == "__main__":
    main()
