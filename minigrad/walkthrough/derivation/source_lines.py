"""The line of the program that computes a variable, found in the caller's source on demand.

Nothing is recorded while the program runs, so training does not slow down. In exchange, a line is found
only where the source leaves no doubt which assignment gave the variable its value.
"""

from __future__ import annotations

import ast
import linecache
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from types import FrameType

from minigrad.notation.name import can_be_named

__all__ = ["source_lines"]

_REFERENCES = ast.Name | ast.Attribute | ast.Subscript  # h = z, w = ws[0]: the value is computed elsewhere


def source_lines(frames: Iterable[FrameType]) -> dict[int, str]:
    """The assignments to variables of these frames, ``lecture.py:7: z = w * x + b``, by the identity of the value."""
    found: dict[int, str] = {}
    for frame in frames:
        file = frame.f_code.co_filename
        source = "".join(linecache.getlines(file, frame.f_globals))
        for name, line in _assigned(source, frame).items():
            if can_be_named(value := frame.f_locals.get(name)):
                text = " ".join((ast.get_source_segment(source, line) or "").split())
                found.setdefault(id(value), f"{_short(file)}:{line.lineno}: {text}")
    return found


@lru_cache(maxsize=8)
def _parsed(source: str) -> ast.Module:
    return ast.parse(source)


def _assigned(source: str, caller: FrameType) -> dict[str, ast.stmt]:
    """The statements that assign to variables of one frame, by name."""
    try:
        body = _body(_parsed(source), caller)
    except SyntaxError:
        return {}
    found: dict[str, ast.stmt | None] = {}  # None: there is more than one candidate
    for statement in body:
        if statement.lineno > caller.f_lineno:
            break
        for name, assignment in _assignments(statement):
            computes = isinstance(assignment, ast.Assign | ast.AnnAssign) and not isinstance(
                assignment.value, _REFERENCES
            )
            certain = computes and (assignment is statement or name not in found)
            found[name] = assignment if certain else None
    return {name: line for name, line in found.items() if line is not None}


def _body(tree: ast.Module, caller: FrameType) -> list[ast.stmt]:
    """The statements of the running function, or of the module."""
    if caller.f_code.co_name == "<module>":
        return tree.body
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == caller.f_code.co_name:
            first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
            if first == caller.f_code.co_firstlineno:
                return node.body
    return []


def _assignments(statement: ast.stmt) -> Iterator[tuple[str, ast.stmt]]:
    """Every name that a statement assigns to, in inner blocks too, but not in functions and classes."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return
    for node in ast.iter_child_nodes(statement):
        if isinstance(node, ast.stmt):
            yield from _assignments(node)
        elif not isinstance(node, ast.Lambda):
            for part in ast.walk(node):
                if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
                    yield part.id, statement


def _short(file: str) -> str:
    return "cell" if file.startswith("<") or "ipykernel" in file else Path(file).name
