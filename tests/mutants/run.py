"""Which mistakes in the rules would no test notice? ``make mutants`` makes them, one at a time, and counts.

A mutant is a table of rules with one small change: a sign turned, a number one more, a condition negated. Mutants
are made by cosmic-ray, in memory; a test run that fails kills one. Those that survive are printed with the reason
from ``survivors.toml``; where there is none, a test is missing.

Each table is held against its own tests alone: its samples in the registry, and the file of tests of its name. All
runs are forks of one process that has imported what does not change, in a copy of the project.
"""

from __future__ import annotations

import argparse
import ast
import os
import resource
import shutil
import signal
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import ndiff
from importlib import import_module
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType
from typing import Any

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # a fork would inherit threads that do not run

import hypothesis
import parso
import pytest
from cosmic_ray.ast import ast_nodes
from cosmic_ray.mutating import mutate_code
from cosmic_ray.operators import (
    binary_operator_replacement,
    boolean_replacer,
    break_continue,
    comparison_operator_replacement,
    exception_replacer,
    number_replacer,
    operator,
    remove_decorator,
    unary_operator_replacement,
    zero_iteration_for_loop,
)

for _unchanging in ("hypothesis.extra.numpy", "scipy.linalg", "scipy.signal", "scipy.special"):
    import_module(_unchanging)  # for the forks, which need not do it again

ROOT = Path(__file__).parents[2]
RULES = ROOT / "minigrad" / "rules"

#: At least this part of the mutants has to be killed.
ENOUGH = 0.95

#: Modules without samples of their own: the tables whose tests they are held against.
USED_BY = {
    "axes": ["reduce", "accumulate", "sort", "norm", "statistics", "rearrange"],
    "several": ["decompositions"],
    "subscripts": ["products"],
    "windows": ["conv", "pool"],
}

#: NumPy's functions on Tensors, whichever table answers.
EVERY_TABLE = ["tests/minigrad/test_dispatch.py"]


# ---------------------------------------------------------------- the mutants


class Replace(operator.Operator):
    """What cosmic-ray has no operator for."""

    def __init__(self, old: str, new: str, within: str) -> None:
        self.old, self.new, self.within = old, new, within

    def mutation_positions(self, node: Any) -> Iterator[Any]:
        if node.parent and node.parent.type == self.within and node.get_code(include_prefix=False) == self.old:
            yield node.start_pos, node.end_pos

    def mutate(self, node: Any, index: int) -> Any:  # noqa: ARG002
        return parso.parse(f" {self.new} ")

    @classmethod
    def examples(cls) -> tuple[operator.Example, ...]:
        return ()


def _named(module: Any, *names: str) -> list[operator.Operator]:
    return [getattr(module, name)() for name in names]


#: One change for each operator: cosmic-ray's others (+ into each of ten) are killed by the same tests.
OPERATORS = [
    *_named(
        binary_operator_replacement,
        *(
            f"ReplaceBinaryOperator_{change}"
            for change in (
                *("Add_Sub", "Sub_Add", "Mul_Div", "Div_Mul", "FloorDiv_Div", "Mod_FloorDiv", "Pow_Mul"),
                *("BitOr_BitAnd", "BitAnd_BitOr", "BitXor_BitAnd", "LShift_RShift", "RShift_LShift"),
            )
        ),
    ),
    *_named(
        comparison_operator_replacement,
        *(
            f"ReplaceComparisonOperator_{change}"
            for change in ("Eq_NotEq", "NotEq_Eq", "Lt_LtE", "LtE_Lt", "Gt_GtE", "GtE_Gt", "Is_IsNot", "IsNot_Is")
        ),
    ),
    Replace("@", "*", within="term"),
    Replace("in", "not in", within="comparison"),
    Replace("not in", "in", within="comparison"),
    *_named(
        unary_operator_replacement,
        *(f"ReplaceUnaryOperator_Delete_{operator}" for operator in ("USub", "Not", "Invert")),
    ),
    *_named(boolean_replacer, "ReplaceTrueWithFalse", "ReplaceFalseWithTrue", "ReplaceAndWithOr", "ReplaceOrWithAnd"),
    *_named(boolean_replacer, "AddNot"),
    *_named(number_replacer, "NumberReplacer"),  # one more and one less
    *_named(break_continue, "ReplaceBreakWithContinue", "ReplaceContinueWithBreak"),
    *_named(exception_replacer, "ExceptionReplacer"),
    *_named(remove_decorator, "RemoveDecorator"),
    *_named(zero_iteration_for_loop, "ZeroIterationForLoop"),
]


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
    table: str
    line: int
    old: str
    new: str
    code: CodeType


def mutants(table: str) -> Iterator[Mutant]:
    file = RULES / f"{table}.py"
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
            yield Mutant(table, line, old, new, compile(mutated, file, "exec"))


# ---------------------------------------------------------------- the tests


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

    for mutant in mutants(table):
        count += 1
        if len(running) == jobs:
            await_one()
        running[run_tests(table, mutant, limit)] = mutant
    while running:
        await_one()
    return sorted(alive, key=lambda m: m.line), count


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("tables", nargs="*", default=sorted(p.stem for p in RULES.glob("[a-z]*.py")))
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
                print(f"  {RULES.relative_to(ROOT)}/{table}.py:{m.line}\n    - {m.old}\n    + {m.new}")
                print(f"    {reason or 'no test notices'}", flush=True)
        os.chdir(ROOT)
    print(f"{killed} of {total} killed: {killed / total:.1%}; {missing} survivors without a reason")
    sys.exit(killed < ENOUGH * total)


if __name__ == "__main__":
    main()
