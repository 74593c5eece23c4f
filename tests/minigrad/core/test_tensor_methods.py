"""The stub of the attached methods says what `minigrad.methods` attaches: the same names, the same parameters."""

from __future__ import annotations

import ast
import inspect
from pathlib import Path
from typing import Any

import pytest

import minigrad as mg
from minigrad import methods
from minigrad.core import tensor
from minigrad.rules.nondifferentiable import NondifferentiableFunction

STUB = ast.parse(Path(tensor.__file__).with_name("tensor_methods.pyi").read_text(encoding="utf-8"))
(ARRAY_METHODS,) = (node for node in STUB.body if isinstance(node, ast.ClassDef))
FUNCTIONS = {node.name: node for node in ARRAY_METHODS.body if isinstance(node, ast.FunctionDef)}
PROPERTIES = {node.target.id for node in ARRAY_METHODS.body if isinstance(node, ast.AnnAssign)}  # type: ignore[union-attr]


def attached() -> dict[str, Any]:
    """What `minigrad.methods` has added to the class: it is in the class, and not in its source."""
    source = ast.parse(inspect.getsource(mg.Tensor))
    (body,) = (node.body for node in source.body if isinstance(node, ast.ClassDef))
    own = {node.name for node in body if isinstance(node, ast.FunctionDef)}
    own |= {target.id for node in body if isinstance(node, ast.Assign) for target in node.targets}  # type: ignore[attr-defined]
    found = {name: value for name, value in vars(mg.Tensor).items() if name not in own}
    slots = set(mg.Tensor.__slots__)
    ignored = {"__module__", "__doc__", "__slots__", "__annotations__", "__firstlineno__", "__static_attributes__"}
    ignored |= {"__slotnames__"}  # which a copy or pickle notes in the class
    return {
        name: value
        for name, value in found.items()
        if name not in slots | ignored and hasattr(mg.Tensor, name)  # without those that say what to write instead
    }


def parameters(function: Any) -> list[tuple[str, Any, bool]]:
    """Name, kind and whether there is a default, without `self`."""
    found = list(inspect.signature(function).parameters.values())[1:]
    return [(p.name, p.kind, p.default is not p.empty) for p in found]


def stubbed(node: ast.FunctionDef) -> list[tuple[str, Any, bool]]:
    bare = ast.FunctionDef(node.name, node.args, [ast.Pass()], [], None, None, lineno=1, col_offset=0)
    for arg in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs, node.args.vararg, node.args.kwarg):
        if arg is not None:
            arg.annotation = None
    module = ast.fix_missing_locations(ast.Module([bare], []))
    names: dict[str, Any] = {}
    exec(compile(module, "tensor_methods.pyi", "exec"), names)
    return parameters(names[node.name])


def test_the_stub_names_what_is_attached() -> None:
    of_object = {"__eq__", "__ne__"}  # which type checkers know of every object, and hold to its types
    assert FUNCTIONS.keys() | PROPERTIES | of_object == attached().keys()


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_stub_has_the_parameters_of_the_method(name: str) -> None:
    method, found = attached()[name], stubbed(FUNCTIONS[name])
    if isinstance(method, NondifferentiableFunction):  # NumPy's parameters but for those that write or reduce in part
        numpys = [p for p, *_ in parameters(method.function)]
        assert [p for p, *_ in found] == [p for p in numpys if p in {p for p, *_ in found}]
        return
    expected = parameters(method)
    if name.startswith("__"):  # Python passes the operands by position
        expected, found = ([part[1:] for part in side] for side in (expected, found))
    assert found == expected


def test_properties_are_properties() -> None:
    for name in PROPERTIES:
        assert isinstance(attached()[name], property)
    assert methods.attach_operators.__doc__
