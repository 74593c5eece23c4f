"""The same derivation with a line for each operation, or with lines for a few values alone."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import replace
from typing import Any

from minigrad.walkthrough.derivation.derive import derive
from minigrad.walkthrough.walkthrough import Walkthrough

__all__ = ["rewritten"]


def rewritten(
    walkthrough: Walkthrough, *, every_step: bool = False, lines: Container[int] | None = None
) -> Walkthrough:
    """The derivation of the same graph, with the same names for what has a line in both.

    Arguments:
        every_step: whether every operation gets a line, as in `explain`.
        lines: identities of the computed values that get one; others are parts of formulas, as long as these are short.
    """
    replay = walkthrough.replay
    computed = {id(node.output) for node in replay.nodes}

    def keeps(x: Any) -> bool:
        return lines is None or id(x) not in computed or id(x) in lines

    known = {id(x): name for name, x in replay.variables.items() if keeps(x)}
    variables = {name.source: x for name, x in replay.variables.items() if keeps(x)}
    sources = {
        id(replay.variables[step.name]): step.source_line
        for step in walkthrough.forward
        if step.source_line and step.name in replay.variables
    }
    with replay.alive():
        found = derive(
            replay.loss, variables, sources, every_step, "player", walkthrough.max_shown, copies=False, known=known,
            changed=replay.changed,
        )  # fmt: skip
    nameless = {step.name for step in walkthrough.given if step.nameless}
    given = (replace(step, nameless=step.nameless or step.name in nameless) for step in found.given)
    return replace(found, given=tuple(given))
