"""What of a state and a module does not fit: names that are missing, unexpected or of another shape."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import minigrad as mg
from nn.printed_text import printable

if TYPE_CHECKING:
    from nn.module.module import Module

__all__ = ["StateReport"]

_Shape = tuple[int, ...]


class StateReport(NamedTuple):
    """What `load_state_dict` has left as it was.

    Attributes:
        missing_keys: names of the module that the state does not have.
        unexpected_keys: names of the state that the module does not have.
        mismatched: names of arrays of another shape, with that in the state and that in the module.
    """

    missing_keys: list[str]
    unexpected_keys: list[str]
    mismatched: dict[str, tuple[_Shape, _Shape]]

    def __repr__(self) -> str:
        return "\n".join(self._lines()) or "<All keys matched successfully>"

    def require_nothing(self, module: Module, state: Mapping[str, Any]) -> None:
        """Raise a KeyError, or a ValueError where shapes alone differ, that says all at once."""
        lines = self._lines()
        if not lines:
            return
        kind = KeyError if self.missing_keys or self.unexpected_keys else ValueError
        hint = _nested(state) or self._prefix() or "; load_state_dict(state, strict=False) loads what fits"
        raise kind(f"load_state_dict: the state does not fit this {type(module).__name__}: {'; '.join(lines)}{hint}")

    def _lines(self) -> list[str]:
        """Each kind in a line, with near names."""
        lines = []
        if self.missing_keys:
            lines.append(f"missing {', '.join(map(printable, self.missing_keys))}")
        if self.unexpected_keys:
            near = not self._prefix()
            lines.append(f"unexpected {', '.join(self._meant(name, near) for name in self.unexpected_keys)}")
        for name, (given, expected) in self.mismatched.items():
            lines.append(f"{printable(name)} has shape {given} in the state, but {expected} in this model")
        return lines

    def _meant(self, name: Any, near: bool) -> str:
        close = mg.unsupported.closest(name, self.missing_keys) if near and isinstance(name, str) else None
        shown = printable(name) if isinstance(name, str) else repr(name)
        return f"{shown} (did you mean {printable(close)}?)" if close else shown

    def _prefix(self) -> str:
        """The hint, if the names of the state or of the module have all the same prefix that the others lack."""
        missing, unexpected = set(self.missing_keys), self.unexpected_keys
        prefixes = ["module.", "_orig_mod."]  # of PyTorch's DataParallel and torch.compile
        first = next(iter(self.missing_keys), "")
        prefixes += [name.removesuffix(first) for name in map(str, unexpected) if name.endswith(f".{first}")]
        for prefix in prefixes:
            if prefix and unexpected and all(str(name).removeprefix(prefix) in missing for name in unexpected):
                return (
                    f"; each name of the state begins with {prefix!r}: load "
                    f"{{name.removeprefix({prefix!r}): array for name, array in state.items()}}"
                )
        for name in unexpected[:1]:
            for prefix in (m.removesuffix(str(name)) for m in self.missing_keys if m.endswith(f".{name}")):
                if all(f"{prefix}{other}" in missing for other in unexpected):
                    return (
                        f"; each name lacks {prefix!r}: load {{{prefix!r} + name: array for name, array in "
                        f"state.items()}}, or model.get_submodule({prefix[:-1]!r}).load_state_dict(state)"
                    )
        return ""


def _nested(state: Mapping[str, Any]) -> str:
    """The hint, if the state is in a dictionary with others, as a checkpoint is."""
    inner = next((key for key, value in state.items() if isinstance(value, Mapping)), None)
    return "" if inner is None else f"; state[{inner!r}] is a dictionary itself: is it the state of the model?"
