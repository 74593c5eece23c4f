"""The page and the tests say the same things in the same order."""

from __future__ import annotations

import inspect
import re
from importlib import import_module
from pathlib import Path

PAGE = Path(__file__).parents[3] / "docs" / "promises.md"

THEMES = (
    "digits",
    "ties",
    "nonfinite",
    "slopes",
    "numbers.curvatures",
    "numbers.narrow",
    "numbers.precisions",
    "empty",
    "types",
    "networks.copies",
    "networks.optimizers",
    "networks.training",
    "networks.data",
    "networks.saved",
    "networks.layers",
    "networks.losses",
    "matrices",
    "numbers.complex",
    "own_operations",
    "graph.leaving",
    "graph.threads",
    "graph.cost",
    "outside.derivations",
    "outside.programs",
    "outside.files",
    "outside.data_sets",
)


def module_of(theme: str) -> str:
    """The tests of a theme; ``outside.files`` are in a folder."""
    *folder, name = theme.split(".")
    return ".".join(["tests.minigrad.promises", *folder, f"test_{name}"])


def test_each_row_of_the_page_is_a_test() -> None:
    rows = [
        line.split(" | ")[0].removeprefix("| ")
        for table in re.findall(r"\|---.*\n((?:\|.*\n)+)", PAGE.read_text(encoding="utf-8"))
        for line in table.splitlines()
    ]
    tests = [
        (inspect.getdoc(test) or "").splitlines()[0]
        for theme in THEMES
        for name, test in vars(import_module(module_of(theme))).items()
        if name.startswith("test_")
    ]
    assert tests == rows
