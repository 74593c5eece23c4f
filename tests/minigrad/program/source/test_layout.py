"""Long statements are broken within brackets: no line is longer than 100 columns, and the code is the same."""

from __future__ import annotations

import ast

import pytest

from minigrad.program.source.layout import in_lines

NAMES = ", ".join(f"argument_{i}" for i in range(20))
SUM = " + ".join(f"first_{i} * second_{i}" for i in range(12))


@pytest.mark.parametrize(
    "statement",
    [
        "y = x + 1",
        f"y = f({NAMES})",
        f"x, y = f({NAMES}, key=[1, 2, ({NAMES})], **SETTINGS).reshape(4)",
        f"y = {SUM}",
        f"y = ({SUM} - -x).astype(np.float32)",
        f'v["a long name, with = ( and \'"] += ({SUM.replace("+", "-")}) * 2',
        f"y = {SUM.replace('+', '*')}",
        f"return {NAMES}, (L, ({NAMES}))",
        f"with_settings({SUM}, {{'key': {SUM}}})",
        f"z_bar = np.where({SUM}, a if b else c, 0) / np.where(a, b, 0).sum(axis=1, keepdims=True)[:, None]",
    ],
)
@pytest.mark.parametrize("indent", ["", "        "])
def test_the_code_is_the_same(statement: str, indent: str) -> None:
    lines = in_lines(statement, indent)
    assert all(len(line) <= 100 and line.startswith(indent) for line in lines)
    code, expected = (
        f"def f():\n{text}" for text in ("\n".join(f" {line}" for line in lines), f" {indent}{statement}")
    )
    assert ast.dump(ast.parse(code)) == ast.dump(ast.parse(expected))


def test_the_head_of_a_function() -> None:
    lines = in_lines(f"def step({NAMES}):")
    assert lines[0] == "def step("
    assert lines[-1] == "):"
    assert max(map(len, lines)) <= 100


def test_a_line_of_a_statement_that_has_several_stays_as_it_is() -> None:
    assert in_lines(f"return {NAMES}, {{") == [f"return {NAMES}, {{"]
