"""The text of a module: imports, constants, and the function with a line for each variable."""

from __future__ import annotations

import operator
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from math import prod
from typing import Any

import numpy as np

from minigrad.device import as_plain_array, is_array, to_device
from minigrad.program.fast.memory import forget, is_large
from minigrad.program.recording.lines import Line, Variable, variables_in
from minigrad.program.recording.numpy_calls import Attribute, Method
from minigrad.program.recording.update import IN_PLACE
from minigrad.program.runtime import expect, expect_shape
from minigrad.program.simplify.memory import roots
from minigrad.program.simplify.simplify import SMALL
from minigrad.program.simplify.uniform import is_number
from minigrad.program.source.check import kind_text
from minigrad.program.source.constants import Constants
from minigrad.program.source.expressions import Expressions
from minigrad.program.source.functions import Functions
from minigrad.program.source.layout import in_lines
from minigrad.program.source.names import Names, identifier
from minigrad.program.source.places import crossing_lines, terms_of_signals, within_settings
from minigrad.program.source.trees import Pair, leaves, paths, shown, tree_text, within_docstring
from minigrad.program.source.update import update_lines

__all__ = ["Module", "Pair", "Parameter", "written"]

_LONGEST = 12  # variables, constants and operations in an expression


@dataclass
class Parameter:
    """An argument of the program: a variable, a tree of variables, or a constant that it was written for.

    Attributes:
        is_inline: whether what is in a tree is written as such, ``m["W1"]``, and gets no name of its own.
    """

    name: str
    tree: Any
    is_inline: bool = False


@dataclass
class Module:
    """The text of a program, and what it needs that has no text.

    Attributes:
        unsaved: what another process could not find, in words.
        kinds: the parameters, with the kind of argument that each was written for.
        large: the names of the large arrays that it computes.
    """

    name: str
    text: str
    namespace: dict[str, Any] = field(default_factory=dict)
    unsaved: list[str] = field(default_factory=list)
    kinds: list[tuple[str, str]] = field(default_factory=list)
    large: set[str] = field(default_factory=set)


def written(
    name: str, kinds: list[tuple[str, str]], parameters: list[Parameter], lines: list[Line], result: Any, readable: bool
) -> Module:
    """The module of a program: `result` is a tree of pairs, of a variable or constant and the one that it came from."""
    writer = _Writer(name, kinds, parameters, lines, result, readable)
    try:
        return writer.module()
    finally:
        del writer.expressions, writer.constants  # they know the writer: without cycles, memory is freed at once


class _Writer:
    def __init__(
        self,
        name: str,
        kinds: list[tuple[str, str]],
        parameters: list[Parameter],
        lines: list[Line],
        result: Any,
        readable: bool,
    ) -> None:
        self.readable = readable
        self.name = name
        self.kinds = kinds
        self.parameters = parameters
        self.lines = lines
        self.result = result
        self.names = Names()
        self.functions = Functions(self.names.taken)
        self.constants = Constants(self.names.taken, lambda: self.functions.name(to_device))
        self.expressions = Expressions(self._operand, self.functions, self.constants, readable)
        returned = list(leaves(result))
        self.uses = Counter(v for line in lines for v in line.inputs())
        self.uses.update(v for v, _ in returned if isinstance(v, Variable))
        self.crossing = crossing_lines(lines, [v for v, _ in returned if isinstance(v, Variable)])
        self.terms = terms_of_signals(lines)
        self.sizes: dict[Variable, int] = {}
        self.inline: set[Variable] = set()
        self.within_settings = within_settings(lines)
        self.comment = "  # else another program is written" * readable
        self.places = {line: i for i, line in enumerate(lines)}

    # ------------------------------------------------------------------ the module

    def module(self) -> Module:
        self.name = self.names.free(self.name)  # a function called abs would call itself
        before = set(self.names.taken)
        self._reserve_functions()
        self.names.of_functions = self.names.taken - before
        unpacking = self._parameters()
        body: list[str] = []
        update = self.lines[_before_last(self.lines, lambda line: line.is_update) :]
        for line in self.lines[: len(self.lines) - len(update)]:
            body += self._statement(line)
        body += [_UPDATE + text for text in update_lines(update, self.state, self.names, self._update)]
        body = _with_headings(body)
        if unpacking and body:
            body.insert(0, "")
        returned = self._return(body)
        signature = f"def {self.name}({', '.join(self.signature)}):"
        imports = [
            f"from {module} import {', '.join(sorted(names))}" for module, names in self.functions.imports.items()
        ]
        definitions = self.functions.definitions + self.constants.definitions
        text = [
            f'"""Written by mg.compile of minigrad {_version()}, for',
            "",
            *map(within_docstring, self._described()),
            '"""',
            "",
        ]
        text += ["import numpy as np", *([""] if imports else []), *sorted(imports)]
        text += ["", *[line for definition in definitions for line in in_lines(definition)]] if definitions else []
        text += ["", "", *in_lines(signature)]
        for statement in (*unpacking, *body, *([] if "\n" in returned else [returned])):
            inner = len(statement) - len(statement.lstrip(" "))
            text += in_lines(statement[inner:], " " * (4 + inner)) if statement else [""]
        text += [f"    {line}" for line in returned.split("\n")] if "\n" in returned else []
        while "\n\n\n\n" in "\n".join(text):
            text = "\n".join(text).replace("\n\n\n\n", "\n\n\n").split("\n")
        return Module(
            self.name,
            "\n".join(text) + "\n",
            self.functions.namespace | self.constants.namespace,
            self.functions.unsaved + self.constants.unsaved,
            list(zip(self.signature, [kind for _, kind in self.kinds], strict=True)),
            {self.names.known(y) or "" for line in self.lines for y in line.outputs if is_large(y)},
        )

    def _described(self) -> list[str]:
        """The arguments that the program was written for, a line for each array."""
        found = []
        for own, parameter in zip(self.signature, self.parameters, strict=True):
            leaves = [(own + path, kind_text(leaf)) for path, leaf in paths(parameter.tree, shown)]
            if parameter.is_inline and isinstance(parameter.tree, dict) and len(leaves) > 1:
                found.append(
                    f"    {own}: a dictionary with an array for each parameter, {leaves[0][0]}: {leaves[0][1]}"
                )
            else:
                found += [f"    {name}: {kind}" for name, kind in leaves]
        return found or ["    no arguments"]

    def _reserve_functions(self) -> None:
        """Functions get their names before variables do."""
        quiet = Expressions(lambda _: ("_", 9), self.functions, self.constants, self.readable)
        written: set[Any] = set()
        for line in self.lines:
            if line.function in (expect, expect_shape):
                self.functions.name(line.function)
            elif line.function is forget or line.function in IN_PLACE:
                continue
            elif line.function not in written or line.params or not all(map(_has_no_name, line.args)):
                written.add(line.function)
                quiet.line(line)

    def _parameters(self) -> list[str]:
        """The names of the parameters, and the lines that take trees apart."""
        self.signature: list[str] = []
        self.state: dict[Variable, tuple[str, str]] = {}
        lines: list[str] = []
        for parameter in self.parameters:
            tree = parameter.tree
            name = identifier(parameter.name)
            if isinstance(tree, Variable):
                self.signature.append(self.names.give(tree, name))
                continue
            own = self.names.free(name)
            self.signature.append(own)
            for path, leaf in paths(tree, self.expressions.text):
                if isinstance(leaf, Variable) and parameter.is_inline:
                    self.names.call(leaf, f"{own}{path}")
                    self.state[leaf] = own, path[1:-1]
                elif isinstance(leaf, Variable):
                    lines.append(f"{self.names.give(leaf)} = {own}{path}")
        return lines

    # ------------------------------------------------------------------ statements

    def _statement(self, line: Line) -> list[str]:
        if line.function in (expect, expect_shape):
            name = self.functions.name(line.function)
            comment, self.comment = self.comment, ""
            return [f"{name}({self.expressions.text(line.args[0])}, {self.expressions.text(line.args[1])}){comment}"]
        if line.function is forget:
            return [f"{_BACKWARD * line.is_backward}del {', '.join(map(self.expressions.text, line.args))}"]
        if line.function in IN_PLACE:
            (target, value), (y,) = line.args, line.outputs
            text = f"{_UPDATE}{self.expressions.text(target)} {IN_PLACE[line.function]} {self.expressions.text(value)}"
            self.names.hand_on(target, y)
            return [text]
        if not line.outputs:
            return [f"{_UPDATE}{self.expressions.line(line)[0]}"]
        if not line.several:
            (y,) = line.outputs
            if self._is_inline(line, y):
                self.inline.add(y)
                return []
            text = self.expressions.line(line)[0]
            x = line.args[0] if line.function is as_plain_array or _is_copy(line) else None
            if isinstance(x, Variable) and x.line is None and self.uses[x] == 1:
                statement = f"{self.names.hand_on(x, y)} = {text}"
            else:
                statement = f"{self.names.give(y, 'g' if line.is_update and not y.names else None)} = {text}"
        else:
            text = self.expressions.line(line)[0]
            targets = [self.names.give(y) if self.uses[y] else "_" for y in line.outputs]
            statement = f"{', '.join(targets)}{',' * (len(targets) == 1)} = {text}"
        if line.settings:
            settings = ", ".join(f'{kind}="{how}"' for kind, how in line.settings.items())
            return [f"with np.errstate({settings}):", f"    {statement}"]
        return [f"{_UPDATE if line.is_update else _BACKWARD if line.is_backward else ''}{statement}"]

    def _update(self, line: Line) -> list[str]:
        return [text.lstrip(_UPDATE) for text in self._statement(line)]

    def _is_inline(self, line: Line, y: Variable) -> bool:
        """Whether it is a part of the expression that uses it."""
        size = 1 + sum(self.sizes.get(v, 1) for v in line.inputs())
        is_transposed = isinstance(line.function, Attribute) and line.function.__name__ == "T"
        is_element = (
            self.readable
            and line.function is operator.getitem
            and isinstance(line.args[0], Variable)
            and line.args[0].line is None
            and _is_basic(line.args[1])
        )
        if line.function is operator.sub and self._is_repeated(line, y):
            self.sizes[y] = size
            return True
        is_number = self.readable and line.is_update and y.dtype is None and size < 6
        if is_number and not y.names and y not in self.crossing:
            self.sizes[y] = size
            return True
        if (is_transposed or is_element) and y not in self.crossing and not self.names.own(y):
            self.sizes[y] = 1
            return True
        is_kept = (
            (line.has_effect and not self._is_used_next(line, y))
            or line.is_statement
            or y in self.crossing
            or y in self.within_settings
        )
        is_long = self.uses[y] != 1 or size > _LONGEST
        if is_kept or line.settings or is_long or (y not in self.terms and self.names.own(y)):
            self.sizes[y] = 1
            return False
        self.sizes[y] = size
        return True

    def _is_repeated(self, line: Line, y: Variable) -> bool:
        """Whether a short difference is written twice, ``y - t``, as a lecture does, and not given a name."""
        return (
            self.readable
            and self.uses[y] == 2
            and prod(y.shape) <= SMALL
            and not (line.settings or line.has_effect or y in self.crossing or y in self.within_settings)
            and self.names.own(y) is None
            and all(is_number(x) or (isinstance(x, Variable) and self.names.known(x)) for x in line.args)
        )

    def _is_used_next(self, line: Line, y: Variable) -> bool:
        """Whether what a line draws is a part of the next one, which has a name: it is drawn at the same place."""
        after = self.lines[self.places[line] + 1 : self.places[line] + 2]
        return any(y in x.inputs() and x.outputs and self.names.own(x.outputs[0]) and not x.has_effect for x in after)

    def _operand(self, v: Variable) -> tuple[str, int] | None:
        name = self.names.known(v)
        if name is not None:
            return name, 9
        assert v in self.inline
        return None

    # ------------------------------------------------------------------ what is returned

    def _return(self, body: list[str]) -> str:
        arrays = [v for v, _ in leaves(self.result) if isinstance(v, Variable) and v.is_array]
        shared = Counter(root for v in arrays for root in roots(v))

        def leaf(v: Any, original: Any) -> str:
            if not isinstance(v, Variable):
                return self.expressions.text(v) + ".copy()" * is_array(v)
            own = self.names.own(original) if isinstance(original, Variable) else None
            text = self.expressions.text(v)
            is_shared = v.is_array and any(root.line is None or shared[root] > 1 for root in roots(v))
            copied = f"{self.expressions.text(v, 9)}.copy()" if is_shared else text
            if own and own != self.names.known(v) and own not in self.names.taken:
                body.append(f"{self.names.free(own)} = {copied}")
                return own
            return copied

        if isinstance(self.result, tuple) and len(self.result) > 1 and not isinstance(self.result, Pair):
            return f"return {', '.join(tree_text(part, leaf, self.expressions.text) for part in self.result)}"
        return f"return {tree_text(self.result, leaf, self.expressions.text)}"


def _before_last(lines: list[Line], is_one: Callable[[Line], bool]) -> int:
    """Where the last lines begin that all are of a kind."""
    return next((i + 1 for i in range(len(lines) - 1, -1, -1) if not is_one(lines[i])), 0)


def _is_copy(line: Line) -> bool:
    """Whether it copies an array in the same dtype."""
    function = line.function
    if type(function) is not Method or function.__name__ != "astype":
        return function is np.copy
    x, *dtype = line.args
    return dtype == [getattr(x, "dtype", None)]


def _has_no_name(x: Any) -> bool:
    """Whether it is a variable or a number, and neither a function nor an array."""
    return type(x) is Variable or is_number(x)


def _is_basic(index: Any) -> bool:
    """Whether an index is known and gives a view, in no time."""
    return all(type(i) is int or (type(i) is slice and not any(variables_in(i))) for i in _tuple(index))


def _tuple(index: Any) -> tuple[Any, ...]:
    return index if isinstance(index, tuple) else (index,)


_BACKWARD, _UPDATE = "\0", "\1"


def _with_headings(body: list[str]) -> list[str]:
    """The lines with a comment where the backward pass begins."""
    found: list[str] = []
    backward = update = False
    for statement in body:
        if statement.startswith(_BACKWARD) and not backward:
            backward = True
            found += ["", "# backward pass"] if found else ["# backward pass"]
        if statement.startswith(_UPDATE) and not update:
            update = True
            found += ["", "# update"] if found else ["# update"]
        found.append(statement.lstrip(_BACKWARD + _UPDATE))
    return ["# forward pass", *found] if backward and not found[0].startswith("#") else found


@cache
def _version() -> str:
    try:
        return version("minigrad-autograd")
    except PackageNotFoundError:
        return "(not installed)"
