"""Large arrays are given back after their last use while a program runs; its text, which is read, does not say so.

A graph gives back what nobody needs. A variable of a function keeps its array until the function returns: all error
signals would be in memory at once.
"""

from __future__ import annotations

import ast
from collections.abc import Collection

__all__ = ["with_releases"]


def with_releases(text: str, function: str, large: Collection[str]) -> ast.Module:
    """A module in which a function deletes these of its variables after the last statement that reads them.

    Statements keep their line numbers, for tracebacks.

    >>> text = "def f(x):\\n    y = 2 * x\\n    L = y.sum()\\n    return L"
    >>> print(ast.unparse(with_releases(text, "f", {"y"})))
    def f(x):
        y = 2 * x
        L = y.sum()
        del y
        return L
    """
    module = ast.parse(text)
    body = next(part for part in module.body if isinstance(part, ast.FunctionDef) and part.name == function).body
    last: dict[str, int] = {}
    for i, statement in enumerate(body):
        for node in ast.walk(statement):
            if isinstance(node, ast.Name):
                last[node.id] = len(body) if isinstance(node.ctx, ast.Del) else i
    found: list[ast.stmt] = []
    for i, statement in enumerate(body):
        found.append(statement)
        names = [name for name, place in last.items() if name in large and place == i]
        if names and not isinstance(statement, ast.Return):
            deletion = ast.Delete([ast.Name(name, ast.Del()) for name in names])
            found.append(ast.fix_missing_locations(ast.copy_location(deletion, statement)))
    body[:] = found
    return module
