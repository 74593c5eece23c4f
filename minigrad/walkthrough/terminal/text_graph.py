"""A graph as text: one row for each node, the edges at the left, as ``git log --graph`` draws them.

A value runs down its column until its last use. A line from other columns into a node passes beneath the
columns that are not its inputs: in ``─│─`` the lines cross, in ``─┼─`` they join. So the drawing is unambiguous.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

__all__ = ["Cell", "Edge", "Row", "draw_graph"]

Edge = tuple[int, int]  # from the node that is used to the node that uses it
Edges = frozenset[Edge]

# A character for every cell, indexed in base 3 by its lines up, right, down and left: none, light or heavy.
_BOX = " ╴╸╷┐┑╻┒┓╶─╾┌┬┭┎┰┱╺╼━┍┮┯┏┲┳╵┘┙│┤┥╽┧┪└┴┵├┼┽┟╁╅┕┶┷┝┾┿┢╆╈╹┚┛╿┦┩┃┨┫┖┸┹┞╀╃┠╂╉┗┺┻┡╄╇┣╊╋"
_ROUND = str.maketrans("┐┌┘└", "╮╭╯╰")
_NONE: Edges = frozenset()


class Cell(NamedTuple):
    """One character of the drawing: the edges that leave it on each side, and the node whose mark it is."""

    up: Edges = _NONE
    right: Edges = _NONE
    down: Edges = _NONE
    left: Edges = _NONE
    node: int | None = None
    overflow: bool = False  # stands for all columns that did not fit

    @property
    def edges(self) -> Edges:
        return self.up | self.right | self.down | self.left

    def text(self, heavy: Edges = _NONE, mark: str = "●") -> str:
        """The character: the mark of a node, or lines, heavy where they belong to one of the edges in `heavy`."""
        if self.node is not None:
            return mark
        if self.overflow:
            return "…" if self.edges else " "
        index = 0
        for side in (self.up, self.right, self.down, self.left):
            index = 3 * index + (0 if not side else 1 if side.isdisjoint(heavy) else 2)
        return _BOX[index].translate(_ROUND)


Row = tuple[Cell, ...]


def draw_graph(inputs: Sequence[Sequence[int]], *, max_columns: int | None = None) -> list[Row]:
    """Draw a graph, given in topological order.

    Arguments:
        inputs: for each node the positions of the nodes that it is computed from. An input used twice, as in
            x x, has one edge.
        max_columns: the number of columns that fit; any further ones share the last, drawn as ``…``.

    Returns:
        For each node a row of cells. All rows have the same length: two characters for each column but the last.

    Raises:
        ValueError: if a node uses one that does not come before it, or if `max_columns` is less than 1.

    >>> x, w, b, z, y, t, L, R, lam, L_reg = range(10)
    >>> rows = draw_graph([(), (), (), (w, x, b), (z,), (), (y, t), (w,), (), (L, lam, R)])
    >>> for name, row in zip("x w b z y t L R λ L_reg".split(), rows):
    ...     print("".join(cell.text() for cell in row), name)
    ●     x
    │ ●   w
    │ │ ● b
    ●─┼─╯ z
    ● │   y
    │ │ ● t
    ●─│─╯ L
    │ ●   R
    │ │ ● λ
    ●─┴─╯ L_reg
    >>> "".join(cell.text(heavy=frozenset({(w, z)})) for cell in rows[z])
    '●━╃─╯'
    """
    if max_columns is not None and max_columns < 1:
        raise ValueError(f"draw_graph: expected max_columns of at least 1, got {max_columns}")
    for node, sources in enumerate(inputs):
        for source in sources:
            if not 0 <= source < node:
                raise ValueError(f"draw_graph: node {node} uses node {source}, which does not come before it")
    users: list[list[int]] = [[] for _ in inputs]
    for node, sources in enumerate(inputs):
        for source in dict.fromkeys(sources):
            users[source].append(node)
    columns = _columns(inputs, users)
    count = max(columns, default=-1) + 1
    overflow = None if max_columns is None or count <= max_columns else max_columns - 1
    if overflow is not None:
        columns = [min(column, overflow) for column in columns]
        count = overflow + 1
    return [
        _row(node, set(inputs[node]), running, columns, count, overflow) for node, running in enumerate(_running(users))
    ]


def _columns(inputs: Sequence[Sequence[int]], users: list[list[int]]) -> list[int]:
    """The column of each node: that of an input used for the last time, else the first free one."""
    columns: list[int] = []
    free: set[int] = set()
    resting: set[int] = set()  # the column of an unused value: a mark right below it would look like its user
    count = 0
    for node, sources in enumerate(inputs):
        ending = {columns[source] for source in sources if users[source][-1] == node}
        candidates = ending or free or {count}
        column = min(candidates)
        columns.append(column)
        count = max(count, column + 1)
        free = (free | ending | resting) - {column}
        resting = set() if users[node] else {column}
    return columns


def _running(users: list[list[int]]) -> list[dict[int, tuple[Edges, Edges]]]:
    """For each row the values whose edges reach it from above: the edges above the row, and those still below it."""
    rows: list[dict[int, tuple[Edges, Edges]]] = [{} for _ in users]
    for source, targets in enumerate(users):
        remaining = frozenset((source, target) for target in targets)
        for node in range(source, targets[-1] + 1 if targets else source + 1):
            above = remaining
            remaining = remaining - {(source, node)}
            rows[node][source] = above, remaining
    return rows


def _row(
    node: int,
    sources: set[int],
    running: dict[int, tuple[Edges, Edges]],
    columns: list[int],
    count: int,
    overflow: int | None,
) -> Row:
    """Columns run down through the row; those of the sources join the line that leads to the node's mark."""
    up, down, turning = ([_NONE] * count for _ in range(3))
    for value, (above, below) in running.items():
        column = columns[value]
        down[column] |= below
        if value != node:
            up[column] |= above
        if value in sources:
            turning[column] |= {(value, node)}
    here = columns[node]
    right, left = ([_NONE] * count for _ in range(2))  # of each column's cell, on the way to the mark
    for column in range(here):
        right[column] = turning[column] | (right[column - 1] if column else _NONE)
    for column in reversed(range(here + 1, count)):
        left[column] = turning[column] | (left[column + 1] if column + 1 < count else _NONE)
    cells: list[Cell] = []
    for column in range(count):
        from_left = right[column - 1] if column else _NONE
        from_right = left[column + 1] if column + 1 < count else _NONE
        if column:
            across = from_left or left[column]
            cells.append(Cell(right=across, left=across))
        cell = Cell(up[column], right[column] or from_right, down[column], left[column] or from_left)
        if column == here:
            cell = cell._replace(node=node, right=from_right, left=from_left)
        elif (cell.up or cell.down) and not turning[column]:
            cell = Cell(up=cell.up, down=cell.down)  # the line passes beneath
        cells.append(cell._replace(overflow=column == overflow))
    return tuple(cells)
