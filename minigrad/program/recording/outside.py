"""The Tensors of a network that a function uses: while it is recorded, something stands for the value of each."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator
from typing import TYPE_CHECKING, Any

from minigrad.core.tensor import Tensor
from minigrad.program.recording.asked import is_outside, note_unknown, refuse_always
from minigrad.program.recording.lines import Line, Variable, variables_in

if TYPE_CHECKING:
    from minigrad.program.recording.recording import Recording

__all__ = ["Outside", "OutsideTensor"]

_LETTERS = {"weight": "W", "bias": "b"}


class OutsideTensor:
    """A Tensor outside of the function: what it was before, and what stands for it.

    Attributes:
        variable, grad_variable: of its value and of its `grad` in the program; the latter may be ``None``.
        is_named: whether a module that was called has it; otherwise it is only known that its `grad` is set.
        grad_is_set: whether the function sets or resets its `grad` first of all, so that it does not matter before.
    """

    __slots__ = (
        "data",
        "grad",
        "grad_is_set",
        "grad_variable",
        "is_named",
        "name",
        "standing",
        "standing_grad",
        "tensor",
        "variable",
        "written",
    )

    def __init__(self, tensor: Tensor, name: str, recording: Recording) -> None:
        self.tensor, self.name = tensor, name
        self.data, self.grad, self.written = tensor._data, tensor._grad, _written(tensor)
        self.standing = recording.input(self.data, name)
        self.variable: Variable = self.standing.variable
        self.standing_grad, self.grad_variable = self.grad, None
        if self.grad is not None:
            values = self.grad._data if isinstance(self.grad, Tensor) else self.grad
            self.standing_grad = recording.input(values, f"{name}_grad")
            self.grad_variable = self.standing_grad.variable
        self.grad_is_set, self.is_named = False, True
        tensor._data, tensor._grad = self.standing, self.standing_grad

    def restore(self) -> None:
        """Give the Tensor back what it had."""
        self.tensor._data, self.tensor._grad = self.data, self.grad


class Outside:
    """The Tensors outside that a recording has come across, and the conditions under which its program holds.

    Arguments:
        known: those of an earlier recording, with their names.

    Attributes:
        tensors: in the order in which they were found.
        conditions: all of them have to be true before a call.
        changes: the Tensors whose value or `grad` is another one after the call: pairs of a Tensor and ``"data"`` or
            ``"grad"``, and what it is then.
        resets: the Tensors whose `grad` is ``None`` after it.
        given: what else each call reads: a name, how it is read, and a variable or a dictionary of them.
        afterwards: what is called after each call.
    """

    def __init__(self, known: dict[Tensor, str]) -> None:
        self.known = known
        self.tensors: dict[Tensor, OutsideTensor] = {}
        self.conditions: list[Callable[[], bool]] = []
        self.changes: list[tuple[tuple[Tensor, str], Any]] = []
        self.resets: list[Tensor] = []
        self.given: list[tuple[str, Callable[[], Any], Any]] = []
        self.afterwards: list[Callable[[], None]] = []
        self._labels: set[Any] = set()

    def begin(self, recording: Recording) -> None:
        """Let what is known be stood for."""
        for tensor, name in self.known.items():
            self.add(tensor, name, recording)

    def end(self) -> None:
        """Note what has changed, and give all Tensors back what they had."""
        for found in self.tensors.values():
            tensor = found.tensor
            if tensor._data is not found.standing:
                self.changes.append(((tensor, "data"), tensor._data))
            if tensor._grad is None and (found.grad_is_set or found.grad is not None):
                self.resets.append(tensor)
            elif found.grad_is_set or tensor._grad is not found.standing_grad:
                self.changes.append(((tensor, "grad"), tensor._grad))
            found.restore()

    def given_to(self, used: Container[Variable]) -> list[tuple[str, Callable[[], Any], Any]]:
        """What is given to a program that uses these variables."""
        return [(name, read, tree) for name, read, tree in self.given if any(v in used for v in variables_in(tree))]

    def is_written(self) -> bool:
        """Whether the value of a Tensor has changed since it was recorded."""
        return any(x._data is not found.data or _written(x) != found.written for x, found in self.tensors.items())

    def note_nameless(self, lines: list[Line]) -> None:
        """Note an error for those that are used, and are not of a module that is called."""
        nameless = [found for found in self.tensors.values() if not found.is_named]
        if nameless:
            used = {v for line in lines for v in line.inputs()}
            for found in nameless:
                if found.variable in used:
                    note_unknown(found.tensor, "requires gradients, and is not an argument")

    def refuse_changed(self) -> None:
        """Raise a RuntimeError if the function itself changes what its program depends on."""
        if not all(condition() for condition in self.conditions):
            refuse_always(
                "an attribute of a module changes in its call",
                "let forward compute from its arguments, and keep state in an nn.Buffer",
            )

    def add(self, tensor: Tensor, name: str, recording: Recording) -> None:
        """Let something stand for the value of a Tensor from now on."""
        found = self.tensors.get(tensor)
        if found is not None and not found.is_named:
            found.name, found.is_named = name, True
            found.variable.names[:] = [name]
            if found.grad_variable is not None:
                found.grad_variable.names[:] = [f"{name}_grad"]
        elif found is None and tensor._primitive is None and not hasattr(tensor._data, "__record__"):
            self.tensors[tensor] = OutsideTensor(tensor, name, recording)

    def grad_is_set(self, tensor: Tensor, recording: Recording) -> None:
        """The `grad` of a Tensor is about to be set; its module may be called later."""
        if tensor not in self.tensors and tensor.requires_grad and is_outside(tensor):
            self.add(tensor, tensor.name or "w", recording)
            if tensor in self.tensors:
                self.tensors[tensor].is_named = False
        found = self.tensors.get(tensor)
        if found is not None and tensor._grad is found.standing_grad:
            found.grad_is_set = True

    def entered(self, label: Any, recording: Recording) -> None:
        """A scope was entered: its parameters and buffers are found, and what else its calls depend on."""
        if not hasattr(label, "named_parameters") or label in self._labels:
            return
        self._labels.add(label)
        own = getattr(label, "name", "")
        layers: dict[str, int] = {}
        named = list(_named(label))
        for path, _ in named:
            layers.setdefault(path.rpartition(".")[0], len(layers) + 1)
        for path, tensor in named:
            layer, _, last = path.rpartition(".")
            number = str(layers[layer]) if len(layers) > 1 else ""
            self.add(tensor, tensor.name or _name(own, path, f"{_LETTERS.get(last, last)}{number}"), recording)
        if hasattr(label, "condition"):
            self._labels.update(label.parts())
            self.conditions.append(label.condition())

    def told_by_conditions(self) -> list[Any]:
        """The modules of which conditions tell whether they are as they were."""
        return [label.module for label in self._labels if hasattr(label, "module")]

    def names(self) -> dict[Tensor, str]:
        """The Tensors with their names, for the next recording."""
        return {tensor: found.name for tensor, found in self.tensors.items() if found.is_named}


def _name(own: str, path: str, numbered: str) -> str:
    """The path, ``conv1.weight``; where layers have no names but numbers, the letter and the layer's number, ``W1``."""
    if "." not in path or any(part.isdecimal() for part in path.split(".")):
        return numbered
    return f"{own}.{path}" if own else path


def _named(label: Any) -> Iterator[tuple[str, Tensor]]:
    yield from label.named_parameters()
    if hasattr(label, "named_buffers"):
        yield from label.named_buffers()


def _written(tensor: Tensor) -> int:
    """When it was last written into; −1 if never."""
    return getattr(tensor, "_written", -1)
