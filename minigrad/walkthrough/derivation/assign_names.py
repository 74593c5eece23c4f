"""What a derivation calls the values of a graph.

In this order: the name that was given (``t.named("z")``), the caller's variable, the place of a parameter
in its model (``conv1.weight`` is W⁽¹⁾), the module or scope that a value comes out of (``conv1``), L for
the loss. Leaves without any are v₁, v₂ …, as in the lecture's topological ordering v₁ … v_N, and arrays
that were given without a name c₁, c₂ …
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from minigrad.core.scope import Scope
from minigrad.core.tensor import Tensor
from minigrad.notation import Name
from minigrad.notation.name import can_be_named

__all__ = ["assign_names"]

_LETTERS = {"weight": "W", "bias": "b"}


def assign_names(order: Sequence[Tensor], variables: Mapping[int, str], wanted: Container[int]) -> dict[int, Name]:
    """The names of a graph's values by identity, no two alike; what is not in it has none.

    Arguments:
        order: the graph in topological order, ending in the loss.
        variables: what the caller's variables call values, by identity.
        wanted: identities of Tensors that need a name, whatever it be.
    """
    values = {id(x): x for y in order for x in (*(y._inputs or ()), y) if can_be_named(x)}
    parameters, outputs = _parameters(order), _outputs(order)
    own: dict[int, list[Name]] = {}  # the user's names come first: nothing else may take one
    found: dict[int, list[Name]] = {}
    for key, x in values.items():
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
    names = {key: _first_free(choices, taken) for key, choices in (own | found).items()}
    numbered = (Name.parse(f"v_{k}") for k in range(1, 1 << 60))
    for key, x in values.items():
        if key not in names and isinstance(x, Tensor) and ((x.requires_grad and x.is_leaf) or key in wanted):
            names[key] = replace(_first_free(numbered, taken), ndim=x.ndim)
    constants = (Name.parse(f"c_{k}") for k in range(1, 1 << 60))
    for key, x in values.items():
        array = x.data if isinstance(x, Tensor) else x
        if key not in names and np.size(array) > 1 and (not isinstance(x, Tensor) or x.is_leaf):
            names[key] = replace(_first_free(constants, taken), ndim=np.ndim(array))
    return names


def _first_free(choices: Iterable[Name], taken: set[str]) -> Name:
    """The first choice that is not taken, else the last one with a number; it is taken then."""
    last = None
    for last in choices:
        if not {last.text, last.python} & taken:
            break
    else:
        assert last is not None
        last = next(name for name in _numbered(last) if not {name.text, name.python} & taken)
    taken |= {last.text, last.python}
    return last


def _numbered(name: Name) -> Iterator[Name]:
    for k in range(2, 1 << 60):
        index = f"{name.index},{k}" if name.index else str(k)
        yield replace(name, index=index, source=f"{name.source}_{k}")


def _parameters(order: Iterable[Tensor]) -> dict[int, list[Name]]:
    """Names for the parameters of models, by identity: the letter with the layer's number, else the path.

    A scope tells of the parameters below it when its label has ``named_parameters``, as those of modules do.
    """
    scopes = (s for y in order if y._scope is not None for s in y._scope.path())
    paths: dict[int, tuple[Any, str]] = {}
    for label in dict.fromkeys(s.label for s in scopes if _is_module(s.label)):  # the outermost comes first
        for path, parameter in label.named_parameters():
            paths.setdefault(id(parameter), (label, path))
    used = {id(x): x for y in order for x in y._inputs or () if id(x) in paths}
    layers = list(dict.fromkeys((paths[key][0], paths[key][1].rpartition(".")[0]) for key in used))
    names: dict[int, list[Name]] = {}
    for key, x in used.items():
        label, path = paths[key]
        layer, _, last = path.rpartition(".")
        repeated = [p for _, p in list(paths.values())[: list(paths).index(key)]].count(path)
        path = f"{path}_{repeated + 1}" if repeated else path  # of another model
        whole = Name(path, ndim=x.ndim, source=path)
        number = str(layers.index((label, layer)) + 1) if len(layers) > 1 else ""
        letter = replace(whole, base=_LETTERS[last], layer=number) if last in _LETTERS else None
        names[key] = [letter, whole] if letter else [whole]
    return names


def _outputs(order: Sequence[Tensor]) -> dict[int, str]:
    """The path of the module or scope that a value leaves when something outside uses it."""
    names = {}
    for z in order:
        around = set(_around(z))
        for x in z._inputs or ():
            if isinstance(x, Tensor) and x._scope is not None and x._scope.outer is not None and x._scope not in around:
                path = ".".join(filter(None, (_called(s.label) for s in x._scope.path())))
                if path:
                    names[id(x)] = path
    return names


def _around(y: Tensor) -> Iterator[Scope]:
    scope = y._scope
    while scope is not None:
        yield scope
        scope = scope.outer


def _called(label: Any) -> str:
    """A module is called by the attribute it is kept in; the outermost is not."""
    return str(getattr(label, "name", "")) if _is_module(label) else str(label)


def _is_module(label: Any) -> bool:
    return hasattr(label, "named_parameters")
