"""A derivation: a sequence of steps, printed as text, LaTeX, Markdown or HTML."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, overload

from minigrad.core.recording.scopes import plain_arrays
from minigrad.notation.values import showing
from minigrad.walkthrough.check import check
from minigrad.walkthrough.formats.changed_rules import ChangedNote
from minigrad.walkthrough.formats.html import html_fragment, html_page
from minigrad.walkthrough.formats.latex import alignat, markdown
from minigrad.walkthrough.formats.text import plain_text
from minigrad.walkthrough.replay import Replay
from minigrad.walkthrough.step import Step
from minigrad.walkthrough.wrong_order import WrongOrder, wrong_order

if TYPE_CHECKING:
    from minigrad.player import Player

__all__ = ["Walkthrough"]


@dataclass(frozen=True, repr=False, eq=False)
class Walkthrough(Sequence[Step]):
    """The steps of a forward and a backward pass, as a sequence; printing it shows the derivation.

    Attributes:
        given: the variables that are not computed: inputs, targets, parameters.
        forward: the steps of the forward pass in topological order.
        backward: the steps of the backward pass; a parameter's error signal follows as soon as it is complete.
        max_shown: arrays of up to this many rows and columns are shown number by number.

    >>> import minigrad as mg
    >>> w, x = mg.Tensor(0.5, requires_grad=True), mg.Tensor(2.0)
    >>> z = w * x
    >>> L = z**2
    >>> for step in mg.explain(L).backward:
    ...     print(step.variable, "=", step.formula, "=", step.value)
    L̄ = 1 = 1.0
    z̄ = 2 L̄ z = 2.0
    w̄ = z̄ x = 4.0
    """

    given: tuple[Step, ...]
    forward: tuple[Step, ...]
    backward: tuple[Step, ...]
    replay: Replay
    max_shown: int = 6

    def __len__(self) -> int:
        return len(self.forward) + len(self.backward)

    @overload
    def __getitem__(self, index: int) -> Step: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Step, ...]: ...
    def __getitem__(self, index: int | slice) -> Step | tuple[Step, ...]:
        return (*self.forward, *self.backward)[index]

    @property
    def changed_note(self) -> ChangedNote | None:
        """Which backward rules are changed, and which error signals are no derivatives then; usually ``None``."""
        changed, names = self.replay.changed, self.replay.names
        if changed is None:
            return None
        lost = {names[x].bar for x in self.replay.not_derivatives if x in names}
        signals = tuple(step.name for step in self.backward if step.name in lost)
        return ChangedNote(changed.names, signals, self.backward[0].name.unbarred)

    def __str__(self) -> str:
        with showing(self.max_shown):
            return plain_text(self.given, self.forward, self.backward, self.changed_note)

    __repr__ = __str__

    def latex(self) -> str:
        """Both passes as one ``alignat*`` environment; needs the package amsmath."""
        with showing(self.max_shown):
            return alignat(self.forward, self.backward, self.changed_note)

    def markdown(self) -> str:
        """Headings, and formulas between dollar signs, as notebooks and code hosts render them."""
        with showing(self.max_shown):
            return markdown(self.given, self.forward, self.backward, self.changed_note)

    def html(self, *, answers: bool = True) -> str:
        """A complete page with MathML, for light and dark screens and for printing.

        Arguments:
            answers: whether to fill in the backward pass; without it the page is a worksheet.
        """
        with showing(self.max_shown):
            return html_page(self.given, self.forward, self.backward, answers, self.changed_note)

    def check(self) -> str:
        """Recompute every line, and compare the error signals of the leaves with finite differences.

        What follows from a changed rule is no derivative: it is recomputed, and not compared.

        Returns:
            A one-line summary.

        Raises:
            AssertionError: if a line does not agree with its formula or with the differences.
            TypeError: if the loss is on a GPU.
        """
        self.replay.refuse_gpu("check")
        return check(self.given, self.forward, self.backward, self.replay)

    def wrong_order(self) -> WrongOrder:
        """What a depth-first sweep without topological order computes on this graph, next to the right values."""
        self.replay.refuse_gpu("wrong_order")
        with plain_arrays():
            return wrong_order(self.backward, self.replay)

    def play(self) -> None:
        """Step through both passes in a terminal: arrows go forward and back, q quits.

        Where there is no terminal, the steps are printed one after the other.
        """
        from minigrad.walkthrough.terminal import play  # training does not need it

        with showing(self.max_shown):
            play(self)

    def player(self, *, level: Literal["stages", "lines", "operations"] = "lines") -> Player:
        """A page on which both passes are gone through step by step: the same in a browser, without a network.

        Every forward line and every contribution to an error signal is a step, with its rule, its numbers and its sum;
        convolutions, poolings and products of matrices are shown position by position. Error signals can be predicted,
        with the hints of `mg.grade`, and compared with those of a sweep without topological order.

        Arguments:
            level: the steps that are shown first: the ``"lines"`` of this derivation, single ``"operations"``, or
                ``"stages"`` of a network, its layers with what follows them. The page can be switched to the others, as
                far as there is room for them.

        Returns:
            A `Player`, which notebooks show, and whose ``save("player.html")`` writes it.

        Raises:
            ValueError: if the derivation has more than 2000 lines, or if there are no stages.

        >>> import minigrad as mg
        >>> w = mg.Tensor(3.0, requires_grad=True, name="w")
        >>> "step by step" in mg.explain((w * w).named("L")).player()._repr_mimebundle_()["text/html"]
        True
        """
        from minigrad.player.player import build_player  # built upon this; loaded when asked for

        return build_player(self, level)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:  # noqa: ARG002
        """What notebooks show: MathML if they can, else LaTeX or plain text."""
        with showing(self.max_shown):
            fragment = html_fragment(self.given, self.forward, self.backward, True, self.changed_note)
        return {
            "text/plain": str(self),
            "text/latex": self.latex(),
            "text/markdown": self.markdown(),
            "text/html": fragment,
        }
