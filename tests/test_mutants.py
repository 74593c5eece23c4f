"""The reasons of surviving mutants are of lines that are there: each is a line of its file with one change."""

from __future__ import annotations

import re
import tomllib
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SURVIVORS = sorted((ROOT / "tests" / "mutants" / "survivors").glob("*.toml"))


def words(line: str) -> list[str]:
    return re.findall(r"\w+|[^\w\s]", line)


def is_one_change(old: list[str], new: list[str]) -> bool:
    """Whether one place differs, by a few words: a number, such as (−1+1j) for 1j, a sign, an operator."""
    shorter = min(len(old), len(new))
    before = next((i for i in range(shorter) if old[i] != new[i]), shorter)
    rest = shorter - before
    after = next((i for i in range(rest) if old[-1 - i] != new[-1 - i]), rest)
    return old != new and len(old) - before - after <= 2 and len(new) - before - after <= 6


def lines_that_are_gone(file: Path, mutants: list[str]) -> list[str]:
    lines = [words(line) for line in file.read_text(encoding="utf-8").splitlines()]
    statements = lines + [a + b for a, b in pairwise(lines)]
    return [mutant for mutant in mutants if not any(is_one_change(line, words(mutant)) for line in statements)]


@pytest.mark.parametrize("reasons", SURVIVORS, ids=lambda path: path.stem)
def test_the_line_of_each_reason_is_there(reasons: Path) -> None:
    gone = []
    for room, mutants in tomllib.loads(reasons.read_text(encoding="utf-8")).items():
        (file,) = (path for folder in ("minigrad", ".") if (path := ROOT / folder / f"{room}.py").is_file())
        gone += [f"{room}: {mutant}" for mutant in lines_that_are_gone(file, list(mutants))]
    assert not gone, f"take these out of {reasons.name}, or bring them up to date:\n" + "\n".join(gone)


def test_a_line_that_is_gone_is_found(tmp_path: Path) -> None:
    file = tmp_path / "room.py"
    file.write_text("def f(x):\n    return x.reshape(-1)\n", encoding="utf-8")
    mutants = ["return x.reshape(- 2)", "return x.ravel() + 1", "return x.reshape(-1)"]
    assert lines_that_are_gone(file, mutants) == mutants[1:]
