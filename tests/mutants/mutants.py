"""Mutants: a module with one small change, as a slip of the pen would make it. They are made by cosmic-ray."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import ndiff
from pathlib import Path
from types import CodeType
from typing import Any

import parso
from cosmic_ray.ast import ast_nodes
from cosmic_ray.mutating import mutate_code
from cosmic_ray.operators.operator import Example, Operator
from cosmic_ray.plugins import get_operator


class Replace(Operator):
    """What cosmic-ray has no operator for."""

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


#: One change of each kind: cosmic-ray would turn + into ten others, which the same tests kill.
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
    """What of a module can be seen from outside: no annotations, messages of errors, or lists of public names."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns = None
        return self.generic_visit(node)

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.annotation = None
        return node

    def visit_arguments(self, node: ast.arguments) -> ast.AST:
        """``f(x, *, y)`` with its bare star is no product: which arguments may be named does not count."""
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
    """A module with one change: where, from what into what, and the code."""

    line: int
    old: str
    new: str
    code: CodeType


def mutants(file: Path) -> Iterator[Mutant]:
    """All mutants of a module that a test could notice, no two of them alike."""
    source = file.read_text()
    seen = {behaviour(source)}
    nodes = list(ast_nodes(parso.parse(source)))
    for change in OPERATORS:
        for occurrence in range(sum(1 for node in nodes for _ in change.mutation_positions(node))):
            mutated = mutate_code(source, change, occurrence)
            try:
                difference = behaviour(mutated)
            except SyntaxError:  # the star of f(*args) is no product
                continue
            if difference in seen:
                continue
            seen.add(difference)
            compared = list(ndiff(source.splitlines(), mutated.splitlines()))
            line = next(i for i, text in enumerate(t for t in compared if t[0] in " -") if text[0] == "-") + 1
            old, new = (" ".join(" ".join(t[2:].split()) for t in compared if t[0] == sign) for sign in "-+")
            yield Mutant(line, old, new, compile(mutated, file, "exec"))
