"""A graph as text: one line for each node, its edges as lanes at the left, as ``git log --graph`` draws them.

A value runs down its lane until its last use. A line that leads from other lanes into a node passes beneath
the lanes it has nothing to do with: ``─│─`` is no meeting, ``─┼─`` is one. So the graph can be read back.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

__all__ = ["Cell", "Edge", "Row", "lanes"]

Edge = tuple[int, int]  # from the node that is used to the node that uses it
Edges = frozenset[Edge]

# A character for every cell: up, right, down and left are digits to base 3, for no line, a light or a heavy one.
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
    beyond: bool = False  # stands for all lanes that there was no room for

    @property
    def edges(self) -> Edges:
        return self.up | self.right | self.down | self.left

    def text(self, heavy: Edges = _NONE, mark: str = "●") -> str:
        """The character: the mark of a node, or lines, heavy where they belong to one of the edges in `heavy`."""
        if self.node is not None:
            return mark
        if self.beyond:
            return "…" if self.edges else " "
        index = 0
        for side in (self.up, self.right, self.down, self.left):
            index = 3 * index + (0 if not side else 1 if side.isdisjoint(heavy) else 2)
        return _BOX[index].translate(_ROUND)


Row = tuple[Cell, ...]


def lanes(inputs: Sequence[Sequence[int]], *, most: int | None = None) -> list[Row]:
    """Draw a graph whose nodes come in topological order.

    Arguments:
        inputs: for each node the positions of the nodes that it is computed from. One that is used twice, as in
            x x, has one edge.
        most: how many lanes there is room for; those beyond share the last one, drawn as ``…``.

    Returns:
        For each node a row of cells. All rows are equally long: two columns for each lane but the last.

    Raises:
        ValueError: if a node uses one that does not come before it, or if `most` leaves room for no lane.

    >>> x, w, b, z, y, t, L, R, lam, L_reg = range(10)
    >>> rows = lanes([(), (), (), (w, x, b), (z,), (), (y, t), (w,), (), (L, lam, R)])
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
    if most is not None and most < 1:
        raise ValueError(f"lanes: expected room for at least one lane, got most={most}")
    for node, sources in enumerate(inputs):
        for source in sources:
            if not 0 <= source < node:
                raise ValueError(f"lanes: node {node} uses node {source}, which does not come before it")
    users: list[list[int]] = [[] for _ in inputs]
    for node, sources in enumerate(inputs):
        for source in dict.fromkeys(sources):
            users[source].append(node)
    columns = _columns(inputs, users)
    count = max(columns, default=-1) + 1
    beyond = None if most is None or count <= most else most - 1
    if beyond is not None:
        columns = [min(column, beyond) for column in columns]
        count = beyond + 1
    return [
        _row(node, set(inputs[node]), running, columns, count, beyond) for node, running in enumerate(_running(users))
    ]


def _columns(inputs: Sequence[Sequence[int]], users: list[list[int]]) -> list[int]:
    """The lane of each node: that of an input which is used for the last time, else the first free one."""
    columns: list[int] = []
    free: set[int] = set()
    resting: set[int] = set()  # a lane of a value that nothing uses: a mark right below it would look like its user
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
    """For each row the values whose lanes reach it from above: the edges above the row, and those still below it."""
    rows: list[dict[int, tuple[Edges, Edges]]] = [{} for _ in users]
    for source, targets in enumerate(users):
        coming = frozenset((source, target) for target in targets)
        for node in range(source, targets[-1] + 1 if targets else source + 1):
            arrived = coming
            coming = coming - {(source, node)}
            rows[node][source] = arrived, coming
    return rows


def _row(
    node: int,
    sources: set[int],
    running: dict[int, tuple[Edges, Edges]],
    columns: list[int],
    count: int,
    beyond: int | None,
) -> Row:
    """Lanes go down through the row, and those of the sources meet the line that leads to the node's mark."""
    up, down, turning = ([_NONE] * count for _ in range(3))
    for value, (above, below) in running.items():
        column = columns[value]
        down[column] |= below
        if value != node:
            up[column] |= above
        if value in sources:
            turning[column] |= {(value, node)}
    here = columns[node]
    right, left = ([_NONE] * count for _ in range(2))  # of each lane's cell, on its way to the mark
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
        lane = Cell(up[column], right[column] or from_right, down[column], left[column] or from_left)
        if column == here:
            lane = lane._replace(node=node, right=from_right, left=from_left)
        elif (lane.up or lane.down) and not turning[column]:
            lane = Cell(up=lane.up, down=lane.down)  # the line passes beneath
        cells.append(lane._replace(beyond=column == beyond))
    return tuple(cells)
