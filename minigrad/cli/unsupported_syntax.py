"""Python syntax that the expression language does not have, with the names that readers know."""

from __future__ import annotations

import ast

__all__ = ["EXPECTED_VALUE", "UNSUPPORTED_OPERATORS", "unsupported", "unsupported_node"]

EXPECTED_VALUE = "a value is a number such as 0.5 or 1/3, or a list such as [1, 2] or [[1, 2], [3, 4]]"

_ALLOWED = (
    "allowed are numbers, variables, + - * / ** @, functions as in sigmoid(x), lists, x[0], x[1:3], x.T, "
    "and name = expression"
)

#: Binary operators, with what to write instead.
UNSUPPORTED_OPERATORS: dict[type[ast.operator], tuple[str, str]] = {
    ast.BitXor: ("^", "; a power is written w**2"),
    ast.FloorDiv: ("//", "; the quotient is w/x"),
    ast.Mod: ("%", ""),
    ast.BitAnd: ("&", ""),
    ast.BitOr: ("|", ""),
    ast.LShift: ("<<", ""),
    ast.RShift: (">>", ""),
}

_NAMES: dict[type[ast.AST], str] = {
    ast.AnnAssign: "a name with a type",
    ast.AugAssign: "a sign such as +=",
    ast.BoolOp: "and/or",
    ast.Delete: "del",
    ast.Dict: "a dictionary",
    ast.DictComp: "a loop",
    ast.For: "a loop",
    ast.GeneratorExp: "a loop",
    ast.IfExp: "if … else",
    ast.Import: "import",
    ast.ImportFrom: "import",
    ast.JoinedStr: "a text",
    ast.keyword: "a star in front of a value",
    ast.Lambda: "lambda",
    ast.ListComp: "a loop",
    ast.NamedExpr: "the sign :=",
    ast.Set: "a set",
    ast.SetComp: "a loop",
    ast.Starred: "a star in front of a value",
    ast.Tuple: "a list in parentheses",
    ast.While: "a loop",
}

_INSTEAD: dict[type[ast.AST], str] = {
    ast.AugAssign: "; give the result a name of its own",
    ast.IfExp: "; write where(x > 0, a, b)",
    ast.Lambda: "; call λ lam instead",
    ast.NamedExpr: "; write z = w*x as a statement",
    ast.Tuple: "; write [1, 2]",
}

_CONSTANTS: dict[type, str] = {str: "a text", bytes: "a text", complex: "an imaginary number", type(...): "…"}


def unsupported(what: str, instead: str = "") -> str:
    """The message that something is not allowed, what to write instead, and what is allowed.

    >>> print(unsupported("the sign ^", "; a power is written w**2"))
    the sign ^ is not part of this language; a power is written w**2
    allowed are numbers, variables, + - * / ** @, functions as in sigmoid(x), lists, x[0], x[1:3], x.T,
    and name = expression
    """
    return f"{what} is not part of this language{instead}\n{_ALLOWED}"


def unsupported_node(node: ast.AST) -> str:
    """The same message for a node of the syntax tree.

    >>> print(unsupported_node(ast.parse("w if x else b").body[0].value).split("\\n")[0])
    if … else is not part of this language; write where(x > 0, a, b)
    """
    if isinstance(node, ast.Constant):
        return unsupported(_CONSTANTS.get(type(node.value), str(node.value)))
    return unsupported(_NAMES.get(type(node), "this"), _INSTEAD.get(type(node), ""))
