"""A debugger for the backward pass: the steps of a walkthrough one by one, beside the graph they run through.

In three parts, each a function of the one before: the steps become moments (`story`), a moment becomes lines of
text (`screen`), and a terminal shows them and listens to keys (`play`).
"""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from minigrad.notation import show, width
from minigrad.walkthrough.lanes import Cell, Edge, lanes

if TYPE_CHECKING:
    from prompt_toolkit.application import Application
    from prompt_toolkit.formatted_text import StyleAndTextTuples
    from prompt_toolkit.input import Input
    from prompt_toolkit.output import Output

    from minigrad.walkthrough.step import Contribution, Step
    from minigrad.walkthrough.walkthrough import Walkthrough

__all__ = ["Moment", "Story", "plain", "play", "screen", "story"]

Line = list[tuple[str, str]]  # pieces of text, each with the name of its style

_KEYS = [  # what the keys do, the most important first: a narrow screen has room for some of them only
    ("→", "next"), ("←", "back"), ("q", "quit"), ("?", "all keys"), ("Home End", "first, last"), ("b", "backward pass"),
]  # fmt: skip
_HELP = """\
→ ↓ space Enter      next step
← ↑ backspace        one step back
PageDown PageUp      ten steps
Home End             first step, last step
f b                  the forward pass, the backward pass
q                    quit

▶ this variable   ↓ ↑ where its value or its error signal comes from
○ to be computed   ◐ contributions are missing   ● known   · not asked for"""
_STYLES = {  # colours only repeat what marks, weight and words say; Okabe and Ito's can be told apart by everyone
    "title": "bold",
    "current": "reverse bold",
    "forward": "bold #009E73",
    "backward": "bold #D55E00",
    "strong": "bold",
    "key": "bold",
}
_TALLEST = 8  # lines of a matrix


# ---------------------------------------------------------------- from the steps to moments


class Moment(NamedTuple):
    """What one press of a key adds: a variable, an error signal, or one of several contributions to it."""

    heading: str
    number: int  # of this moment in its pass, from 1
    node: int | None  # what is computed now
    edges: frozenset[Edge]  # along which it is computed
    panel: tuple[tuple[str, str], ...]  # pairs of a lead and a text, which wraps beside the lead
    line: str  # the same in a line


@dataclass(frozen=True, eq=False)
class Story:
    """The moments of a walkthrough, and what is known of each variable at each of them.

    Attributes:
        names: of the variables, in topological order; those that were given come right before their first use.
        inputs: from which variables each is computed.
        moments: what happens, in order.
        values: for each variable the moment from which its value is known, and the value.
        signals: for each variable the moments at which its error signal grows, what it is then, and whether
            all contributions have arrived.
    """

    names: tuple[str, ...]
    inputs: tuple[tuple[int, ...], ...]
    moments: tuple[Moment, ...]
    values: tuple[tuple[int, str], ...]
    signals: tuple[tuple[tuple[int, str, bool], ...], ...]

    def value(self, node: int, now: int) -> str:
        """``= 0.5``, or nothing where it is not computed yet."""
        since, text = self.values[node]
        return text if since <= now else ""

    def signal(self, node: int, now: int) -> tuple[str, bool]:
        """``z̄ = −0.1463`` and whether that is all of it."""
        known = [(text, complete) for since, text, complete in self.signals[node] if since <= now]
        return known[-1] if known else ("", False)

    def length(self, heading: str) -> int:
        """How many moments a pass has."""
        return sum(moment.heading == heading for moment in self.moments)


def story(walkthrough: Walkthrough) -> Story:
    """What there is to see of a walkthrough."""
    steps = _arranged(walkthrough.given, walkthrough.forward)
    position = {step.target: i for i, step in enumerate(steps)}
    inputs = tuple(
        tuple(dict.fromkeys(j for name in step.inputs if (j := position.get(name, i)) < i))
        for i, step in enumerate(steps)
    )
    values = [(0, f"= {_in_a_line(step.value)}") for step in steps]
    signals: list[list[tuple[int, str, bool]]] = [[] for _ in steps]
    moments = [_given(walkthrough.given)]
    for number, step in enumerate(walkthrough.forward, 1):
        node = position[step.target]
        values[node] = len(moments), values[node][1]
        edges = frozenset((source, node) for source in inputs[node])
        moments.append(Moment("Forward pass", number, node, edges, _panel(step), _equation(step)))
    before = len(moments) - 1
    for step in walkthrough.backward:
        here = position.get(step.target)
        for k, edges in enumerate(_travelled(step, here, position, inputs)):
            complete = k + 1 >= len(step.contributions)
            if here is not None:
                total = step.value if complete else step.contributions[k].running_sum
                known = _in_a_line(total).removeprefix(f"{np.shape(total)}, ")  # the shape stands beside it
                text = f"{step.variable} = {known}{'' if complete else ' + …'}"
                signals[here].append((len(moments), text, complete))
            panel, line = _panel(step), _equation(step)
            if len(step.contributions) > 1:
                called = [
                    steps[position[c.source]].variable if c.source in position else c.source for c in step.contributions
                ]
                panel, line = _panel(step, called[: k + 1]), _contribution_line(step, k, called[k])
            elif here is not None and not edges and not step.contributions:
                name = steps[here].variable
                panel += (("", f"The error signal of a variable v is d{name}/dv; that of {name} itself is 1."),)
            moments.append(Moment("Backward pass", len(moments) - before, here, edges, panel, line))
    names = tuple(step.variable for step in steps)
    return Story(names, inputs, tuple(moments), tuple(values), tuple(map(tuple, signals)))


def _travelled(
    step: Step, here: int | None, position: Mapping[str, int], inputs: Sequence[Sequence[int]]
) -> list[frozenset[Edge]]:
    """The edges that each contribution to an error signal comes along; all at once if it is not said."""
    if here is None:
        return [frozenset()] * max(len(step.contributions), 1)
    if not step.contributions:
        return [frozenset((here, user) for user, sources in enumerate(inputs) if here in sources)]
    sources = [position.get(c.source) for c in step.contributions]
    return [frozenset() if source is None else frozenset({(here, source)}) for source in sources]


def _arranged(given: Sequence[Step], forward: Sequence[Step]) -> list[Step]:
    """All variables, those that were given right before their first use: that keeps their lanes short."""
    waiting = {step.target: step for step in given}
    used = {name for step in forward for name in step.inputs}
    steps = [waiting.pop(step.target) for step in given if step.target not in used]
    for step in forward:
        steps += [waiting.pop(leaf.target) for leaf in given if leaf.target in step.inputs and leaf.target in waiting]
        steps.append(step)
    return steps


def _given(given: Sequence[Step]) -> Moment:
    facts = [f"{step.variable} = {_in_a_line(step.value)}" for step in given]
    panel = [("Given  ", ", ".join(step.variable for step in given) or "nothing"), ("", "")]
    panel += [("", "Each → computes one more variable: first all values, then the error signals.")]
    return Moment("Given", 0, None, frozenset(), tuple(panel), "\n".join(facts))


def _panel(step: Step, called: Sequence[str] = ()) -> tuple[tuple[str, str], ...]:
    """An equation line by line, and what is known about it.

    Arguments:
        called: the names of the variables that contributions have arrived from so far, if there are several.
    """
    lead, below = f"{step.variable} ", " " * (width(step.variable) + 1)
    formula = _formula(step)
    lines = [(lead, f"= {formula}")] if formula else []
    if called:
        lines += _sum_so_far(step.contributions, called, below)
    else:
        lines += [(below, f"= {step.numbers}")] if step.numbers else []
        lines += [(below if lines else lead, _equals(step.value))]
    now = step.contributions[max(len(called) - 1, 0)] if step.contributions else None
    facts = {
        "local derivative": _local_derivative(step, called),
        "rule of" if now else "operation": (now.primitive if now else step.primitive) or "",
        "line": step.source_line or "",
    }
    widest = max(map(len, facts)) + 2
    return *lines, ("", ""), *((name.ljust(widest), text) for name, text in facts.items() if text)


def _sum_so_far(all: Sequence[Contribution], called: Sequence[str], indent: str) -> Iterator[tuple[str, str]]:
    """Contributions in the order in which they arrive, and their sum; only the last of many are spelled out."""
    arrived = list(zip(called, all, strict=False))
    before, now = arrived[:-1], arrived[-1][1]
    if len(before) > 2:
        yield f"{indent}  {len(before) - 1} before  ", f"= {_in_a_line(before[-2][1].running_sum)}"
        arrived = arrived[-2:]
    widest = max(width(source) for source, _ in arrived)
    formulas = max(width(c.formula) for _, c in arrived)
    numbers = max(width(c.numbers) for _, c in arrived)
    for source, c in arrived:
        cells = [_padded(c.formula, formulas), *([f"= {_padded(c.numbers, numbers)}"] if numbers else [])]
        cells.append(f"= {_in_a_line(c.value)}")
        yield f"{indent}{'▶' if c is now else ' '} from {_padded(source, widest)}  ", "  ".join(cells)
    text = _equals(now.running_sum)
    if before and np.ndim(now.running_sum) == 0:
        new = show(now.value)
        text = f"= {show(before[-1][1].running_sum)} + {f'({new})' if new.startswith('−') else new} {text}"
    missing = len(all) - len(called)
    coming = f" + …  ({missing} to come)" if missing else ""
    yield f"{indent}  sum{' so far' if missing else ''}  ", f"{text}{coming}"


def _local_derivative(step: Step, called: Sequence[str]) -> str:
    """That of the variable whose contribution arrives; all of them where it is not said which is which."""
    rules = step.local_derivative.split("; ")
    if called:
        rules = [rule for rule in rules if rule[1:].startswith(f"{called[-1]}/")] or rules
    return "; ".join(rules)


def _formula(step: Step) -> str:
    """The formula, unless it is the number that the equation ends in: L̄ = 1."""
    return "" if step.formula == show(step.value) else step.formula


def _equation(step: Step) -> str:
    return " = ".join(filter(None, (step.variable, _formula(step), step.numbers, _in_a_line(step.value))))


def _contribution_line(step: Step, k: int, source: str) -> str:
    """``w̄ = z̄ x + R̄ w, 2 of 2 from R: R̄ w = 0.1 · 0.5 = 0.05, sum −0.2426``."""
    c, count = step.contributions[k], len(step.contributions)
    arrives = " = ".join(filter(None, (c.formula, c.numbers, _in_a_line(c.value))))
    total = f", {'sum' if k + 1 == count else 'sum so far'} {_in_a_line(c.running_sum)}" if k else ""
    return f"{step.variable} = {step.formula}, {k + 1} of {count} from {source}: {arrives}{total}"


def _equals(value: Any) -> str:
    """``= `` and a value; the lines of a matrix below each other, those of a tall one cut off."""
    lines = show(value).split("\n")
    if len(lines) > _TALLEST:
        lines = [*lines[: _TALLEST - 1], f"… {len(lines) - _TALLEST + 1} more rows"]
    return "= " + "\n  ".join(lines)


def _in_a_line(value: Any) -> str:
    """The rows of a matrix behind each other: ``[1 −2; 0.5 4]``."""
    rows = [" ".join(line.strip("⎡⎢⎣⎤⎥⎦").split()) for line in show(value).split("\n")]
    return f"[{'; '.join(rows)}]" if len(rows) > 1 else rows[0]


def plain(story: Story) -> str:
    """All moments as lines of text, for a file or a pipe."""
    lines: list[str] = []
    heading = ""
    for moment in story.moments:
        if moment.heading != heading:
            heading = moment.heading
            lines += [*([""] if lines else []), heading]
        number = f"{moment.number:3}  " if moment.number else "     "
        lines += [number + _harmless(line) for line in moment.line.split("\n")]
    return "\n".join(lines)


# ---------------------------------------------------------------- from a moment to a screen


def screen(story: Story, now: int, columns: int, rows: int, *, help: bool = False) -> list[Line]:
    """The screen at a moment: lines of styled pieces, `rows` of them, each at most `columns` wide.

    From above: which step it is, the graph, the step, the keys. Where there is little room the graph shows the
    part around the current variable, and the rules between the parts go first. The last column has no letters:
    a bar over one would be lost there.
    """
    moment = story.moments[now]
    title: Line = [("title", _clipped(" " + _title(story, moment, short=columns < 32), columns - 1))]
    if rows < 3:
        return [_fitted(line, columns) for line in [title, [("", _clipped(moment.line, columns - 1))]][:rows]]
    spacious = rows >= 14
    body = rows - 2 - 2 * spacious
    panel = _help_lines(columns) if help else _panel_lines(story, now, columns)
    wanted = max(_panel_height(story, columns), len(panel) if help else 0)
    height = len(story.names)  # of the graph
    spaced = 0 < 2 * height - 1 <= body - wanted
    height = 2 * height - 1 if spaced else min(height, max(body - wanted, body // 2))
    graph, above, below = _graph(story, now, columns, height, spaced=spaced)
    lines = [title]
    if spacious:
        lines.append(_progress(now, len(story.moments), columns))
    lines += graph
    if spacious:
        more = [f"↑ {above} more"] * bool(above) + [f"↓ {below} more"] * bool(below)
        note = f" {'  '.join(more)} ──" if more else ""
        lines.append([("", _clipped("─" * (columns - width(note)) + note, columns))])
    room = body - height
    if len(panel) > room and not help:
        panel = _short_panel(panel, moment, columns, room)
    lines += [*panel[:room], *([[("", "")]] * (room - len(panel)))]
    return [_fitted(line, columns) for line in [*lines, _key_line(columns)]]


def _title(story: Story, moment: Moment, *, short: bool) -> str:
    if not moment.number:
        return moment.heading
    count = story.length(moment.heading)
    return f"{moment.heading}{f' {moment.number}/{count}' if short else f', step {moment.number} of {count}'}"


def _progress(now: int, count: int, columns: int) -> Line:
    """The rule below the title, heavy as far as the story is told."""
    done = columns * (now + 1) // count
    return [("strong", "━" * done), ("", "─" * (columns - done))]


def _graph(story: Story, now: int, columns: int, height: int, *, spaced: bool) -> tuple[list[Line], int, int]:
    """The rows of the graph around the current variable, and how many there are above and below them."""
    moment = story.moments[now]
    rows = _lanes(story.inputs, most=max(columns // 6, 1))
    travels = "backward" if moment.heading == "Backward pass" else "forward"
    others = {source if travels == "forward" else target for source, target in moment.edges}
    names, values = _columns(story, columns, len(rows[0]) if rows else 0, travels)
    count = len(rows) if spaced else height
    first = _first_row(moment, len(rows), count)
    lines: list[Line] = []
    for node in range(first, first + count):
        signal, complete = story.signal(node, now)
        value = story.value(node, now)
        mark = "●" if (complete if travels == "backward" else value) else "◐" if signal else "○"
        if travels == "backward" and not story.signals[node]:
            mark = "·"
        arrow = "▶" if node == moment.node else " " if node not in others else "↓" if travels == "forward" else "↑"
        cells = [_padded(_clipped(text, n), n) for text, n in ((story.names[node], names), (value, values))]
        room = columns - 1 - len(rows[node])
        text = _clipped(f" {arrow} {'  '.join(filter(None, [*cells, signal]))}", room - 1)
        style = "current" if node == moment.node else "strong" if node in others else ""
        lines.append([*_lane_pieces(rows[node], moment, travels, mark), (style, _padded(text, room if style else 0))])
        if spaced and node + 1 < len(rows):
            between = [cell._replace(up=cell.down, right=_NO_EDGE, left=_NO_EDGE, node=None) for cell in rows[node]]
            lines.append(_lane_pieces(between, moment, travels))
    return lines, first, len(rows) - first - count


def _lane_pieces(row: Iterable[Cell], moment: Moment, travels: str, mark: str = "") -> Line:
    """Lanes of a row, the edges of the moment heavy."""
    line: Line = [("", " ")]
    for cell in row:
        strong = cell.node == moment.node if cell.node is not None else not moment.edges.isdisjoint(cell.edges)
        line.append((travels if strong else "", cell.text(moment.edges, mark)))
    return line


def _columns(story: Story, columns: int, lanes: int, travels: str) -> tuple[int, int]:
    """How wide the names and the values may be; the error signals, as soon as there are any, get the other half."""
    names = min(max(map(width, story.names), default=0), 20)
    values = max((width(text) for _, text in story.values), default=0)
    room = max(columns - lanes - names - 7, 0)
    share = room if travels == "forward" else room // 2 if room >= 20 else 0
    return names, min(values, share)


_lanes = lru_cache(maxsize=8)(lanes)
_NO_EDGE: frozenset[Edge] = frozenset()


def _first_row(moment: Moment, count: int, height: int) -> int:
    """Where to begin so that the current variable is seen, in the middle, and its neighbours if they fit."""
    here = moment.node or 0
    ends = [end for edge in moment.edges for end in edge] or [here]
    middle = (min(ends) + max(ends)) // 2 if max(ends) - min(ends) < height else here
    return max(0, min(middle - height // 2, count - height))


def _panel_lines(story: Story, now: int, columns: int) -> list[Line]:
    lines: list[Line] = []
    for lead, text in story.moments[now].panel:
        lead = _clipped(lead, max(columns // 2, 1))
        wrapped = _wrapped(text, columns - 2 - width(lead))
        for i, part in enumerate(wrapped):
            lines.append([("strong", f" {lead}"), ("", part)] if i == 0 else [("", " " * (width(lead) + 1) + part)])
    return lines


def _short_panel(panel: list[Line], moment: Moment, columns: int, room: int) -> list[Line]:
    """As much of it as there is room for: the equation, if need be on a line, before what is known about it."""
    blank = next((i for i, line in enumerate(panel) if not _text(line).strip()), len(panel))
    panel = panel[:blank] + panel[blank + 1 :]
    if len(panel) > room and blank >= room:
        panel = [[("", f" {text}")] for text in _wrapped(moment.line.replace("\n", ", "), columns - 2)]
    if len(panel) > room > 0:
        panel = [*panel[: room - 1], [("", _cut(_text(panel[room - 1]), columns - 3)[0].rstrip() + " …")]]
    return panel


def _text(line: Line) -> str:
    return "".join(text for _, text in line)


@lru_cache(maxsize=8)
def _panel_height(story: Story, columns: int) -> int:
    """Of the longest step: the graph keeps its place while the steps go by."""
    return max(len(_panel_lines(story, now, columns)) for now in range(len(story.moments)))


def _help_lines(columns: int) -> list[Line]:
    return [[("", _clipped(f" {line}", columns))] for line in _HELP.split("\n")]


def _key_line(columns: int) -> Line:
    line: Line = [("", " ")]
    used = 1
    for key, meaning in _KEYS:
        used += width(key) + width(meaning) + 4
        if used <= columns + 3:  # the space behind the last one may be cut off
            line += [("key", key), ("", f" {meaning}   ")]
    return line


# ---------------------------------------------------------------- text in columns


def _harmless(text: str) -> str:
    """The text without control characters, which could move the cursor or change colours."""
    return "".join(c if c.isprintable() else " " for c in text)


def _cut(text: str, columns: int) -> tuple[str, str]:
    """Two parts, the first as wide as there is room; a bar stays on its letter."""
    taken = 0
    for i, c in enumerate(text):
        taken += width(c)
        if taken > columns:
            return text[:i], text[i:]
    return text, ""


def _clipped(text: str, columns: int) -> str:
    return text if width(text) <= columns else _cut(text, columns - 1)[0] + "…" if columns > 0 else ""


def _padded(text: str, columns: int) -> str:
    return text + " " * (columns - width(text))


def _fitted(line: Line, columns: int) -> Line:
    """The line as it may be sent to a terminal: harmless, and cut off where there is no more room."""
    fitted: Line = []
    for style, text in line:
        text = _cut(_harmless(text), columns)[0]
        columns -= width(text)
        fitted.append((style, text))
    return fitted


def _wrapped(text: str, columns: int) -> list[str]:
    """Lines no wider than there is room: broken between words, the lines of a matrix cut off instead."""
    columns = max(columns, 1)
    if "\n" in text:
        return [_clipped(line, columns) for line in text.split("\n")]
    lines = [""]
    for word in text.split(" "):
        if lines[-1] and width(lines[-1]) + 1 + width(word) > columns:
            lines.append("")
        rest = f"{lines[-1]} {word}" if lines[-1] else word
        while True:
            lines[-1], rest = _cut(rest, columns)
            if not rest:
                break
            lines.append("")
    return lines


# ---------------------------------------------------------------- in a terminal


def play(walkthrough: Walkthrough, *, input: Input | None = None, output: Output | None = None) -> None:
    """Step through a walkthrough with the arrow keys, in the terminal; ``q`` ends it.

    Where there is no terminal (in a pipe, a file, a notebook) the same steps are printed as lines. So they are
    without the package prompt_toolkit, and a warning says how to get it.

    Arguments:
        input, output: prompt_toolkit's, for another terminal than the one that the program runs in.

    >>> import minigrad as mg
    >>> w = mg.Tensor(3.0, requires_grad=True)
    >>> L = w**2
    >>> play(mg.explain(L))
    Given
         w = 3
    <BLANKLINE>
    Forward pass
      1  L = w² = 3² = 9
    <BLANKLINE>
    Backward pass
      1  L̄ = 1
      2  w̄ = 2 L̄ w = 2 · 1 · 3 = 6
    """
    told = story(walkthrough)
    if input is None and output is None and not _in_a_terminal():
        print(plain(told))
        return
    try:
        import prompt_toolkit  # noqa: F401
    except ModuleNotFoundError:
        print(plain(told))
        warnings.warn(
            "play: to step through this with the arrow keys, pip install 'minigrad-autograd[play]' (prompt_toolkit)",
            stacklevel=2,
        )
        return
    _run(_application(told, input, output))


def _in_a_terminal() -> bool:
    return (
        all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout))
        and os.environ.get("TERM") != "dumb"
    )


def _application(story: Story, input: Input | None, output: Output | None) -> Application[None]:
    from prompt_toolkit.application import Application
    from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
    from prompt_toolkit.layout import FormattedTextControl, Layout, Window
    from prompt_toolkit.styles import Style

    last = len(story.moments) - 1
    now, help = 0, False

    def content() -> StyleAndTextTuples:
        size = application.output.get_size()
        lines = screen(story, now, size.columns, size.rows, help=help)
        # The space keeps a bar over the last letter of a line: a mark without width needs a character behind it,
        # or prompt_toolkit writes it twice.
        pieces = [[*((f"class:{style}" if style else "", text) for style, text in line), ("", " \n")] for line in lines]
        return [piece for line in pieces for piece in line]

    bindings = KeyBindings()

    def bind(keys: str, move: Callable[[int], int]) -> None:
        def pressed(_: KeyPressEvent) -> None:
            nonlocal now, help
            now, help = max(0, min(move(now), last)), False

        for key in keys.split():
            bindings.add(key)(pressed)

    starts = {heading: i for i, moment in reversed(list(enumerate(story.moments))) for heading in [moment.heading]}
    bind("right down space enter", lambda k: k + 1)
    bind("left up backspace", lambda k: k - 1)
    bind("pagedown", lambda k: k + 10)
    bind("pageup", lambda k: k - 10)
    bind("home", lambda _: 0)
    bind("end", lambda _: last)
    bind("f", lambda _: starts.get("Forward pass", 0))
    bind("b", lambda _: starts.get("Backward pass", last))

    @bindings.add("?")
    def _(_: KeyPressEvent) -> None:
        nonlocal help
        help = not help

    @bindings.add("q")
    @bindings.add("c-c")
    @bindings.add("c-d")
    def _(event: KeyPressEvent) -> None:
        event.app.exit()

    application: Application[None] = Application(
        layout=Layout(Window(FormattedTextControl(content, show_cursor=False), always_hide_cursor=True)),
        key_bindings=bindings,
        style=Style.from_dict(_STYLES),
        full_screen=True,
        input=input,
        output=output,
    )
    return application


def _run(application: Application[None]) -> None:
    """Until a key ends it; in a thread of its own where an event loop is running already, as in some shells."""
    import asyncio

    try:
        asyncio.get_running_loop()
    except RuntimeError:
        application.run()
    else:
        application.run(in_thread=True)
