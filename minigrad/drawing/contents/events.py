"""The steps of both passes: what is seen after each of them."""

from __future__ import annotations

import numpy as np

from minigrad.drawing.contents.arrows import Link
from minigrad.drawing.contents.context import Context
from minigrad.drawing.contents.formulas import Formulas
from minigrad.drawing.contents.rows.signals import addends
from minigrad.drawing.contents.words import called
from minigrad.drawing.contents.writing.text import isolated, shape_text, size_text, sum_text
from minigrad.drawing.graph.nodes import Node, Use
from minigrad.drawing.levels.grouping import Group
from minigrad.drawing.picture import Event
from minigrad.notation import number, write

__all__ = ["events"]


def events(context: Context, formulas: Formulas, found: list[Link]) -> tuple[Event, ...]:
    """The forward pass box by box, then the backward pass as the sweep goes.

    A box whose error signal has one contribution has one step; where there are several, each has a step of its own when
    it arrives, and their sum one when it is complete. The values of leaves are seen from the start.
    """
    entering: dict[Group, list[str]] = {}
    for link in found:
        entering.setdefault(link.group, []).append(link.forward)
    computed = [group for group in context.grouping.groups if _is_computed(group)]
    steps = [_forward(context, formulas, group, entering.get(group, [])) for group in computed]
    if context.signals is not None:
        steps += _Backward(context, formulas, found).steps()
    return tuple(steps)


def _is_computed(group: Group) -> bool:
    return group.kind not in ("parameter", "given", "constant", "unrecorded")


def _forward(context: Context, formulas: Formulas, group: Group, entering: list[str]) -> Event:
    key, head = context.keys[group], context.head(group)
    formula = formulas.value(group) if not context.layers else None
    name = context.name(head) if group.times > 1 else None
    parts = [called(context, group) if name is None or formula is None else isolated(name.text)]
    parts += [isolated(write(formula))] if formula is not None else []
    array = context.array(head)
    if array is None:
        end = " failed"
    else:
        end = f" = {number(array)}" if np.ndim(array) == 0 else f", shape {shape_text(np.shape(array))}"
    return Event(((key, "value"),), (key, *entering), " = ".join(parts) + end)


class _Backward:
    """Follows the order of the sweep."""

    def __init__(self, context: Context, formulas: Formulas, found: list[Link]) -> None:
        self._context, self._formulas = context, formulas
        self._of = {use: c for c in found if c.backward for use in c.uses}
        self._to: dict[Group, list[Link]] = {}
        for link in found:
            if link.backward:
                self._to.setdefault(context.of[link.source], []).append(link)
        self._waiting = {c: len([use for use in c.uses if self._contributes(use)]) for c in self._of.values()}
        self._seen: set[str] = set()
        self._done: set[Group] = set()
        self._steps: list[Event] = []
        self._held: list[tuple[int, Event]] = []
        self._first_use: dict[Group, int] = {}
        for i, use in enumerate(context.graph.uses):
            self._first_use.setdefault(context.of[use.source], i)

    def _contributes(self, use: Use) -> bool:
        assert self._context.signals is not None
        return use in self._context.signals.contributions

    def steps(self) -> list[Event]:
        assert self._context.signals is not None
        for event in self._context.signals.order:
            if isinstance(event, Use):
                self._arrived(event)
            else:
                self._complete(event)
        for group in self._to:  # whose last output has no error signal, though another output has one
            if group not in self._done:
                self._sum(group)
        self._release()
        return self._steps

    def _arrived(self, use: Use) -> None:
        link = self._of.get(use)
        if link is None:
            return
        self._waiting[link] -= 1
        if self._waiting[link]:
            return
        group = self._context.of[link.source]
        if len(self._to[group]) > 1:
            self._contribution(link)
        leaf = not _is_computed(group)
        if leaf and not any(self._waiting[c] for c in self._to[group]):
            self._sum(group)

    def _complete(self, node: Node) -> None:
        """A computed value's error signal, when the sweep comes to it: then all parts of it have arrived."""
        group = self._context.of.get(node)
        if group is not None and node is self._context.head(group):
            self._sum(group)

    def _contribution(self, link: Link) -> None:
        context = self._context
        group = context.of[link.source]
        name = called(context, group)
        text = f"contribution to the error signal of {name} from {called(context, link.group)}"
        value = self._value(link).removeprefix(" = ").removeprefix(", ")
        self._add(group, self._event(((link.backward, "label"),), link, f"{text}: {value}"))

    def _value(self, link: Link) -> str:
        """`` = ȳ σ′(z) = −0.1463``, of arrays their size."""
        formula = None
        if len(link.uses) == 1 and not self._context.layers:
            formula = self._formulas.contribution(link.uses[0])
        size = size_text(link.contribution)
        text = f" = {isolated(write(formula))}" if formula is not None else ""
        return size if text == size else text + size

    def _event(self, shows: tuple[tuple[str, str], ...], link: Link, text: str) -> Event:
        keys = self._context.keys
        return Event(shows, (keys[self._context.of[link.source]], link.backward), text)

    def _sum(self, group: Group) -> None:
        """The complete error signal of a box."""
        context = self._context
        if group in self._done:
            return
        self._done.add(group)
        key, head, arriving = context.keys[group], context.head(group), self._to.get(group, [])
        signal, name = context.signal(head), context.name(head)
        if name is not None and group.kind not in ("layer", "module", "more"):
            text = isolated(name.bar.text)
        else:
            text = f"error signal of {called(context, group)}"
        several = addends(context, head)
        shows: tuple[tuple[str, str], ...] = ((key, "signal"),)
        if len(arriving) == 1:
            text += self._value(arriving[0])
            shows = ((arriving[0].backward, "label"), *shows)
        else:
            total = f" = {sum_text(several)}" if len(several) > 1 and np.ndim(signal) == 0 else ""
            text += total + (size_text(signal) if signal is not None else "")
        self._add(group, Event(shows, (key, *(c.backward for c in arriving)), text))

    def _add(self, group: Group, event: Event) -> None:
        """Add a step; those of leaves wait for the next computed value, and come in the order of their first use."""
        if not _is_computed(group):
            self._held.append((self._first_use.get(group, 0), event))
            return
        self._release()
        self._steps.append(event)

    def _release(self) -> None:
        self._steps += [event for _, event in sorted(self._held, key=lambda held: held[0])]
        self._held.clear()
