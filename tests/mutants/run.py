"""Which mistakes would no test notice? ``make mutants`` makes them, one at a time, and counts.

A mutant is a file with one small change: a sign turned, a number one more, a condition negated. A test that fails kills
it. Those that survive are printed with the reason from ``survivors/``; without one, a test is missing.

    run.py                              all tables of rules
    run.py rules/reductions/sum nn/data these rooms
    run.py --sample 200 --seed 0        200 mutants drawn from everything but the rules

Each file is held against its own tests: ``rooms.py`` says which. All runs are forks, in a copy of the project, and the
change is made in memory: in functions that exist already where that can be (``warm.py``), else by importing the changed
file (``cold.py``).
"""

from __future__ import annotations

import argparse
import gc
import os
import shutil
import sys
import tempfile
import time
import tomllib
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from itertools import groupby
from pathlib import Path

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # a fork would inherit threads that do not run
os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"  # Hypothesis works without its plugin
os.environ["HYPOTHESIS_PROFILE"] = "mutants"

import cold
import hypothesis
import rooms
import warm
from forks import in_forks
from mutants import Mutant, mutants, sample
from warm import Shared, Verdicts

# What every fork would import again otherwise.
for _unchanging in ("hypothesis.extra.numpy", "scipy.linalg", "scipy.signal", "scipy.special", "matplotlib.pyplot"):
    import_module(_unchanging)

ROOT = Path(__file__).parents[2]

#: The part of the mutants that has to be killed: in the rules, and elsewhere.
ENOUGH = {True: 0.96, False: 0.90}


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


@dataclass
class Tried:
    """How many mutants of a file its tests ran with, and those that survived."""

    file: Path
    count: int
    alive: list[Mutant]
    seconds: float


class Trial:
    """The mutants of a file that are still alive: those that are tried in functions that exist, and the others."""

    def __init__(self, file: Path, some: list[Mutant] | None, shared: Shared, jobs: int) -> None:
        self.file, self.shared, self.jobs = file, shared, jobs
        self.warm = list(mutants(file)) if some is None else some
        self.cold: list[Mutant] = []

    def of_all_stages(self, reasons: Collection[str]) -> Tried:
        """Until all that survive have a reason. Those that have none are tried cold, too: there no test is left out."""
        began, count = time.monotonic(), len(self.warm)
        tests = rooms.tests_of(self.file)
        os.environ["SAMPLES_OF"] = " ".join(tests.samples)
        stages: list[tuple[list[str], Verdicts]] = []
        for paths in filter(None, tests.stages):
            if stages and all(mutant.new in reasons for mutant in self.warm + self.cold):
                break
            verdicts = self.try_warm(paths)
            self.cold = self.survivors_cold(self.cold, paths, verdicts)
            stages.append((paths, verdicts))
        known = [mutant for mutant in self.warm if mutant.new in reasons]
        unknown = [mutant for mutant in self.warm if mutant.new not in reasons]
        for paths, verdicts in stages:
            unknown = self.survivors_cold(unknown, paths, verdicts)
        alive = sorted(self.cold + known + unknown, key=lambda mutant: mutant.line)
        return Tried(self.file, count, alive, time.monotonic() - began)

    def try_warm(self, paths: list[str]) -> Verdicts:
        (warmed,) = in_forks([(partial(warm.verdicts, self.file, paths, self.warm, self.shared, self.jobs), None)])
        if warmed.result is None:
            raise RuntimeError(f"the tests of {self.file} fail without any mutant:\n{warmed.printed}")
        judged = list(zip(self.warm, warmed.result.killed, strict=True))
        self.warm = [mutant for mutant, killed in judged if killed is False]
        self.cold += [mutant for mutant, killed in judged if killed is None]
        return warmed.result

    def survivors_cold(self, tried: list[Mutant], paths: list[str], verdicts: Verdicts) -> list[Mutant]:
        limit = 10 + int(5 * verdicts.seconds)
        works = [(partial(cold.passes, self.file, paths, mutant, verdicts.order), limit) for mutant in tried]
        return [tried[outcome.number] for outcome in in_forks(works, self.jobs) if outcome.result is True]


def try_file(file: Path, some: list[Mutant] | None, shared: Shared, reasons: Collection[str], jobs: int) -> Tried:
    """All mutants of a file, or some."""
    return Trial(file, some, shared, jobs).of_all_stages(reasons)


def all_reasons() -> dict[str, dict[str, str]]:
    """For each room the lines of mutants that compute the same, and why; each room is in one file of ``survivors/``."""
    reasons: dict[str, dict[str, str]] = {}
    for file in sorted((Path(__file__).parent / "survivors").glob("*.toml")):
        of_file = tomllib.loads(file.read_text(encoding="utf-8"))
        if twice := reasons.keys() & of_file.keys():
            raise ValueError(f"{file.name}: {', '.join(sorted(twice))} is in another file of survivors/, too")
        reasons |= of_file
    return reasons


def report(tried: Tried, why: dict[str, str], complete: bool) -> int:
    """Prints the survivors; returns how many have no reason."""
    room, count = rooms.name(tried.file), tried.count
    print(f"{room:36}{count - len(tried.alive):5} of {count:4} killed  ({tried.seconds:.0f} s)")
    for m in tried.alive:
        print(f"  {m.file}:{m.line}\n    - {m.old}\n    + {m.new}\n    {why.get(m.new, 'no test notices')}")
    for line in why.keys() - {m.new for m in tried.alive} if complete else ():
        print(f"  {tried.file}: killed, or not a mutant any more; take it out of survivors/\n    + {line}")
    sys.stdout.flush()
    return sum(m.new not in why for m in tried.alive)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("rooms", nargs="*", help="files or folders, such as rules/reductions/sum or nn/layers")
    parser.add_argument(
        "--sample", type=int, metavar="N", help="draw N mutants, from all but the rules if no room is given"
    )
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    given = parser.parse_args()
    why = all_reasons()
    killed, total, missing, failed = Counter(), Counter(), Counter(), False
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as copy:
        prepare(Path(copy).resolve())
        gc.freeze()  # forks share what is here, as long as no collection touches it
        chosen = given.rooms or (["."] if given.sample else ["rules"])
        files = list(dict.fromkeys(file for room in chosen for file in room_files(room)))
        batches: dict[Path, list[Mutant] | None] = dict.fromkeys(files)
        if given.sample:
            drawn = sorted(sample(files, given.sample, given.seed), key=lambda mutant: mutant.file)
            batches = {file: list(some) for file, some in groupby(drawn, key=lambda mutant: mutant.file)}
        shared = Shared()
        if sum(map(is_rule, batches)) > 3:  # else it takes longer than it saves
            (recorded,) = in_forks([(partial(warm.record, rooms.EVERY_RULE), None)])
            shared = recorded.result or shared
        jobs_of_each = max(1, given.jobs // len(batches))
        works = [
            (partial(try_file, file, some, shared, why.get(rooms.name(file), {}).keys(), jobs_of_each), None)
            # The last ones should not be long.
            for file, some in sorted(batches.items(), key=lambda batch: batch[0].stat().st_size, reverse=True)
        ]
        for outcome in in_forks(works, given.jobs):
            tried = outcome.result
            if tried is None:
                print(outcome.printed, flush=True)
                failed = True
                continue
            killed[is_rule(tried.file)] += tried.count - len(tried.alive)
            total[is_rule(tried.file)] += tried.count
            unexplained = report(tried, why.get(rooms.name(tried.file), {}), complete=not given.sample)
            missing[is_rule(tried.file)] += unexplained
        os.chdir(ROOT)
    for rules, count in total.items():
        part = "of the rules" if rules else "outside the rules"
        print(f"{part}: {killed[rules]} of {count} killed: {killed[rules] / count:.1%}, {ENOUGH[rules]:.0%} needed")
        different = killed[rules] + missing[rules]
        share = killed[rules] / (different or 1)
        print(f"  {count - different} compute the same; of the others {share:.1%} are killed")
    print(f"{missing.total()} survivors without a reason; {time.monotonic() - began:.0f} s")
    sys.exit(failed or any(killed[rules] < ENOUGH[rules] * count for rules, count in total.items()))


def is_rule(file: Path) -> bool:
    return file.is_relative_to("minigrad/rules")


def room_files(room: str) -> list[Path]:
    """The files of a room; of everything but the rules for a dot."""
    if room != ".":
        return rooms.files(room)
    return [file for package in ("minigrad", "nn") for file in rooms.files(package) if not is_rule(file)]


if __name__ == "__main__":
    main()
