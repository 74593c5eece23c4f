"""The names of a graph's values in a derivation.

In order of preference: the Tensor's own name (``t.named("z")``), the caller's variable, a parameter's path
in its model (``conv1.weight`` is W⁽¹⁾), the module or scope that a value leaves (``conv1``), L for the
loss. Leaves without any of these are v₁, v₂ …, as in the lecture's topological ordering v₁ … v_N, and
arrays without a name are c₁, c₂ …
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from minigrad.core.graph import Operation
from minigrad.core.tensor import Tensor
from minigrad.notation import Name
from minigrad.notation import operations as ops
from minigrad.notation.name import can_be_named

__all__ = ["assign_names", "first_free", "numbered"]

_LETTERS = {"weight": "W", "bias": "b"}
_NORMALIZED = {"weight": "γ", "bias": "β"}


def assign_names(
    order: Sequence[Tensor],
    constants: Mapping[Tensor, Operation],
    variables: Mapping[int, str],
    needs_name: Container[int],
    known: Mapping[int, Name] | None = None,
) -> tuple[dict[int, Name], set[Name]]:
    """The names of a graph's values by identity, all different, and those among them that stand for nameless arrays.

    Arguments:
        order: the graph in topological order, ending in the loss.
        constants: those that formulas write as what they were computed from, and so without a name.
        variables: the names of the caller's variables, by the identity of their values.
        needs_name: identities of Tensors that must get a name.
        known: names by identity in place of those that the program gives.
    """
    values = {id(x): x for y in order for x in (*(y._inputs or ()), y) if can_be_named(x)}
    values |= {id(x): x for constant in constants.values() for x in constant.inputs if can_be_named(x)}
    parameters, outputs = _parameters(order), _outputs(order)
    own: dict[int, list[Name]] = {}  # the user's names come first: no other value may take one
    found: dict[int, list[Name]] = {}
    for key, x in values.items():
        if known is not None:
            if key in known:
                own[key] = [known[key]]
            continue
        ndim = np.ndim(x.data if isinstance(x, Tensor) else x)
        source = getattr(x, "name", None) or variables.get(key)
        if source:
            own[key] = [Name.parse(source, ndim)]
        elif key in parameters:
            found[key] = parameters[key]
        elif x is order[-1]:
            found[key] = [Name.parse("L")]
        elif key in outputs:
            found[key] = [Name.parse(outputs[key], ndim)]
    taken: set[str] = set()
    names = {key: first_free(choices, taken) for key, choices in (own | found).items()}
    numbered = (Name.parse(f"v_{k}") for k in range(1, 1 << 60))
    for key, x in values.items():
        needed = isinstance(x, Tensor) and x.requires_grad and (x.is_leaf or key in needs_name)
        if key not in names and needed:
            names[key] = replace(first_free(numbered, taken), ndim=x.ndim)
    numbered = (Name.parse(f"c_{k}") for k in range(1, 1 << 60))
    nameless: set[Name] = set()
    for key, x in values.items():
        array = x.data if isinstance(x, Tensor) else x
        is_array = np.size(array) > 1 and (not isinstance(x, Tensor) or (x.is_leaf and x not in constants))
        if key not in names and (is_array or key in needs_name):
            names[key] = replace(first_free(numbered, taken), ndim=np.ndim(array))
            nameless.add(names[key])
    return names, nameless


def first_free(choices: Iterable[Name], taken: set[str]) -> Name:
    """The first choice that is not taken, else the last one with a number; marked as taken."""
    last = None
    for last in choices:
        if not {last.text, last.python} & taken:
            break
    else:
        assert last is not None
        last = next(name for name in numbered(last) if not {name.text, name.python} & taken)
    taken |= {last.text, last.python}
    return last


def numbered(name: Name) -> Iterator[Name]:
    """The name with a number: z₂, z₃ …"""
    for k in range(2, 1 << 60):
        index = f"{name.index},{k}" if name.index else str(k)
        yield replace(name, index=index, source=f"{name.source}_{k}")


def _parameters(order: Iterable[Tensor]) -> dict[int, list[Name]]:
    """Names for the parameters and buffers of models, by identity: the letter with the layer's number, else the path.

    A scope knows its parameters if its label has ``named_parameters``, as a module does, and so its buffers.
    """
    scopes = (s for y in order if y._scope is not None for s in y._scope.path())
    paths: dict[int, tuple[Any, str]] = {}
    for label in dict.fromkeys(s.label for s in scopes if _is_module(s.label)):  # the outermost comes first
        buffers = label.named_buffers() if hasattr(label, "named_buffers") else ()
        for path, parameter in (*label.named_parameters(), *buffers):
            paths.setdefault(id(parameter), (label, path))
    used = {id(x): x for y in order for x in y._inputs or () if id(x) in paths}
    normalizing = {id(_reshaped(x)) for y in order if y._primitive is ops.standardize for x in (y._inputs or ())[1:]}
    layers = list(dict.fromkeys((paths[key][0], paths[key][1].rpartition(".")[0]) for key in used))
    names: dict[int, list[Name]] = {}
    for key, x in used.items():
        label, path = paths[key]
        layer, _, last = path.rpartition(".")
        repeated = [p for _, p in list(paths.values())[: list(paths).index(key)]].count(path)
        path = f"{path}_{repeated + 1}" if repeated else path  # of another model
        whole = Name(path, ndim=x.ndim, source=path)
        number = str(layers.index((label, layer)) + 1) if len(layers) > 1 else ""
        letters = _NORMALIZED if key in normalizing else _LETTERS
        letter = replace(whole, base=letters[last], layer=number) if last in letters else None
        names[key] = [letter, whole] if letter else [whole]
    return names


def _reshaped(x: Any) -> Any:
    """What was reshaped."""
    while isinstance(x, Tensor) and x._primitive is ops.reshape and x._inputs:
        x = x._inputs[0]
    return x


def _outputs(order: Sequence[Tensor]) -> dict[int, str]:
    """The path of the module or scope that a value leaves, where it is used outside."""
    names = {}
    for z in order:
        for x in z._inputs or ():
            if isinstance(x, Tensor) and x._scope is not None and not x._scope.encloses(z._scope):
                path = x._scope.name()
                if path:
                    names[id(x)] = path
    return names


def _is_module(label: Any) -> bool:
    return hasattr(label, "named_parameters")
