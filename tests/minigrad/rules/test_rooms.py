"""The files of rules: each lists the operations that it defines, and has their samples in a file of its name."""

from __future__ import annotations

import ast
import inspect
import os
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

import minigrad as mg
from minigrad import rules
from tests.samples import OPERATIONS, SAMPLES_IN

ROOT = Path(rules.__path__[0])
FILES = {path.relative_to(ROOT).with_suffix("").as_posix(): path for path in sorted(ROOT.rglob("*.py"))}
FILES = {name: path for name, path in FILES.items() if not name.endswith("__init__")}


def module_name(name: str) -> str:
    return f"minigrad.rules.{name.replace('/', '.')}"


def listed(name: str) -> list[str]:
    """The names in ``__all__``."""
    return list(import_module(module_name(name)).__all__)


def lists_operations(name: str) -> bool:
    module = import_module(module_name(name))
    return any(inspect.unwrap(OPERATIONS[n]) is getattr(module, n) for n in listed(name) if n in OPERATIONS)


#: The files that list public operations, and those that hold what the others have in common.
TABLES = [name for name in FILES if lists_operations(name)]
HELPERS = [name for name in FILES if name not in TABLES]


def defined(name: str) -> dict[str, Any]:
    """The names that a file gives to functions, classes and values of its own, in contrast to those it imports."""
    names: list[str] = []
    for statement in ast.parse(FILES[name].read_text(encoding="utf-8")).body:
        if isinstance(statement, ast.FunctionDef | ast.ClassDef):
            names.append(statement.name)
        elif isinstance(statement, ast.Assign | ast.AnnAssign):
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            names += [node.id for target in targets for node in ast.walk(target) if isinstance(node, ast.Name)]
    module = import_module(module_name(name))
    return {n: getattr(module, n) for n in names if hasattr(module, n)}


@cache
def used_in(path: Path) -> frozenset[tuple[str, str]]:
    """(module, name): what a file imports from a file of rules, or reads from such a module."""
    text = path.read_text(encoding="utf-8")
    if "minigrad.rules" not in text:
        return frozenset()
    nodes = list(ast.walk(ast.parse(text)))
    found, modules = set(), {}
    for node in nodes:
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("minigrad.rules"):
            for alias in node.names:
                found.add((str(node.module), alias.name))
                modules[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    for node in nodes:
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in modules:
            found.add((modules[node.value.id], node.attr))
    return frozenset(found)


def used_elsewhere(*, apart_from: str = "") -> set[tuple[str, str]]:
    """What the files of the package use of the files of rules."""
    root = Path(mg.__path__[0])
    return set().union(*(used_in(path) for path in root.rglob("*.py") if path != root / apart_from))


@pytest.mark.parametrize("name", TABLES)
def test_all_lists_exactly_the_public_operations_that_the_file_defines(name: str) -> None:
    """A name without an underscore that is not listed has another use: a further file of the package needs it."""
    names = listed(name)
    assert len(set(names)) == len(names)
    assert set(names) <= set(OPERATIONS), "listed, but not a public operation"
    own = {
        n: value for n, value in defined(name).items() if isinstance(value, mg.Primitive) or inspect.isroutine(value)
    }
    assert set(names) <= set(own), "listed, but defined in another file"
    used = used_elsewhere()
    forgotten = {n for n in own if n[0] != "_" and n not in names and (module_name(name), n) not in used}
    assert not forgotten, "neither listed in __all__ nor used elsewhere; list it, or begin its name with an underscore"


def test_every_public_operation_is_listed_in_one_file() -> None:
    names = [n for name in TABLES for n in listed(name)]
    assert len(set(names)) == len(names)
    public = {n for n, value in vars(mg).items() if n in OPERATIONS and n[0] != "_" and callable(value)}
    assert set(names) == public


@pytest.mark.parametrize("name", HELPERS)
def test_helpers_are_defined_in_their_file_and_used_elsewhere(name: str) -> None:
    assert set(listed(name)) <= set(defined(name))
    used = used_elsewhere()
    names = [*defined(name), "*"]  # which imports a file that gives NumPy's functions their rules, and names none
    assert any((module_name(name), n) in used for n in names), "a table that minigrad/__init__.py lacks?"


@pytest.mark.parametrize("name", os.environ.get("SAMPLES_OF", "").split() or FILES)
def test_an_operation_has_its_samples_in_the_file_of_its_rule(name: str) -> None:
    own = {value.name for value in defined(name).values() if isinstance(value, mg.Primitive)}
    if name in TABLES:
        own |= set(listed(name))
    assert SAMPLES_IN.get(name, set()) == own


def test_private_names_stay_in_their_file() -> None:
    """The notation alone needs the primitives behind public functions, as keys of its tables."""
    used = used_elsewhere(apart_from="notation/operations.py")
    assert {(module, n) for module, n in used if n[0] == "_" and n[:2] != "__"} == set()
