"""The graph as columns: whatever is drawn can be read back, from the characters alone and from the cells."""

import itertools
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minigrad.walkthrough.terminal.text_graph import Cell, draw_graph

LIGHT_AND_HEAVY = {"LIGHT": 1, "HEAVY": 2}


@st.composite
def graphs(draw, most=14, most_inputs=4):
    """Inputs of each node, in topological order; some twice, as in x x."""
    count = draw(st.integers(0, most))
    return [draw(st.lists(st.integers(0, i - 1), max_size=most_inputs)) if i else [] for i in range(count)]


def drawn(rows, **how):
    return ["".join(cell.text(**how) for cell in row) for row in rows]


def edges(inputs):
    return {(source, node) for node, sources in enumerate(inputs) for source in sources}


def sides(character):
    """Up, right, down, left: 0 for no line, 1 for a light and 2 for a heavy one, from the character's Unicode name."""
    if character == " ":
        return 0, 0, 0, 0
    words = unicodedata.name(character).removeprefix("BOX DRAWINGS ").replace("ARC ", "").split()
    both = {"VERTICAL": ("UP", "DOWN"), "HORIZONTAL": ("LEFT", "RIGHT")}
    weights, waiting, weight = {}, [], 0
    weight_comes_first = words[0] in LIGHT_AND_HEAVY
    for word in words:
        if word in LIGHT_AND_HEAVY:
            weight = LIGHT_AND_HEAVY[word]
            if not weight_comes_first:  # UP LIGHT AND DOWN HEAVY, but LIGHT UP AND HEAVY DOWN
                weights |= dict.fromkeys(waiting, weight)
                waiting = []
        elif word != "AND":
            directions = both.get(word, (word,))
            waiting += directions
            if weight_comes_first:
                weights |= dict.fromkeys(directions, weight)
    return tuple(weights.get(side, 0) for side in ("UP", "RIGHT", "DOWN", "LEFT"))


def read_back(text):
    """The inputs of each node, from the characters of a drawing alone: columns come down, lines lead into the mark."""
    inputs, owner = [], {}
    for node, line in enumerate(text):
        here = line.index("●")
        found = {owner[here]} if here in owner else set()
        below = {column: who for column, who in owner.items() if column != here and sides(line[column])[2]}
        for column in owner:
            assert column == here or sides(line[column])[0], "a column was lost"
        for step in (-1, 1):
            column, towards, onwards = here + step, (1, 3)[step > 0], (3, 1)[step > 0]
            while 0 <= column < len(line):
                character = line[column]
                if character == "│":  # a column that the line passes beneath
                    column += step
                    continue
                if character == "●" or not sides(character)[towards]:
                    break
                if sides(character)[0]:
                    found.add(owner[column])
                if not sides(character)[onwards]:
                    break
                column += step
        owner = below
        if node + 1 < len(text) and (text[node + 1][here] == "●" or sides(text[node + 1][here])[0]):
            owner[here] = node
        inputs.append(found)
    return inputs


@given(graphs())
def test_a_drawing_can_be_read_back(inputs):
    assert read_back(drawn(draw_graph(inputs))) == [set(sources) for sources in inputs]


@given(graphs())
def test_every_edge_is_a_path_of_cells_from_mark_to_mark(inputs):
    rows = draw_graph(inputs)
    for source, target in edges(inputs):
        place = {cell.node: (row, column) for row, cells in enumerate(rows) for column, cell in enumerate(cells)}
        reached, waiting = set(), [place[source]]
        while waiting:
            row, column = waiting.pop()
            if (row, column) in reached:
                continue
            reached.add((row, column))
            cell = rows[row][column]
            for side, opposite, down, right in (("up", "down", -1, 0), ("down", "up", 1, 0)):
                if (source, target) in getattr(cell, side):
                    assert (source, target) in getattr(rows[row + down][column + right], opposite)
                    waiting.append((row + down, column + right))
            for side, opposite, step in (("left", "right", -1), ("right", "left", 1)):
                if (source, target) in getattr(cell, side):
                    after = column + step
                    while not getattr(rows[row][after], opposite):
                        assert rows[row][after].text() == "│", "only a column can hide the line"
                        after += step
                    assert (source, target) in getattr(rows[row][after], opposite)
                    waiting.append((row, after))
        assert place[target] in reached
        holding = {
            (row, column)
            for row, cells in enumerate(rows)
            for column, cell in enumerate(cells)
            if (source, target) in cell.edges
        }
        assert holding == reached, "all cells of an edge hang together"


@given(graphs(), st.integers(1, 5))
def test_every_node_has_one_mark_in_its_own_row_and_no_line_is_wider_than_promised(inputs, most):
    for rows in (draw_graph(inputs), draw_graph(inputs, max_columns=most)):
        assert [[cell.node for cell in row if cell.node is not None] for row in rows] == [
            [i] for i in range(len(inputs))
        ]
        assert len({len(row) for row in rows}) <= 1
        assert all(len(cell.text()) == 1 for row in rows for cell in row)
    assert all(len(row) <= 2 * most - 1 for row in rows)


@given(graphs(), st.integers(1, 5))
def test_with_too_little_room_the_edges_are_still_at_both_of_their_ends(inputs, most):
    rows = draw_graph(inputs, max_columns=most)
    marks = [next(cell for cell in row if cell.node is not None) for row in rows]
    for source, target in edges(inputs):
        assert (source, target) in marks[source].edges & marks[target].edges


@given(graphs())
def test_room_for_all_columns_changes_nothing(inputs):
    rows = draw_graph(inputs)
    assert draw_graph(inputs, max_columns=100) == rows
    if rows:
        assert draw_graph(inputs, max_columns=(len(rows[0]) + 1) // 2) == rows


def test_characters_have_the_lines_that_their_cells_have():
    mine, other = frozenset({(0, 1)}), frozenset({(2, 3)})
    for weights in itertools.product(range(3), repeat=4):
        cell = Cell(*((frozenset(), other, mine)[weight] for weight in weights))
        assert sides(cell.text(heavy=mine)) == weights
        assert sides(cell.text()) == tuple(map(bool, weights))


def test_a_column_ends_at_the_last_use_and_is_used_again():
    inputs = [()]
    for _ in range(30):
        inputs += [(), (len(inputs) - 1, len(inputs))]  # a chain of layers, each with a parameter of its own
    rows = draw_graph(inputs)
    assert len(rows) == 61
    assert {len(row) for row in rows} == {3}
    assert set(drawn(rows)[1:]) == {"│ ●", "●─╯"}


def test_a_value_that_is_used_again_later_keeps_its_column():
    # h = f(x), g = g(h), y = h + g: a residual connection
    assert drawn(draw_graph([(), (0,), (1,), (1, 2), (3,)])) == ["●  ", "●  ", "├─●", "●─╯", "●  "]


def test_a_line_passes_beneath_the_columns_that_it_does_not_meet():
    assert drawn(draw_graph([(), (), (), (0, 2), (1, 3)]))[3] == "●─│─╯"
    assert drawn(draw_graph([(), (), (), (0, 1, 2), (1, 3)]))[3] == "●─┼─╯"


def test_a_value_used_twice_has_one_edge():
    assert draw_graph([(), (0, 0)]) == draw_graph([(), (0,)])
    assert drawn(draw_graph([(), (), (0, 1, 0)])) == ["●  ", "│ ●", "●─╯"]


def test_one_edge_stands_out_from_the_rest():
    rows = draw_graph([(), (), (), (1, 0, 2), (1, 3)])
    assert drawn(rows, heavy=frozenset({(2, 3)})) == ["●    ", "│ ●  ", "│ │ ●", "●━┿━┛", "●─╯  "]
    assert drawn(rows, heavy=frozenset({(1, 3)})) == ["●    ", "│ ●  ", "│ ┃ ●", "●━╃─╯", "●─╯  "]


def test_columns_without_room_share_the_last_one():
    rows = draw_graph([(), (), (), (), (), (0, 1, 2, 3), (4, 5)], max_columns=3)
    assert drawn(rows) == ["●    ", "│ ●  ", "│ │ ●", "│ │ ●", "│ │ ●", "●─┴─…", "●───…"]


def test_no_nodes_no_rows():
    assert draw_graph([]) == []
    assert drawn(draw_graph([()])) == ["●"]


@pytest.mark.parametrize("inputs", [[(0,)], [(), (2,), ()], [(), (-1,)]])
def test_a_node_cannot_use_what_comes_later(inputs):
    with pytest.raises(ValueError, match=r"draw_graph: node \d uses node -?\d, which does not come before it"):
        draw_graph(inputs)


def test_there_must_be_room_for_a_column():
    with pytest.raises(ValueError, match="max_columns of at least 1, got 0"):
        draw_graph([()], max_columns=0)
