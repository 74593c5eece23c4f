"""How a derivation with changed rules says so: a mark beside each line, and a note at the end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from minigrad.notation import Name, width
from minigrad.walkthrough.step import Contribution, Step

__all__ = ["MARK", "ChangedNote", "mark_of", "with_mark"]

MARK = "changed rule"
_MOST_NAMES = 6


def mark_of(line: Step | Contribution) -> str:
    """The mark of a line that follows a changed rule; empty for all others.

    Where several contributions arrive at an error signal, these have the marks.
    """
    several = isinstance(line, Step) and len(line.contributions) > 1
    return MARK if line.changed_rules and not several else ""


def with_mark(lines: Sequence[str], mark: str, columns: int | None = None, indent: int = 0) -> list[str]:
    """The lines of a row of text, with its mark at the end, or below where that would be wider than `columns`.

    >>> with_mark(["x̄ = ȳ"], "changed rule", columns=24, indent=2)
    ['x̄ = ȳ  ← changed rule']
    >>> with_mark(["x̄ = ȳ"], "changed rule", columns=20, indent=2)
    ['x̄ = ȳ', '  ↑ changed rule']
    """
    if not mark:
        return list(lines)
    *before, last = lines
    marked = f"{last}  ← {mark}"
    return (
        [*before, marked] if columns is None or width(marked) <= columns else [*before, last, f"{' ' * indent}↑ {mark}"]
    )


@dataclass(frozen=True)
class ChangedNote:
    """Which rules are changed, and which error signals are no derivatives because of it.

    Attributes:
        rules: the operations whose rules are changed, by name.
        signals: the names of the error signals, in the order of the backward pass.
        loss: of what they would be derivatives.
    """

    rules: tuple[str, ...]
    signals: tuple[Name, ...]
    loss: Name

    def written(self, name: Callable[[Name], str], words: Callable[[str], str] = str) -> str:
        """The note with names and words as a format writes them."""
        shown, more = [name(signal) for signal in self.signals[:_MOST_NAMES]], len(self.signals) - _MOST_NAMES
        shown += [words(f"{more} more")] if more > 0 else []
        rules, give = ("rule", "this rule gives") if len(self.rules) == 1 else ("rules", "these rules give")
        one = len(shown) == 1
        said = f" is what {give}, not a derivative of " if one else f" are what {give}, not derivatives of "
        listed = ", ".join(shown[:-1]) + (" and " if shown[1:] else "") + shown[-1]
        return words(f"changed {rules}: {', '.join(self.rules)}; ") + listed + said + name(self.loss)

    def __str__(self) -> str:
        return self.written(lambda name: name.text)
