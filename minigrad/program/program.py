"""One program: recorded from one call, written as text, and run."""

from __future__ import annotations

import linecache
from collections.abc import Callable
from inspect import Parameter as P
from inspect import signature
from itertools import count
from typing import Any, NamedTuple

import numpy as np

from minigrad.core.tensor import Tensor, leaf, without_graph
from minigrad.device import device_of, is_array, to_host
from minigrad.program.arguments import check, is_input
from minigrad.program.compare import check_result, check_same
from minigrad.program.fast.faster import faster
from minigrad.program.random_state import random_states
from minigrad.program.recording.captured import same_names
from minigrad.program.recording.layers import name_layers
from minigrad.program.recording.lines import Line, Variable, map_variables, release, variables_in
from minigrad.program.recording.outside import Outside
from minigrad.program.recording.recording import Recording
from minigrad.program.recording.threads import recording_turn
from minigrad.program.recording.update import IN_PLACE
from minigrad.program.simplify.simplify import simplified
from minigrad.program.source.check import kind_text
from minigrad.program.source.module import Module, Parameter, written
from minigrad.program.source.release import with_releases
from minigrad.program.source.trees import Pair
from minigrad.program.state import State
from minigrad.recorder import Draws

__all__ = ["Program", "parameter_names"]

_numbers = count(1)


class Program:
    """The program of a function for arguments of one kind.

    Attributes:
        module: its text.
        state: the Tensors outside that it reads and changes.
        draws: whether it draws random numbers.
        run: the function that it defines.
        is_plain: whether it takes and returns no Tensors, so that `run` can be called with the arguments themselves.
        returns_tensors: the tree of the result with a `_Named` for each Tensor; ``False`` if there is none.
    """

    def __init__(
        self, f: Callable[..., Any], name: str, args: tuple[Any, ...], kwargs: dict[str, Any], style: str = "readable"
    ) -> None:
        call = _Call(f, parameter_names(f, len(args)), args, kwargs, style == "readable")
        with recording_turn:
            before = random_states(f)
            recorded = _recorded_twice(call, name)
            if before != random_states(f):
                raise _changing(name)
        check_result(recorded.result, name)
        if not recorded.changes_anything():
            with np.errstate(all="ignore"):  # the program warns
                expected = f(*args, **kwargs)
            if not recorded.outside.is_written():  # by another thread
                check_same(recorded.result, expected, name)
        outside, tree = recorded.outside, recorded.result
        kept, found = simplified(recorded.lines, recorded.results, style == "readable")
        if style == "fast":
            kept = faster(kept, found)
        used = {*variables_in(found), *(v for line in kept for v in line.inputs())}
        names = same_names(f, told=[*outside.tensors, *outside.told_by_conditions()])
        if names is not None:
            outside.conditions.append(names)
        self.state = State(outside, used)
        self.draws = any(line.has_effect and line.outputs and line.function not in IN_PLACE for line in kept)
        self.has_state = bool(self.state) or self.draws
        parameters = recorded.parameters
        for x in outside.tensors.values():
            parameters += [Parameter(v.names[0], v) for v in (x.variable, x.grad_variable) if v in used]
        parameters += [Parameter(name, tree, is_inline=True) for name, _, tree in outside.given_to(used)]
        pairs = iter([Pair(pair) for pair in zip(found, recorded.results, strict=True)])
        self.returns_tensors = _map(tree, lambda x: isinstance(x, Tensor) and _Named(x.name, x.requires_grad))
        if not _any(self.returns_tensors):
            self.returns_tensors = False
        self.is_plain = self.returns_tensors is False and not self.has_state and not _holds_tensors((args, kwargs))
        kinds = [(parameter.name, kind_text(parameter.tree)) for parameter in parameters]
        returned = _map(tree, lambda _: next(pairs))
        if self.state.changes:
            returned = (returned, tuple(pairs))
        self.module: Module = written(name, kinds, parameters, kept, returned, style == "readable")
        self.run = _defined(self.module)
        release(recorded.lines)
        release(kept)

    def __call__(self, args: tuple[Any, ...], kwargs: dict[str, Any], draws: Draws | None = None) -> Any:
        """The result for arguments of the kind that the program was written for.

        Arguments:
            draws: what other programs have drawn in this call, before they turned out to be for other numbers.

        Raises:
            OtherProgram: if it was written for another state, or for other numbers.
        """
        given = *_plain(args), *_plain(tuple(kwargs.values()))  # in the order of the first call
        if not self.has_state:
            result = self.run(*given)
        else:
            state = self.state.values()
            if self.draws:
                with (draws or Draws()).taken():
                    result = self.run(*given, *state)
            else:
                result = self.run(*given, *state)
            changes: Any = ()
            if self.state.changes:
                result, changes = result
            self.state.change(changes)
        return result if self.returns_tensors is False else _wrapped(result, self.returns_tensors)


class _Named(NamedTuple):
    """In place of a Tensor in a tree of results: its name, if it has one, and whether it depends on parameters."""

    name: str | None
    requires_grad: bool


def parameter_names(f: Callable[..., Any], n: int) -> list[str]:
    """The names of the first n arguments that are passed by position."""
    try:
        parameters = list(signature(f).parameters.values())
    except (TypeError, ValueError):
        parameters = []
    names = [p.name for p in parameters if p.kind in (P.POSITIONAL_ONLY, P.POSITIONAL_OR_KEYWORD)][:n]
    more = next((p.name for p in parameters if p.kind is P.VAR_POSITIONAL), "x")
    return names + [f"{more}_{i}" for i in range(n - len(names))]


class _Call(NamedTuple):
    """A call of the function that a program is written of."""

    f: Callable[..., Any]
    names: list[str]
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    readable: bool = False


class _Recorded(NamedTuple):
    """What was recorded of a call: the tree of what it returned; its leaves, and what outside Tensors become."""

    parameters: list[Parameter]
    lines: list[Line]
    result: Any
    results: list[Any]
    outside: Outside
    unknown: list[RuntimeError]

    def changes_anything(self) -> bool:
        """Whether a call of the function itself would change what is outside, or draw other numbers."""
        return bool(self.outside.changes or self.outside.resets) or any(line.has_effect for line in self.lines)


def _changing(name: str) -> RuntimeError:
    return RuntimeError(
        f"compile: {name} computes with something that changes from call to call although its arguments do "
        "not: random numbers, a counter, or a state outside; pass it as an argument"
    )


def _recorded_twice(call: _Call, name: str) -> _Recorded:
    """The recording of a call, made again to find out whether it computes the same.

    What is computed from a parameter before its module is called is a constant in the first recording. It knows the
    parameters at its end, and another one begins with them.

    Raises:
        RuntimeError: if two recordings differ, or what is outside is neither an argument nor a part of a module.
    """
    recorded = _recorded(call)
    for _ in range(2):
        known = recorded.outside.names()
        again = _recorded(call, known, named=bool(recorded.unknown))
        if again.unknown:
            raise again.unknown[0]
        if not recorded.unknown and _shape_of(recorded) == _shape_of(again):
            release(again.lines)
            return recorded
        if not known:
            break
        recorded = again if recorded.unknown else _recorded(call, known)
    raise _changing(name)


def _recorded(call: _Call, known: dict[Tensor, str] | None = None, named: bool = True) -> _Recorded:
    recording = Recording(named, known, call.readable)
    own_args: list[Any] = []
    own_kwargs: dict[str, Any] = {}
    parameters: list[Parameter] = []
    for name, value in [*zip(call.names, call.args, strict=True), *call.kwargs.items()]:
        check(value, f"argument {name}")
        tree: Any = None

        def given(x: Any, path: str) -> tuple[Any, Any]:
            if not is_input(x):
                return x, x
            standing = recording.input(x._data if isinstance(x, Tensor) else x, path)
            return _like(x, standing) if isinstance(x, Tensor) else standing, standing.variable

        own, tree = _given(value, name, given)
        parameters.append(Parameter(name, tree))
        if len(own_args) < len(call.args):
            own_args.append(own)
        else:
            own_kwargs[name] = own
    before = _structure([own_args, own_kwargs])
    result = recording.run(call.f, tuple(own_args), own_kwargs)
    if _structure([own_args, own_kwargs]) != before:
        raise RuntimeError(
            f"compile: {getattr(call.f, '__name__', 'the function')} changes a list or dictionary that it is given, "
            "which a program does not repeat; change a copy, and return that"
        )
    leaves: list[Any] = []
    _map(result, leaves.append)
    results = [recording.result(x) for x in leaves]
    if named:
        name_layers(recording.lines, results)
    for (tensor, what), value in recording.outside.changes:
        results.append(recording.result(value))
        if what == "data" and isinstance(results[-1], Variable):
            results[-1].names.append(f"{recording.outside.tensors[tensor].name}_new")
    return _Recorded(parameters, recording.lines, result, results, recording.outside, recording.unknown)


def _like(x: Tensor, value: Any) -> Tensor:
    """What stands for an argument: like the result of another program, a Tensor that no sweep can pass."""
    return without_graph(value, x.name) if x.requires_grad else leaf(value, name=x.name, requires_grad=False)


def _given(value: Any, name: str, new: Callable[[Any, str], tuple[Any, Any]]) -> tuple[Any, Any]:
    """The trees of what stands for an argument, and of its variables."""
    if type(value) in (tuple, list):
        pairs = [_given(part, f"{name}_{i}", new) for i, part in enumerate(value)]
        return type(value)(own for own, _ in pairs), type(value)(tree for _, tree in pairs)
    if type(value) is dict:
        found = {k: _given(part, k if isinstance(k, str) else f"{name}_{k}", new) for k, part in value.items()}
        return {k: own for k, (own, _) in found.items()}, {k: tree for k, (_, tree) in found.items()}
    return new(value, name)


def _structure(tree: Any) -> Any:
    """What is in lists and dictionaries, by identity."""
    if type(tree) in (tuple, list):
        return [_structure(part) for part in tree]
    return [(key, _structure(part)) for key, part in tree.items()] if type(tree) is dict else id(tree)


def _map(tree: Any, new: Callable[[Any], Any]) -> Any:
    """The tree of results with `new` of each leaf.

    Raises:
        TypeError: for a structure that a program does not write.
    """
    if type(tree) in (tuple, list):
        return type(tree)([_map(part, new) for part in tree])
    if type(tree) is dict:
        return {key: _map(part, new) for key, part in tree.items()}
    if isinstance(tree, tuple | list | dict):
        raise TypeError(f"compile: the function returns a {type(tree).__name__}, expected a tuple, list or dictionary")
    return new(tree)


def _any(tree: Any) -> bool:
    if isinstance(tree, tuple | list | dict) and not isinstance(tree, _Named):
        return any(map(_any, tree.values() if isinstance(tree, dict) else tree))
    return bool(tree)


def _holds_tensors(values: Any) -> bool:
    if isinstance(values, tuple | list | dict):
        return any(map(_holds_tensors, values.values() if isinstance(values, dict) else values))
    return isinstance(values, Tensor)


def _plain(values: Any) -> Any:
    """The arguments with arrays in place of Tensors."""
    if isinstance(values, Tensor):
        return values._data
    if type(values) in (tuple, list):
        return type(values)([_plain(x) for x in values])
    if type(values) is dict:
        return {key: _plain(x) for key, x in values.items()}
    return values


def _wrapped(result: Any, tensors: Any) -> Any:
    if isinstance(result, tuple | list) and not isinstance(tensors, _Named):
        return type(result)([_wrapped(x, t) for x, t in zip(result, tensors, strict=True)])
    if isinstance(result, dict) and isinstance(tensors, dict):
        return {key: _wrapped(x, tensors[key]) for key, x in result.items()}
    if not tensors:
        return result
    if tensors.requires_grad:
        return without_graph(result, tensors.name)
    return leaf(result, name=tensors.name, requires_grad=False)


def _shape_of(recorded: _Recorded) -> Any:
    """What two recordings of the same call have in common, with constants as text."""
    numbers: dict[Variable, int] = {}

    def known(x: Any) -> Any:
        if type(x) is Variable:
            return numbers.setdefault(x, len(numbers))
        if is_array(x):
            return x.shape, str(x.dtype), device_of(x), to_host(x).tobytes()
        return repr(x) if isinstance(x, bool | int | float | complex | str | np.generic) else type(x)

    lines = [
        (line.function, map_variables(line.args, known), map_variables(line.params, known)) for line in recorded.lines
    ]
    changes = [change for change, _ in recorded.outside.changes]
    own = len(recorded.results) - len(changes)  # Tensors outside are found in another order if they are known
    changed = {(id(tensor), what): x for (tensor, what), x in zip(changes, recorded.results[own:], strict=True)}
    return (
        lines,
        [known(x) for x in recorded.results[:own]],
        [(key, known(changed[key])) for key in sorted(changed)],
        {id(tensor) for tensor in recorded.outside.resets},
    )


def _defined(module: Module) -> Callable[..., Any]:
    """The function that the text of a module defines; tracebacks show its lines."""
    file = f"<mg.compile {next(_numbers)}: {module.name}>"
    linecache.cache[file] = (len(module.text), None, module.text.splitlines(keepends=True), file)
    namespace: dict[str, Any] = {"__name__": f"minigrad_program_{module.name}", **module.namespace}
    code = with_releases(module.text, module.name, module.large) if module.large else module.text
    exec(compile(code, file, "exec"), namespace)
    return namespace[module.name]  # type: ignore[no-any-return]
