"""A moment as a screen: title, graph, step and keys, for terminals of any size."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from minigrad.notation import padded, printable, width
from minigrad.walkthrough.terminal.moments import BACKWARD, Moment, Timeline
from minigrad.walkthrough.terminal.text_graph import Cell, draw_graph
from minigrad.walkthrough.terminal.text_width import split_at, truncate, wrap

__all__ = ["Line", "screen"]

Line = list[tuple[str, str]]  # pieces of text, each with the name of its style
_KEYS = [  # the most important first: a narrow screen shows only some
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


def screen(timeline: Timeline, now: int, columns: int, rows: int, *, help: bool = False) -> list[Line]:
    """The screen at a moment: lines of styled pieces, `rows` of them, each at most `columns` wide.

    On a small screen the separating lines go first, then the graph shrinks to the part around the current variable.
    The last column has no letters: a bar over one would be lost there.

    Arguments:
        help: whether to explain the keys in place of the step.
    """
    moment = timeline.moments[now]
    count = timeline.length(moment.heading)
    counted = f" {moment.number}/{count}" if columns < 32 else f", step {moment.number} of {count}"
    title: Line = [("title", truncate(f" {moment.heading}{counted if moment.number else ''}", columns - 1))]
    if rows < 3:
        return [_fitted(line, columns) for line in [title, [("", truncate(moment.line, columns - 1))]][:rows]]
    spacious = rows >= 14
    body = rows - 2 - 2 * spacious
    panel = [[("", truncate(f" {line}", columns))] for line in _HELP.split("\n")] if help else _panel(moment, columns)
    needed = max(_tallest_panel(timeline, columns), len(panel))
    height = len(timeline.names)  # of the graph
    spaced = 0 < 2 * height - 1 <= body - needed
    height = 2 * height - 1 if spaced else min(height, max(body - needed, body // 2))
    graph, above, below = _graph(timeline, now, columns, height, spaced=spaced)
    room = body - height
    if len(panel) > room and not help:
        panel = _short_panel(panel, moment, columns, room)
    panel = [*panel[:room], *([[("", "")]] * (room - len(panel)))]
    lines = [title, *graph, *panel, _key_line(columns)]
    if spacious:
        done = columns * (now + 1) // len(timeline.moments)
        lines.insert(1, [("strong", "━" * done), ("", "─" * (columns - done))])
        more = "  ".join(f"{arrow} {n} more" for arrow, n in (("↑", above), ("↓", below)) if n)
        note = f" {more} ──" if more else ""
        lines.insert(2 + height, [("", truncate("─" * (columns - width(note)) + note, columns))])
    return [_fitted(line, columns) for line in lines]


def _key_line(columns: int) -> Line:
    line: Line = [("", " ")]
    used = 1
    for key, meaning in _KEYS:
        used += width(key) + width(meaning) + 4
        if used <= columns + 3:  # the space after the last one may be cut off
            line += [("key", key), ("", f" {meaning}   ")]
    return line


def _fitted(line: Line, columns: int) -> Line:
    """The line as it may be sent to a terminal: printable characters only, at most `columns` wide."""
    fitted: Line = []
    for style, text in line:
        text = split_at(printable(text), columns)[0]
        columns -= width(text)
        fitted.append((style, text))
    return fitted


def _graph(timeline: Timeline, now: int, columns: int, height: int, *, spaced: bool) -> tuple[list[Line], int, int]:
    """The rows of the graph around the current variable, and the number of rows above and below them."""
    moment = timeline.moments[now]
    backward = moment.heading == BACKWARD
    values, signals, all_signals = timeline.values(now), timeline.signals(now), timeline.signals(len(timeline.moments))
    rows = draw_graph(timeline.inputs, max_columns=max(columns // 6, 1))
    others = {target if backward else source for source, target in moment.edges}
    widths = _cell_widths(timeline, columns - sum(map(len, rows[:1])), backward=backward)
    count = len(rows) if spaced else height
    first = _first_row(moment, len(rows), count)
    lines: list[Line] = []
    for node in range(first, first + count):
        value = values.get(node, "")
        signal, complete = signals.get(node, ("", False))
        mark = "●" if (complete if backward else value) else "◐" if signal else "○"
        if backward and node not in all_signals:
            mark = "·"
        arrow = "▶" if node == moment.node else " " if node not in others else "↑" if backward else "↓"
        cells = [padded(truncate(text, n), n) for text, n in zip((timeline.names[node], value), widths, strict=True)]
        room = columns - 1 - len(rows[node])
        text = truncate(f" {arrow} {'  '.join(filter(None, [*cells, signal]))}", room - 1)
        style = "current" if node == moment.node else "strong" if node in others else ""
        lines.append([*_graph_row(rows[node], moment, mark), (style, padded(text, room))])
        if spaced and node + 1 < len(rows):
            lines.append(_graph_row((Cell(up=c.down, down=c.down, overflow=c.overflow) for c in rows[node]), moment))
    return lines, first, len(rows) - first - count


def _graph_row(row: Iterable[Cell], moment: Moment, mark: str = "") -> Line:
    """The graph's part of a row, with the edges of the moment heavy."""
    strong = "backward" if moment.heading == BACKWARD else "forward"
    line: Line = [("", " ")]
    for cell in row:
        current = cell.node == moment.node if cell.node is not None else not moment.edges.isdisjoint(cell.edges)
        line.append((strong if current else "", cell.text(moment.edges, mark)))
    return line


def _cell_widths(timeline: Timeline, columns: int, *, backward: bool) -> tuple[int, int]:
    """The widths of names and values; in the backward pass the error signals get half of the room."""
    names = min(max(map(width, timeline.names), default=0), 20)
    values = max(map(width, timeline.values(len(timeline.moments)).values()), default=0)
    room = max(columns - names - 7, 0)
    share = room if not backward else room // 2 if room >= 20 else 0
    return names, min(values, share)


def _first_row(moment: Moment, count: int, height: int) -> int:
    """The first row to show: the current variable is in the middle, and its neighbours are visible if they fit."""
    here = moment.node or 0
    ends = [end for edge in moment.edges for end in edge] or [here]
    middle = (min(ends) + max(ends)) // 2 if max(ends) - min(ends) < height else here
    return max(0, min(middle - height // 2, count - height))


def _panel(moment: Moment, columns: int) -> list[Line]:
    lines: list[Line] = []
    for lead, text in moment.panel:
        lead = truncate(lead, columns // 2)
        first, *others = wrap(text, columns - 2 - width(lead))
        lines.append([("strong", f" {lead}"), ("", first)])
        lines += [[("", " " * (width(lead) + 1) + part)] for part in others]
    return lines


@lru_cache(maxsize=8)
def _tallest_panel(timeline: Timeline, columns: int) -> int:
    """The number of lines of the longest step: the graph keeps its position from step to step."""
    return max(len(_panel(moment, columns)) for moment in timeline.moments)


def _short_panel(panel: list[Line], moment: Moment, columns: int, room: int) -> list[Line]:
    """As much as fits: the equation before the facts about it, on one line if necessary."""
    blank = next((i for i, line in enumerate(panel) if not _text(line).strip()), len(panel))
    panel = panel[:blank] + panel[blank + 1 :]
    if len(panel) > room and blank >= room:
        panel = [[("", f" {text}")] for text in wrap(moment.line.replace("\n", ", "), columns - 2)]
    if len(panel) > room > 0:
        panel = [*panel[: room - 1], [("", split_at(_text(panel[room - 1]), columns - 3)[0].rstrip() + " …")]]
    return panel


def _text(line: Line) -> str:
    return "".join(text for _, text in line)
