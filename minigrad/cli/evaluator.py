"""The evaluator walks the syntax tree of a text: it computes the nodes listed here and rejects all others."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

import minigrad as mg
from minigrad.cli.functions import CONSTANTS, FUNCTIONS, signature, suggestion
from minigrad.cli.sizes import numbers_needed
from minigrad.cli.source import InputError, Source, SourceRange
from minigrad.cli.unsupported_syntax import EXPECTED_VALUE, UNSUPPORTED_OPERATORS, unsupported, unsupported_node

__all__ = ["MAX_NUMBERS", "MAX_SIZE", "Evaluator"]

#: The most elements of a value: more than a text can hold, and few enough for any machine.
MAX_SIZE = 10_000

#: The most numbers in all values together, and on the way to a single one.
MAX_NUMBERS = 100 * MAX_SIZE

_MAX_PARAM = 1_000  # such as a padding or a stride

_MINIGRAD_ERRORS = (
    *(ArithmeticError, AttributeError, ImportError, LookupError, MemoryError, RuntimeError, TypeError, ValueError),
)


_BINARY: dict[type[ast.operator], str] = {
    ast.Add: "add",
    ast.Sub: "subtract",
    ast.Mult: "multiply",
    ast.Div: "divide",
    ast.Pow: "power",
    ast.MatMult: "matmul",
}

_COMPARISONS: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Lt: np.less,
    ast.LtE: np.less_equal,
    ast.Gt: np.greater,
    ast.GtE: np.greater_equal,
    ast.Eq: np.equal,
    ast.NotEq: np.not_equal,
}

_HINTS = {"cross_entropy": "\nhere 1 and [0, 2] are class numbers; variables and [0.0, 1.0] are probabilities"}

#: For functions with several outputs, those with one.
_INSTEAD = {
    "eig": "; eigvals gives the eigenvalues",
    "eigh": "; eigvalsh gives the eigenvalues",
    "svd": "; svdvals gives the singular values",
    "slogdet": "; det gives the determinant",
}


class Evaluator:
    """Evaluates statements and expressions. Every method handles the cases it lists and rejects the rest."""

    def __init__(
        self, source: Source, variables: Mapping[str, mg.Tensor] | None, statements: Sequence[ast.stmt]
    ) -> None:
        self._source = source
        self._variables = variables  # None: no variables are allowed
        targets = [statement.targets[0] for statement in statements if isinstance(statement, ast.Assign)]
        self._assigned = {target.id for target in targets if isinstance(target, ast.Name)}
        self.names: dict[str, mg.Tensor] = dict(variables or {})
        self._used: set[str] = set()
        self._computed = 0  # numbers in all values so far
        self.not_finite: ast.expr | None = None  # the first expression that is infinite or NaN

    # ------------------------------------------------------------------ statements

    def assign(self, statement: ast.stmt) -> Any:
        """``name = expression``. It names the value, unless that has a name: after ``L = w``, w is still w."""
        match statement:
            case ast.Assign(targets=[ast.Name(id=name) as target], value=expression):
                self._check_new(name, target)
                value = self._value(expression)
                if not isinstance(value, mg.Tensor):
                    value = mg.Tensor(value)
                self.names[name] = value if value.name is not None else value.named(name)
                return value
            case ast.Assign(targets=[ast.Name(), *others]) if others:
                raise self._error(others[0], "only one name can be assigned at a time: a = 1; b = a")
            case ast.Assign(targets=[target, *_]):
                raise self._error(target, "only a name can be assigned, as in z = w*x")
            case ast.Expr(value=expression):
                raise self._error(expression, "this value is not used; give it a name, as in z = …, or remove it")
        raise self._unsupported(statement)

    def expression(self, statement: ast.stmt) -> Any:
        """The last statement, if it is an expression."""
        if isinstance(statement, ast.Expr):
            return self._value(statement.value)
        raise self._error(statement, EXPECTED_VALUE) if self._variables is None else self._unsupported(statement)

    def check_loss(self, loss: Any, part: SourceRange) -> None:
        """Reject a loss that is not a single finite number depending on a variable: it has no derivation."""
        if not isinstance(loss, mg.Tensor) or not loss.requires_grad:
            raise self._error(part, f"there is nothing to differentiate: {self._why_nothing_changes()}")
        if loss.size != 1:
            raise self._error(
                part, f"the loss has shape {loss.shape} and must be a single number; take its sum(…) or mean(…)"
            )
        if loss.dtype.kind == "c":
            raise self._error(part, "the loss is a complex number and must be a real one; take its real(…)")
        if not np.all(np.isfinite(loss.data)) and self.not_finite is not None:
            raise self._error(
                self.not_finite,
                f"the loss is {loss.item()}, and this is the first value that is infinite or undefined; "
                "choose other values for the variables",
            )

    def _why_nothing_changes(self) -> str:
        if not self._variables:
            return "no variable is given; give one after the expression, as in w=0.5"
        changing = [name for name, x in self._variables.items() if x.requires_grad]
        if not changing:
            return "every variable is a constant; remove one from --constant"
        return f"this depends on none of the variables {', '.join(changing)}"

    def unused(self, loss: mg.Tensor) -> tuple[str, ...]:
        """The names that were never read, in order of definition."""
        return tuple(name for name, x in self.names.items() if name not in self._used and x is not loss)

    def _check_new(self, name: str, target: ast.expr) -> None:
        if name.startswith("__"):
            raise self._error(target, "a name must not begin with two underscores; choose another")
        if name in FUNCTIONS:
            raise self._error(target, f"{name} is a function; choose another name for this value")
        if name in (self._variables or ()):
            raise self._error(target, f"{name} is already given a value after the expression; drop one of the two")
        if name in self.names:
            raise self._error(target, f"{name} already has a value, and a name stands for one value; choose another")

    # ------------------------------------------------------------------ expressions

    def _value(self, node: ast.expr) -> Any:
        value = self._evaluate(node)
        if self.not_finite is None and not np.all(np.isfinite(value.data if isinstance(value, mg.Tensor) else value)):
            self.not_finite = node
        return value

    def _evaluate(self, node: ast.expr) -> Any:
        match node:
            case ast.Constant():
                return self._constant(node)
            case ast.Name():
                return self._name(node)
            case ast.List():
                return self._list(node)
            case ast.UnaryOp(op=ast.UAdd()):
                return self._value(node.operand)
            case ast.UnaryOp(op=ast.USub()):
                return self._compute(node, mg.negative, self._value(node.operand))
            case ast.BinOp():
                return self._binary(node)
            case ast.Call():
                return self._call(node)
            case ast.Attribute():
                return self._attribute(node)
            case ast.Subscript():
                x, index = self._value(node.value), self._index(node.slice)
                return self._compute(node, lambda: x[index], shapes=(x,))
            case ast.Compare():
                raise self._error(node, "a comparison is only allowed as a condition, as in where(x > 0, a, b)")
        raise self._unsupported(node)

    def _constant(self, node: ast.Constant) -> Any:
        if isinstance(node.value, bool) or not isinstance(node.value, int | float):
            raise self._error(node, unsupported_node(node))
        try:
            return np.float64(node.value)
        except OverflowError:  # an integer with more than 308 digits
            return np.float64(np.inf)

    def _name(self, node: ast.Name) -> Any:
        name = node.id
        if name in self.names:
            self._used.add(name)
            return self.names[name]
        if name in CONSTANTS:
            return np.float64(CONSTANTS[name])
        if name in FUNCTIONS:
            raise self._error(node, f"{name} is a function and needs its arguments: {name}{signature(name)}")
        if self._variables is None:
            raise self._error(node, f"{name} is not a number; {EXPECTED_VALUE}")
        if name in self._assigned:
            raise self._error(node, f"{name} is used before it has a value; move {name} = … before it")
        if name.startswith("__"):
            raise self._error(node, f"there is no variable {name}, and a name must not begin with two underscores")
        raise self._error(
            node, f"{name} has no value; give it one after the expression: {name}=0.5{suggestion(name, self.names, {})}"
        )

    def _list(self, node: ast.List) -> Any:
        if not node.elts:
            raise self._error(node, "this list is empty; put numbers into it, as in [1, 2]")
        parts = [self._value(part) for part in node.elts]
        for part, element in zip(parts, node.elts, strict=True):
            if isinstance(part, mg.Tensor):
                raise self._error(element, "a list holds numbers; give the whole list as a variable: v=[1, 2]")
        if len({np.shape(part) for part in parts}) > 1:
            raise self._error(node, f"the rows differ in shape: {', '.join(str(np.shape(part)) for part in parts)}")
        return np.array(parts)

    def _binary(self, node: ast.BinOp) -> Any:
        kind = type(node.op)
        if kind not in _BINARY:
            sign, instead = UNSUPPORTED_OPERATORS[kind]
            message = unsupported(f"the sign {sign}", instead)
            raise self._source.error_between(node.left, sign, node.right, message) or self._error(node, message)
        left, right = self._value(node.left), self._value(node.right)
        shapes = () if kind is ast.MatMult else (left, right)  # matmul's own message has them
        return self._compute(node, FUNCTIONS[_BINARY[kind]], left, right, shapes=shapes)

    def _attribute(self, node: ast.Attribute) -> Any:
        if node.attr == "T":
            x = self._value(node.value)
            return self._compute(node, lambda: x.T)
        if node.attr in FUNCTIONS:
            raise self._error(node, f"functions are called without a dot: {node.attr}{signature(node.attr)}")
        raise self._error(node, unsupported(f".{node.attr}"))

    def _index(self, node: ast.expr) -> Any:
        match node:
            case ast.Tuple():
                return tuple(self._index(part) for part in node.elts)
            case ast.Slice():
                return slice(*(None if n is None else self._index(n) for n in (node.lower, node.upper, node.step)))
        if isinstance(index := _whole(node), int):
            return index
        raise self._error(node, "an index is a whole number or a range: x[0], x[-1], x[1:3], x[:, 0]")

    # ------------------------------------------------------------------ calls

    def _call(self, node: ast.Call) -> Any:
        name = self._called(node.func)
        arguments = [self._argument(name, i, part) for i, part in enumerate(node.args)]
        params: dict[str, Any] = {}
        for keyword in node.keywords:
            key = self._new_keyword(name, keyword, params)
            params[key] = self._param(keyword.value)
        call = signature(name)
        try:
            call.bind(*arguments, **params)
        except TypeError as error:
            raise self._error(node, f"{name}: {error}\nit is called as {name}{call}") from None
        return self._compute(node, FUNCTIONS[name], *arguments, hint=_HINTS.get(name, ""), **params)

    def _called(self, node: ast.expr) -> str:
        """The name of the function that is called."""
        if isinstance(node, ast.Attribute):
            self._attribute(node)  # which rejects w.sum() with a better hint than the one below
        if not isinstance(node, ast.Name):
            raise self._error(node, "this is not a function; for a product write *, as in 2*(x + 1)")
        if node.id in self.names:
            raise self._error(node, f"{node.id} is a variable, not a function; for a product write {node.id}*(…)")
        if node.id not in FUNCTIONS:
            raise self._error(node, f"there is no function {node.id}{suggestion(node.id, FUNCTIONS)}")
        return node.id

    def _argument(self, function: str, position: int, node: ast.expr) -> Any:
        if function == "where" and position == 0 and isinstance(node, ast.Compare):
            return self._comparison(node)
        if isinstance(node, ast.List) and next(iter(signature(function).parameters), "") == "arrays":
            return [self._value(part) for part in node.elts]
        # A primitive computes with all of its arguments. In other functions, those after the first may be shapes, axes
        # or classes, which must be integers.
        if position and not isinstance(FUNCTIONS[function], mg.Primitive):
            whole = _whole(node)
            if whole is not None:
                return self._at_most(MAX_SIZE, node, whole)
        return self._value(node)

    def _comparison(self, node: ast.Compare) -> Any:
        left, *others = (self._value(part) for part in (node.left, *node.comparators))
        if len(others) != 1 or type(node.ops[0]) not in _COMPARISONS:
            raise self._error(node, "a condition compares two values by one of < <= > >= == !=, as in x > 0")
        return self._compute(node, _COMPARISONS[type(node.ops[0])], left, others[0], shapes=(left, others[0]))

    def _new_keyword(self, function: str, keyword: ast.keyword, before: dict[str, Any]) -> str:
        if keyword.arg is None:
            raise self._unsupported(keyword)
        known = signature(function).parameters
        if keyword.arg not in known:
            raise self._error(
                keyword,
                f"{function} has no parameter {keyword.arg}{suggestion(keyword.arg, known, {})}\n"
                f"it is called as {function}{signature(function)}",
            )
        if keyword.arg in before:
            raise self._error(keyword, f"{keyword.arg} is set twice; drop one of the two")
        return keyword.arg

    def _param(self, node: ast.expr) -> Any:
        if isinstance(node, ast.Constant) and (node.value is None or isinstance(node.value, bool)):
            return node.value
        if (whole := _whole(node)) is not None:
            return self._at_most(_MAX_PARAM, node, whole)
        raise self._error(node, "a parameter is a whole number, a tuple such as (0, 1), True, False or None")

    def _at_most(self, limit: int, node: ast.expr, whole: Any) -> Any:
        """Whole numbers, unless one of them is absurdly large."""
        if any(abs(n) > limit for n in np.ravel(np.array(whole, dtype=object))):
            raise self._error(node, f"this parameter is too large; the limit is {limit:,}")
        return whole

    # ------------------------------------------------------------------ computing, and errors

    def _compute(
        self,
        node: ast.expr,
        function: Callable[..., Any],
        *args: Any,
        shapes: Any = (),
        hint: str = "",
        **params: Any,
    ) -> Any:
        """Call a minigrad function, unless the value would be too large; its error messages are shown below carets."""
        self._check_size(node, function.__name__, args, params)
        try:
            value = function(*args, **params)
        except _MINIGRAD_ERRORS as error:
            if shapes:
                hint = f"\nthe shapes are {' and '.join(str(np.shape(x)) for x in shapes)}"
            message = "this needs more memory than is available" if isinstance(error, MemoryError) else str(error)
            raise self._error(node, f"{message}{hint}") from None
        if isinstance(value, tuple | list):
            instead = _INSTEAD.get(function.__name__, "; take a part as in x[0:2]")
            raise self._error(node, f"this gives {len(value)} arrays, not a single value{instead}")
        if value.size > MAX_SIZE:
            raise self._error(node, f"this has {value.size:,} numbers; the limit is {MAX_SIZE:,}")
        self._computed += value.size
        if self._computed > MAX_NUMBERS:
            raise self._error(node, f"all values up to this one have more than {MAX_NUMBERS:,} numbers together")
        return value if isinstance(value, mg.Tensor) or value.dtype.kind in "bc" else value.astype(np.float64)

    def _check_size(self, node: ast.expr, name: str, args: Sequence[Any], params: Mapping[str, Any]) -> None:
        """Reject a call that would take too much memory, before it does."""
        given = signature(name).bind(*args, **params).arguments if name in FUNCTIONS else {"arrays": args}
        needed = numbers_needed(name, given)
        if needed > MAX_NUMBERS:
            raise self._error(node, f"this has up to {needed:,} numbers; the limit is {MAX_SIZE:,}")

    def _unsupported(self, node: ast.expr | ast.stmt | ast.keyword) -> InputError:
        return self._error(node, unsupported_node(node))

    def _error(self, part: SourceRange, message: str) -> InputError:
        return self._source.error_at(part, message)


def _whole(node: ast.expr) -> Any:
    """An integer, or a list or tuple of integers; ``None`` if the node is anything else."""
    match node:
        case ast.Constant(value=int(n)) if not isinstance(n, bool):
            return n
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int(n))) if not isinstance(n, bool):
            return -n
        case ast.List() | ast.Tuple():
            parts = [_whole(part) for part in node.elts]
            return None if None in parts else tuple(parts) if isinstance(node, ast.Tuple) else parts
    return None
