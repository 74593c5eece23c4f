"""The limits that CONTRIBUTING names: the length of files, the size of folders, and folders that mirror one another."""

from __future__ import annotations

import re
from importlib import import_module
from inspect import unwrap
from pathlib import Path

import pytest

from tests.samples import OPERATIONS

ROOT = Path(__file__).parents[1]
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
LINES, FILES = 400, 12

#: What CONTRIBUTING allows to be longer: the rows "| `path` | reason |" of the table of exceptions.
EXCEPTIONS = set(re.findall(r"^\| `((?:minigrad|nn)/[\w/]+\.py)` \| \S.* \|$", CONTRIBUTING, flags=re.MULTILINE))

RULES, KERNELS = ROOT / "minigrad" / "rules", ROOT / "minigrad" / "kernels"
SAMPLES, TESTS = ROOT / "tests" / "samples", ROOT / "tests" / "minigrad" / "rules"

#: Tests of several files of rules together, and what the samples share.
OF_SEVERAL_RULES = {
    *("test_range", "test_registry", "test_registry_complex", "test_registry_dtypes"),
    *("test_rooms", "linalg/test_matrices", "linalg/test_empty_matrices"),
    *("linalg/decompositions/test_decompositions", "linalg/decompositions/test_ties"),
}
SAMPLE_HELPERS = {"registry", "matrices"}


def modules(folder: Path) -> set[str]:
    """The files in a folder and below, without ``__init__.py``: {"losses", "reductions/sum", …}."""
    return {file.relative_to(folder).with_suffix("").as_posix() for file in folder.rglob("[a-z]*.py")}


def lines(file: str) -> int:
    return len((ROOT / file).read_text(encoding="utf-8").splitlines())


def test_files_of_the_packages_are_short() -> None:
    files = {file.relative_to(ROOT).as_posix() for part in ("minigrad", "nn") for file in (ROOT / part).rglob("*.py")}
    assert {file: lines(file) for file in files - EXCEPTIONS if lines(file) > LINES} == {}
    assert files >= EXCEPTIONS, "CONTRIBUTING lists a file that is not there"
    assert {file for file in EXCEPTIONS if lines(file) <= LINES} == set(), "no longer an exception: take it out"


@pytest.mark.parametrize("part", ["minigrad", "nn", "tests"])
def test_folders_are_small(part: str) -> None:
    folders = {file.parent for file in (ROOT / part).rglob("*.py")}
    sizes = {folder.relative_to(ROOT).as_posix(): len(list(folder.glob("*.py"))) for folder in folders}
    assert {folder: size for folder, size in sizes.items() if size > FILES} == {}


def test_samples_mirror_the_rules() -> None:
    """A file that defines operations has samples; a file of helpers for the others has none."""
    assert modules(SAMPLES) - SAMPLE_HELPERS == {name for name in modules(RULES) if defines_operations(name)}


def defines_operations(name: str) -> bool:
    module = import_module(f"minigrad.rules.{name.replace('/', '.')}")
    public = any(unwrap(OPERATIONS[n]) is vars(module)[n] for n in module.__all__ if n in OPERATIONS)
    return public or " = Primitive(" in Path(str(module.__file__)).read_text(encoding="utf-8")


def test_tests_mirror_the_rules() -> None:
    """test_max_pool.py, and test_max_pool_ties.py, belong to max_pool.py."""
    without = []
    for name in sorted(modules(TESTS) - OF_SEVERAL_RULES):
        shelf, _, test = name.rpartition("/")
        subject = test.removeprefix("test_")
        if not any(
            subject == Path(rule).name or subject.startswith(f"{Path(rule).name}_")
            for rule in modules(RULES)
            if rule.rpartition("/")[0] == shelf
        ):
            without.append(name)
    assert without == []


def test_kernels_have_the_shelves_of_the_rules() -> None:
    shelves = {folder.name for folder in KERNELS.iterdir() if (folder / "__init__.py").is_file()}
    assert shelves <= {folder.name for folder in RULES.iterdir()}
    for folder in (SAMPLES, TESTS):
        assert shelves <= {shelf.name for shelf in folder.iterdir()}


def test_comparisons_with_other_libraries_are_marked() -> None:
    for file in sorted((ROOT / "tests").rglob("test_*.py")):
        text = file.read_text(encoding="utf-8")
        asks = re.search(
            r"^ *(from tests\.helpers\.pytorch|import (torch|autograd|safetensors)\b)", text, flags=re.MULTILINE
        )
        assert not asks or "mark.oracle" in text, f"{file.name}: mark what asks PyTorch with @pytest.mark.oracle"
