"""The tree of modules: what it holds, found by dotted paths."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

import minigrad as mg
from nn.module.attributes import CONTAINERS, HasParts, find, join, parts, parts_of, walk
from nn.module.parameter import Buffer, Parameter
from nn.printed_text import printable
from nn.typing import Array
from nn.unsupported import Explained

if TYPE_CHECKING:
    from nn.module.module import Module

__all__ = ["ModuleTree"]

_Part = TypeVar("_Part", Parameter, Buffer, np.random.Generator)


class ModuleTree(Explained, HasParts):
    """The modules, parameters, buffers and generators in the attributes of a module, and below.

    They may be in lists, tuples and dictionaries, too. Nothing has to be registered, and a call of
    ``super().__init__()`` is not needed: what is in an attribute belongs to the module.
    """

    _name: str = ""  # the name of the attribute that holds it; drawings show it

    def __setattr__(self, name: str, value: Any) -> None:
        held = self.__dict__.get(name)
        if isinstance(held, Parameter | Buffer) and _is_numeric_but_not_a_part(value):
            kind, lost = ("parameter", "trained") if isinstance(held, Parameter) else ("buffer", "in state_dict()")
            raise TypeError(
                f"{type(self).__name__}: {printable(name)} is a {kind}, and got a {type(value).__name__} in its "
                f"place, which would not be {lost}; write m.{name}.data = … to change its value, "
                f"m.{name} = nn.{kind.capitalize()}(…) for a new one, or m.{name} = None first to do without it"
            )
        if isinstance(value, ModuleTree):
            value.__dict__["_name"] = name
        elif isinstance(value, CONTAINERS):
            for path, part in parts_of(name, value):
                if isinstance(part, ModuleTree):
                    part.__dict__["_name"] = path
        super().__setattr__(name, value)

    # ------------------------------------------------------------------ all of a kind

    def named_children(self) -> Iterator[tuple[str, Module]]:
        """The direct submodules, each once, with their names."""
        children: dict[int, tuple[str, Any]] = {}
        for name, part in parts(self):
            if isinstance(part, ModuleTree):
                children.setdefault(id(part), (name, part))
        return iter(children.values())

    def children(self) -> Iterator[Module]:
        """The direct submodules, each once."""
        return (module for _, module in self.named_children())

    def named_modules(self, prefix: str = "") -> Iterator[tuple[str, Module]]:
        """The module itself (under the name ``""``) and all submodules at any depth, each once, with dotted paths."""
        return ((path, module) for path, module, _ in walk(self, prefix))

    def modules(self) -> Iterator[Module]:
        """The module itself and all submodules at any depth, each once."""
        return (module for _, module in self.named_modules())

    def named_parameters(self, prefix: str = "", recurse: bool = True) -> Iterator[tuple[str, Parameter]]:
        """All parameters, each once, with dotted paths (``"conv1.weight"``).

        Arguments:
            prefix: what the paths begin with.
            recurse: whether to list those of submodules, too.
        """
        return self._named(Parameter, prefix, recurse)

    def parameters(self, recurse: bool = True) -> Iterator[Parameter]:
        """All parameters, each once."""
        return (parameter for _, parameter in self.named_parameters(recurse=recurse))

    def named_buffers(self, prefix: str = "", recurse: bool = True) -> Iterator[tuple[str, Buffer]]:
        """All buffers, each once, with dotted paths (``"norm1.running_mean"``); arguments as in `named_parameters`."""
        return self._named(Buffer, prefix, recurse)

    def buffers(self, recurse: bool = True) -> Iterator[Buffer]:
        """All buffers, each once."""
        return (buffer for _, buffer in self.named_buffers(recurse=recurse))

    def named_generators(self, prefix: str = "", recurse: bool = True) -> Iterator[tuple[str, np.random.Generator]]:
        """All generators of random numbers, each once, with dotted paths (``"dropout.rng"``).

        Layers that were given the same one share it, and it is listed under its first path.

        >>> import nn
        >>> rng = np.random.default_rng(0)
        >>> [name for name, _ in nn.Sequential(nn.Dropout(rng=rng), nn.Dropout(rng=rng)).named_generators()]
        ['0.rng']
        """
        return self._named(np.random.Generator, prefix, recurse)

    def _named(self, kind: type[_Part], prefix: str, recurse: bool) -> Iterator[tuple[str, _Part]]:
        """The parts of this kind, each once."""
        seen: set[int] = set()
        for path, _, own in walk(self, prefix) if recurse else [(prefix, self, parts(self))]:
            for name, part in own:
                if isinstance(part, kind) and id(part) not in seen:
                    seen.add(id(part))
                    yield join(path, name), part

    def apply(self, fn: Callable[[Module], Any]) -> Module:
        """Call ``fn(module)`` for all submodules, inner ones first, and for the module itself; return the module.

        >>> import nn
        >>> model = nn.Sequential(nn.Linear(2, 3), nn.ReLU())
        >>> _ = model.apply(lambda module: print(type(module).__name__))
        Linear
        ReLU
        Sequential
        """
        if not callable(fn):
            raise TypeError(f"apply: got a {type(fn).__name__}, expected a function of a module")
        module: Any = self
        seen: set[int] = set()
        to_visit: list[tuple[Any, bool]] = [(module, False)]  # and whether its submodules have been
        while to_visit:
            module, is_next = to_visit.pop()
            if is_next:
                fn(module)
            elif id(module) not in seen:
                seen.add(id(module))
                to_visit += [(module, True), *((child, False) for child in list(module.children())[::-1])]
        return module  # type: ignore[no-any-return]

    # ------------------------------------------------------------------ one, by its path

    def get_submodule(self, target: str) -> Module:
        """The module at a dotted path; itself at ``""``. AttributeError if there is none."""
        return self._get(target, "module", ModuleTree, lambda: [name for name, _ in self.named_modules()])  # type: ignore[no-any-return]

    def get_parameter(self, target: str) -> Parameter:
        """The parameter at a dotted path; AttributeError if there is none."""
        return self._get(target, "parameter", Parameter, lambda: dict(self.named_parameters()))  # type: ignore[no-any-return]

    def get_buffer(self, target: str) -> Buffer:
        """The buffer at a dotted path; AttributeError if there is none."""
        return self._get(target, "buffer", Buffer, lambda: dict(self.named_buffers()))  # type: ignore[no-any-return]

    def _get(self, target: str, what: str, kind: type, names: Callable[[], Any]) -> Any:
        if not isinstance(target, str):
            raise TypeError(f"expected the path of a {what}, a string, got a {type(target).__name__}")
        found = find(self, target)
        if not isinstance(found, kind):
            close = mg.unsupported.closest(target, filter(None, names()))
            hint = f"; did you mean {close}?" if close else ""
            hint = hint if found is None else f"; it is a {type(found).__name__}"
            raise AttributeError(f"{type(self).__name__} has no {what} {target!r}{hint}")
        return found

    # ------------------------------------------------------------------ names that are computed

    def register_parameter(self, name: str, param: Parameter | None) -> None:
        """The same as ``self.name = param``, for names that are computed; ``None`` for no parameter of this name.

        Raises:
            TypeError: if it is not a parameter.
            ValueError: if the name is empty, has a dot, or is that of another attribute.
        """
        if not isinstance(param, Parameter | None):
            raise TypeError(f"register_parameter: got a {type(param).__name__} for {name!r}; write nn.Parameter(…)")
        self._register("register_parameter", name, param, Parameter)

    def register_buffer(self, name: str, value: Array | None, persistent: bool = True) -> None:
        """The same as ``self.name = nn.Buffer(value)``, for names that are computed.

        Arguments:
            value: an array or a Tensor, or ``None`` for no buffer of this name.
            persistent: whether it is in `state_dict`.

        Raises:
            ValueError: if the name is empty, has a dot, or is that of another attribute.
        """
        buffer = value if isinstance(value, Buffer | None) else Buffer(value)
        if buffer is not None:
            buffer.persistent = persistent
        self._register("register_buffer", name, buffer, Buffer)

    def register_module(self, name: str, module: Module | None) -> None:
        """The same as ``self.name = module``, for names that are computed.

        Raises:
            TypeError: if it is not a module.
            ValueError: if the name is empty, has a dot, or is that of another attribute.
        """
        if not isinstance(module, ModuleTree | None):
            raise TypeError(f"register_module: got a {type(module).__name__} for {name!r}, expected a module")
        self._register("register_module", name, module, ModuleTree)

    add_module = register_module

    def _register(self, caller: str, name: str, part: Any, kind: type) -> None:
        if not isinstance(name, str):
            raise TypeError(f"{caller}: the name is {name!r}, expected a string")
        if not name or "." in name:
            raise ValueError(f"{caller}: the name is {name!r}; it becomes a part of a path, and has no dot")
        if hasattr(self, name) and not isinstance(getattr(self, name), kind | None):
            raise ValueError(f"{caller}: {type(self).__name__} has another attribute {name!r}; choose another name")
        setattr(self, name, part)


def _is_numeric_but_not_a_part(value: Any) -> bool:
    numeric = isinstance(value, mg.Tensor | np.ndarray | np.generic | float | int)
    return numeric and not isinstance(value, Parameter | Buffer)
