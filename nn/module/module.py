"""Module, the base of layers and models."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

import numpy as np

import minigrad as mg
from nn.module.attributes import DEEPEST, flat, join, parts
from nn.module.calls import CallLabel, nested_calls, observer
from nn.module.modes import is_training, set_training
from nn.module.parameter import Buffer, Parameter
from nn.module.state_dict import load_state, state_of
from nn.printed_text import printable
from nn.typing import Array
from nn.unsupported import Explained, explains_calls, refuse_call

__all__ = ["Module", "device_of"]

_Part = TypeVar("_Part", Parameter, Buffer)


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
            with mg.scope(CallLabel(self)):
                y = self.forward(*args, **kwargs)
        except RecursionError as error:
            raise nested_calls(error, self) from None
        except TypeError:
            refuse_call(f"{type(self).__name__}.forward", self.forward, args, kwargs, "; is it def forward(self, x)?")
            raise
        if y is None:
            raise TypeError(f"{type(self).__name__}.forward returned None; it lacks a return of its output")
        on_call = observer.get()
        if on_call is not None:
            on_call(self, y[0] if isinstance(y, tuple) else y)  # MaxPool2d may return indices, too
        return y

    def __setattr__(self, name: str, value: Any) -> None:
        held = self.__dict__.get(name)
        if isinstance(held, Parameter | Buffer) and _is_numeric_but_not_registered(value):
            kind, lost = ("parameter", "trained") if isinstance(held, Parameter) else ("buffer", "in state_dict()")
            raise TypeError(
                f"{type(self).__name__}: {printable(name)} is a {kind}, and got a {type(value).__name__} in its "
                f"place, which would not be {lost}; write m.{name}.data = … to change its value, "
                f"m.{name} = nn.{kind.capitalize()}(…) for a new one, or m.{name} = None first to do without it"
            )
        for path, part in flat(name, value):
            if isinstance(part, Module):
                part.__dict__["_name"] = path
        super().__setattr__(name, value)

    # ------------------------------------------------------------------ modules and parameters

    def named_children(self) -> Iterator[tuple[str, Module]]:
        """The direct submodules, with their names."""
        return ((path, part) for path, part in parts(self) if isinstance(part, Module))

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
            to_visit += [(join(path, name), child) for name, child in module.named_children()][::-1]

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

    def register_buffer(self, name: str, value: Array | None, persistent: bool = True) -> None:
        """The same as ``self.name = nn.Buffer(value)``, for names that are computed.

        Arguments:
            value: an array or a Tensor, or ``None`` for no buffer of this name.
            persistent: whether it is in `state_dict`.
        """
        setattr(self, name, None if value is None else Buffer(value, persistent=persistent))

    def _named(self, kind: type[_Part], prefix: str, recurse: bool) -> Iterator[tuple[str, _Part]]:
        """The parts of this kind, each once."""
        seen: set[int] = set()
        for path, module in self.named_modules(prefix) if recurse else [(prefix, self)]:
            for name, part in parts(module):
                if isinstance(part, kind) and id(part) not in seen:
                    seen.add(id(part))
                    yield join(path, name), part

    # ------------------------------------------------------------------ training

    @property
    def training(self) -> bool:
        """Whether layers like `Dropout` behave as in training."""
        return is_training(self)

    @training.setter
    def training(self, mode: bool) -> None:
        set_training(self, mode)

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
        """Move all parameters, their gradients, and all buffers to a device; return the module.

        The state of an optimizer is not moved, so move the model before training.

        Arguments:
            device: ``"cpu"``, ``"cuda"`` for a GPU, or ``"cuda:1"`` for the second one.

        >>> import nn
        >>> nn.Linear(2, 3).to("cpu").weight.device
        'cpu'
        """
        for tensor in (*self.parameters(), *self.buffers()):
            tensor.data = mg.to(tensor.data, device)
            tensor.grad = None if tensor.grad is None else mg.to(tensor.grad, device)
        return self

    # ------------------------------------------------------------------ saving

    @explains_calls
    def state_dict(self) -> dict[str, Any]:
        """A copy of the array of each parameter and persistent buffer, on the CPU, by its dotted path.

        >>> import nn
        >>> {name: array.shape for name, array in nn.Linear(2, 3).state_dict().items()}
        {'weight': (3, 2), 'bias': (3,)}
        """
        return state_of(self)

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Set each parameter and buffer to the array of its name, converted to its dtype.

        Everything is checked before anything is changed: if one array does not fit, the model stays as it is. Values
        that are not finite, or not any more in the dtype of the parameter, are loaded with a RuntimeWarning.

        Raises:
            KeyError: if names are missing or unknown.
            ValueError: if the shape of an array differs from that of its parameter.
            TypeError: if an array is not one of numbers (text, objects, dates, masked arrays), or complex.
        """
        load_state(self, state)

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
        if len(outer) == DEEPEST or any(module is self for module in outer):
            return f"{type(self).__name__}(…)"
        texts = [
            child._structure((*outer, self)) if type(child).__repr__ is Module.__repr__ else repr(child)
            for _, child in children
        ]
        lines = [f"  ({printable(n)}): " + t.replace("\n", "\n  ") for (n, _), t in zip(children, texts, strict=True)]
        return "\n".join([f"{type(self).__name__}(", *lines, ")"])


def device_of(model: Module) -> str:
    """The device of a model's parameters; the CPU if it has none."""
    parameter = next(model.parameters(), None)
    return "cpu" if parameter is None else parameter.device


def _is_numeric_but_not_registered(value: Any) -> bool:
    numeric = isinstance(value, mg.Tensor | np.ndarray | np.generic | float | int)
    return numeric and not isinstance(value, Parameter | Buffer)
