"""Module, the base of layers and models, and Parameter."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import numpy as np

import minigrad as mg
from nn.printed_text import printable
from nn.typing import Array
from nn.unsupported import Explained, explains_calls, explains_init, refuse_call

__all__ = ["Module", "Parameter", "device_of", "evaluation_mode", "observe"]

_DEEPEST = 64  # lists in lists, and modules in modules that are shown

OnCall = Callable[["Module", Any], None]

_observer: ContextVar[OnCall | None] = ContextVar("nn observer", default=None)

#: The modes of modules within `evaluation_mode`, by their ids: another thread may train the same model meanwhile.
_modes: ContextVar[dict[int, bool]] = ContextVar("nn modes", default={})  # noqa: B039  an empty one is never changed


class Parameter(mg.Tensor):
    """A trainable Tensor: as an attribute of a module it is one of ``module.parameters()``.

    >>> Parameter([1.0, 2.0]).requires_grad
    True
    """

    __slots__ = ()

    @explains_init
    def __init__(self, data: Array, *, dtype: Any = None, device: str | None = None, name: str | None = None) -> None:
        super().__init__(data, requires_grad=True, dtype=dtype, device=device, name=name)


class Module(Explained):
    """The base of all layers and models: define ``forward``, and assign parameters and modules as attributes.

    Attributes may also be lists and tuples of modules or parameters. A call of ``super().__init__()`` is not needed.

    Attributes:
        training: whether layers like `Dropout` behave as in training; set by `train` and `eval`.

    >>> import nn
    >>> class Affine(nn.Module):
    ...     def __init__(self):
    ...         self.scale = nn.Parameter(2.0)
    ...     def forward(self, x):
    ...         return self.scale * x
    >>> float(Affine()(3.0))
    6.0
    """

    _name: str = ""  # the name of the attribute that holds it; drawings show it

    def forward(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ARG002
        """Compute the output; called through ``module(x)``, with arguments by position and by keyword."""
        cls = type(self)
        close = "call" if hasattr(cls, "call") else mg.unsupported.closest("forward", set(dir(cls)) - {"forward"})
        hint = f"; its method {close} has to be called forward" if close else ""
        raise NotImplementedError(f"{cls.__name__} has no forward method; define forward(self, x){hint}")

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        try:
            with mg.scope(_CallLabel(self)):
                y = self.forward(*args, **kwargs)
        except RecursionError as error:
            raise _nested_calls(error, self) from None
        except TypeError:
            refuse_call(f"{type(self).__name__}.forward", self.forward, args, kwargs, "; is it def forward(self, x)?")
            raise
        if y is None:
            raise TypeError(f"{type(self).__name__}.forward returned None; it lacks a return of its output")
        on_call = _observer.get()
        if on_call is not None:
            on_call(self, y[0] if isinstance(y, tuple) else y)  # MaxPool2d may return indices, too
        return y

    def __setattr__(self, name: str, value: Any) -> None:
        if isinstance(self.__dict__.get(name), Parameter) and _is_numeric_but_no_parameter(value):
            raise TypeError(
                f"{type(self).__name__}: {printable(name)} is a parameter, and got a {type(value).__name__} in its "
                "place, which would not be trained; write "
                f"m.{name}.data = … to change its value, m.{name} = nn.Parameter(…) for a new one, or m.{name} = None "
                "first to do without it"
            )
        for path, part in _flat(name, value):
            if isinstance(part, Module):
                part.__dict__["_name"] = path
        super().__setattr__(name, value)

    # ------------------------------------------------------------------ modules and parameters

    def named_children(self) -> Iterator[tuple[str, Module]]:
        """The direct submodules, with their names."""
        for name, value in _attributes(self).items():
            for path, part in _flat(name, value):
                if isinstance(part, Module):
                    yield path, part

    def named_modules(self, prefix: str = "") -> Iterator[tuple[str, Module]]:
        """The module itself (under the name ``""``) and all submodules at any depth, each once, with dotted paths."""
        seen: set[int] = set()
        to_visit: list[tuple[str, Module]] = [(prefix, self)]
        while to_visit:
            path, module = to_visit.pop()
            if id(module) in seen:
                continue
            seen.add(id(module))
            yield path, module
            to_visit += [(_join(path, name), child) for name, child in module.named_children()][::-1]

    def named_parameters(self) -> Iterator[tuple[str, Parameter]]:
        """All parameters, each once, with dotted paths (``"conv1.weight"``)."""
        seen: set[int] = set()
        for prefix, module in self.named_modules():
            for name, value in _attributes(module).items():
                for path, part in _flat(name, value):
                    if isinstance(part, Parameter) and id(part) not in seen:
                        seen.add(id(part))
                        yield _join(prefix, path), part

    def parameters(self) -> Iterator[Parameter]:
        """All parameters, each once."""
        return (parameter for _, parameter in self.named_parameters())

    # ------------------------------------------------------------------ training

    @property
    def training(self) -> bool:
        """Whether layers like `Dropout` behave as in training."""
        return bool(_modes.get().get(id(self), self.__dict__.get("training", True)))

    @training.setter
    def training(self, mode: bool) -> None:
        modes = _modes.get()
        if id(self) in modes:
            modes[id(self)] = mode
        else:
            self.__dict__["training"] = mode

    def train(self, mode: bool = True) -> Module:
        """Set training mode for the module and all submodules; return the module."""
        for _, module in self.named_modules():
            module.training = mode
        return self

    def eval(self) -> Module:
        """Set evaluation mode; return the module."""
        return self.train(False)

    @explains_calls
    def zero_grad(self) -> None:
        """Reset the gradients of all parameters."""
        for parameter in self.parameters():
            parameter.grad = None

    def to(self, device: str) -> Module:
        """Move all parameters and their gradients to a device; return the module.

        The state of an optimizer is not moved, so move the model before training.

        Arguments:
            device: ``"cpu"``, ``"cuda"`` for a GPU, or ``"cuda:1"`` for the second one.

        >>> import nn
        >>> nn.Linear(2, 3).to("cpu").weight.device
        'cpu'
        """
        for parameter in self.parameters():
            parameter.data = mg.to(parameter.data, device)
            parameter.grad = None if parameter.grad is None else mg.to(parameter.grad, device)
        return self

    # ------------------------------------------------------------------ saving

    @explains_calls
    def state_dict(self) -> dict[str, Any]:
        """A copy of each parameter's array on the CPU, by its dotted path.

        >>> import nn
        >>> {name: array.shape for name, array in nn.Linear(2, 3).state_dict().items()}
        {'weight': (3, 2), 'bias': (3,)}
        """
        return {name: mg.to(parameter.data, "cpu").copy() for name, parameter in self.named_parameters()}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Set each parameter to the array of its name, converted to its dtype.

        Everything is checked before anything is changed: if one array does not fit, the model stays as it is. Values
        that are not finite, or not any more in the dtype of the parameter, are loaded with a RuntimeWarning.

        Raises:
            KeyError: if names are missing or unknown.
            ValueError: if the shape of an array differs from that of its parameter.
            TypeError: if an array is not one of numbers (text, objects, dates, masked arrays), or complex.
        """
        if not isinstance(state, Mapping):
            raise TypeError(
                f"load_state_dict: expected a dictionary of arrays, as state_dict() returns it, got {state!r:.80}; "
                "of a file, pass what np.load returns"
            )
        parameters = dict(self.named_parameters())
        missing = [name for name in parameters if name not in state]
        unknown = [name for name in state if name not in parameters]
        if missing or unknown:
            raise KeyError(
                f"load_state_dict: the state does not fit this {type(self).__name__}: "
                f"missing {missing or 'none'}, unknown {unknown or 'none'}"
            )
        remarks: list[str] = []
        arrays = {name: _as_value_of(p, state[name], printable(name), remarks) for name, p in parameters.items()}
        if remarks:
            warnings.warn(f"load_state_dict: {'; '.join(remarks)}", RuntimeWarning, stacklevel=2)
        for name, parameter in parameters.items():
            parameter.data = mg.to(arrays[name], parameter.device)

    # ------------------------------------------------------------------ repr

    def extra_repr(self) -> str:
        """The text in the brackets of repr: the arguments of the constructor."""
        return ""

    def __repr__(self) -> str:
        return self._structure(())

    def _structure(self, outer: tuple[Module, ...]) -> str:
        """The text of `repr` within these modules; one that contains itself, or deep ones, are shown by … alone."""
        children = list(self.named_children())
        if not children:
            return f"{type(self).__name__}({self.extra_repr()})"
        if len(outer) == _DEEPEST or any(module is self for module in outer):
            return f"{type(self).__name__}(…)"
        texts = [
            child._structure((*outer, self)) if type(child).__repr__ is Module.__repr__ else repr(child)
            for _, child in children
        ]
        lines = [f"  ({printable(n)}): " + t.replace("\n", "\n  ") for (n, _), t in zip(children, texts, strict=True)]
        return "\n".join([f"{type(self).__name__}(", *lines, ")"])


class _CallLabel:
    """The label of a call of a module: ``conv1: Conv2d(1, 6, kernel_size=5)``.

    Drawings and derivations use the text and the names of the parameters. Both are computed only on demand, because
    training creates a label for each call.
    """

    __slots__ = ("module",)

    def __init__(self, module: Module) -> None:
        self.module = module

    @property
    def name(self) -> str:
        name = self.module._name  # a number, as in a Sequential or a list, cannot name a variable
        return f"{type(self.module).__name__.lower()}{name}" if name.isdecimal() else name

    def named_parameters(self) -> Iterator[tuple[str, Parameter]]:
        return self.module.named_parameters()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _CallLabel) and self.module is other.module

    def __hash__(self) -> int:
        return id(self.module)

    def __str__(self) -> str:
        text = f"{type(self.module).__name__}({self.module.extra_repr()})"
        if not self.module.extra_repr():
            text = type(self.module).__name__
        return f"{printable(self.module._name)}: {text}" if self.module._name else text


def device_of(model: Module) -> str:
    """The device of a model's parameters; the CPU if it has none."""
    parameter = next(model.parameters(), None)
    return "cpu" if parameter is None else parameter.device


@contextmanager
def observe(on_call: OnCall) -> Iterator[None]:
    """Within the block, call ``on_call(module, output)`` after each call of a module, innermost first.

    Of several outputs, it receives the first.
    """
    token = _observer.set(on_call)
    try:
        yield
    finally:
        _observer.reset(token)


@contextmanager
def evaluation_mode(model: Module) -> Iterator[None]:
    """Evaluation mode within the block, in this thread alone; after it, each module is back in its previous mode."""
    modules = [module for _, module in model.named_modules()]  # kept until the end, so that their ids stay theirs
    token = _modes.set(_modes.get() | {id(module): False for module in modules})
    try:
        yield
    finally:
        _modes.reset(token)


def _is_numeric_but_no_parameter(value: Any) -> bool:
    return isinstance(value, mg.Tensor | np.ndarray | np.generic | float | int) and not isinstance(value, Parameter)


def _as_value_of(parameter: Parameter, given: Any, name: str, remarks: list[str]) -> Any:
    """What a state holds under this name, as an array of the parameter's shape and dtype, in memory of its own.

    What a user should know of its values is added to `remarks`.
    """
    try:
        array = mg.Tensor(given, device="cpu").data
    except (TypeError, ValueError) as error:
        kind = TypeError if isinstance(error, TypeError) else ValueError
        raise kind(f"load_state_dict: {name}: {str(error).removeprefix('Tensor: ')}") from None
    if array.shape != parameter.shape:
        raise ValueError(
            f"load_state_dict: {name} has shape {array.shape} in the state, but {parameter.shape} in this model"
        )
    if array.dtype.kind == "c":
        raise TypeError(
            f"load_state_dict: {name} is complex in the state ({array.dtype}), and the parameter is {parameter.dtype}; "
            "store its real part"
        )
    with np.errstate(over="ignore"):
        value = array.astype(parameter.dtype)
    for what, where in {
        "NaN": np.isnan(array),
        "infinity": np.isinf(array),
        f"an overflow of {parameter.dtype}": np.isfinite(array) & ~np.isfinite(value),
    }.items():
        if where.any():
            remarks.append(f"{name} has {what} in {where.sum()} of {where.size} elements")
    return value


def _attributes(module: Module) -> dict[str, Any]:
    """Its attributes: those of ``__dict__``, and of slots that a subclass may have."""
    found: Any = object.__getstate__(module)
    return {**(found[0] or {}), **found[1]} if isinstance(found, tuple) else found or {}


def _flat(name: str, value: Any, depth: int = 0) -> Iterator[tuple[str, Any]]:
    """A value, or the elements of nested lists and tuples, with their names."""
    if isinstance(value, list | tuple):
        if depth == _DEEPEST:
            name = printable(name.partition(".")[0])
            raise ValueError(f"{name}: lists are nested more than {_DEEPEST} deep; does a list contain itself?")
        for i, part in enumerate(value):
            yield from _flat(f"{name}.{i}", part, depth + 1)
    else:
        yield name, value


def _nested_calls(error: RecursionError, module: Module) -> RecursionError:
    """Python's error, with what may be wrong; the innermost call that has room for it explains it."""
    if "call of a module" in str(error):
        return error
    return RecursionError(
        f"{type(module).__name__}: {error} within the call of a module: does a module call itself, or are some 300 "
        "containers nested? Put the layers one after another into a single Sequential"
    )


def _join(prefix: str, name: str) -> str:
    return f"{prefix}.{name}" if prefix else name
