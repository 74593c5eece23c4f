"""Mutants: a module with one small mistake. cosmic-ray makes them."""

from __future__ import annotations

import ast
import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import CodeType
from typing import Any

import parso
from cosmic_ray.ast import ast_nodes
from cosmic_ray.mutating import mutate_code
from cosmic_ray.operators.operator import Example, Operator
from cosmic_ray.plugins import get_operator


class Replace(Operator):
    """A change for which cosmic-ray has no operator."""

    def __init__(self, old: str, new: str, within: str) -> None:
        self.old, self.new, self.within = old, new, within

    def mutation_positions(self, node: Any) -> Iterator[Any]:
        if node.parent and node.parent.type == self.within and node.get_code(include_prefix=False) == self.old:
            yield node.start_pos, node.end_pos

    def mutate(self, node: Any, index: int) -> Any:  # noqa: ARG002
        return parso.parse(f" {self.new} ")

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        return ()


#: One change of each kind: cosmic-ray would replace + by ten others, which the same tests kill.
OPERATORS: list[Operator] = [
    get_operator(f"core/{name}")()
    for name in (
        *(
            f"ReplaceBinaryOperator_{change}"
            for change in (
                *("Add_Sub", "Sub_Add", "Mul_Div", "Div_Mul", "FloorDiv_Div", "Mod_FloorDiv", "Pow_Mul"),
                *("BitOr_BitAnd", "BitAnd_BitOr", "BitXor_BitAnd", "LShift_RShift", "RShift_LShift"),
            )
        ),
        *(
            f"ReplaceComparisonOperator_{change}"
            for change in ("Eq_NotEq", "NotEq_Eq", "Lt_LtE", "LtE_Lt", "Gt_GtE", "GtE_Gt", "Is_IsNot", "IsNot_Is")
        ),
        *(f"ReplaceUnaryOperator_Delete_{sign}" for sign in ("USub", "Not", "Invert")),
        *("ReplaceTrueWithFalse", "ReplaceFalseWithTrue", "ReplaceAndWithOr", "ReplaceOrWithAnd", "AddNot"),
        "NumberReplacer",  # one more and one less
        *("ReplaceBreakWithContinue", "ReplaceContinueWithBreak", "ZeroIterationForLoop"),
        *("ExceptionReplacer", "RemoveDecorator"),
    )
] + [Replace("@", "*", within="term"), Replace("in", "not in", within="comparison"),
     Replace("not in", "in", within="comparison")]  # fmt: skip


class _Behaviour(ast.NodeTransformer):
    """A module without what no test should depend on: annotations, error messages, caches, lists of public names."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns = None
        node.decorator_list = [
            d for d in node.decorator_list if ast.unparse(d).partition("(")[0] not in ("cache", "lru_cache")
        ]
        return self.generic_visit(node)

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.annotation = None
        return node

    def visit_arguments(self, node: ast.arguments) -> ast.AST:
        """The bare star of ``f(x, *, y)`` is not a product: whether arguments are keyword-only does not count."""
        node.args = [*node.posonlyargs, *node.args, *node.kwonlyargs]
        node.defaults = [*node.defaults, *filter(None, node.kw_defaults)]
        node.posonlyargs, node.kwonlyargs, node.kw_defaults = [], [], []
        return self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        node.annotation = ast.Constant(None)
        return self.generic_visit(node)

    def visit_Assign(self, node: ast.Assign) -> ast.AST | None:
        return None if "__all__" in ast.unparse(node.targets) else self.generic_visit(node)

    def visit_Raise(self, node: ast.Raise) -> ast.AST:
        if isinstance(node.exc, ast.Call):
            node.exc.args = []
        return node


def behaviour(source: str) -> str:
    return ast.dump(_Behaviour().visit(ast.parse(source)))


@dataclass(frozen=True)
class Mutant:
    """A module with one change: its file and line, the text there before and after, and all of the new text."""

    file: Path
    line: int
    old: str
    new: str
    source: str

    @property
    def code(self) -> CodeType:
        return compile(self.source, self.file.absolute(), "exec")  # by the path, errors tell minigrad from users


#: A change of one operator at one of its occurrences in a file.
Position = tuple[Path, int, int]


@cache
def _nodes(file: Path) -> tuple[str, list[Any], str]:
    source = file.read_text(encoding="utf-8")
    return source, list(ast_nodes(parso.parse(source))), behaviour(source)


def positions(file: Path) -> list[Position]:
    """Every change that could be made in a file."""
    _, nodes, _ = _nodes(file)
    return [
        (file, kind, occurrence)
        for kind, operator in enumerate(OPERATORS)
        for occurrence in range(sum(1 for node in nodes for _ in operator.mutation_positions(node)))
    ]


def mutant(position: Position) -> tuple[Mutant, str] | None:
    """The mutant and its behaviour; None if no test could notice it."""
    file, kind, occurrence = position
    source, _, unchanged = _nodes(file)
    try:
        mutated = mutate_code(source, OPERATORS[kind], occurrence)
    except AttributeError:  # cosmic-ray does not replace exceptions with a dot in a tuple: (ValueError, csv.Error)
        return None
    try:
        changed = behaviour(mutated)
    except SyntaxError:  # the star of f(*args) is not a product
        return None
    if changed == unchanged:
        return None
    before, after = source.splitlines(), mutated.splitlines()
    start = next((i for i, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), len(after))
    end = 0
    while end < min(len(before), len(after)) - start and before[-1 - end] == after[-1 - end]:
        end += 1
    old, new = (" ".join(" ".join(t[start : len(t) - end]).split()) for t in (before, after))
    return Mutant(file, start + 1, old, new, mutated), changed


def mutants(file: Path) -> Iterator[Mutant]:
    """All mutants of a file that a test could notice, no two of them alike."""
    seen = set()
    for position in positions(file):
        if (found := mutant(position)) and found[1] not in seen:
            seen.add(found[1])
            yield found[0]


def sample(files: list[Path], count: int, seed: int) -> Iterator[Mutant]:
    """Mutants drawn from all of these files, each as likely as any other."""
    changes = [position for file in files for position in positions(file)]
    random.Random(seed).shuffle(changes)
    seen = set()
    for position in changes:
        if len(seen) == count:
            return
        if (found := mutant(position)) and (position[0], found[1]) not in seen:
            seen.add((position[0], found[1]))
            yield found[0]
