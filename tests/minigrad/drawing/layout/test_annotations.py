"""The places of arguments: of one operation all of them or none, each in a circle where nothing else is."""

from minigrad.drawing.layout.annotations import Obstacles, Port, port_marks
from minigrad.drawing.layout.geometry import Rectangle, bounds, flattened
from minigrad.drawing.picture import Arrow
from minigrad.drawing.scene import Path, Text


def port(number, y):
    """An argument whose arrow runs from left to right, with its head at x = 300."""
    arrow = Arrow(f"a{number}", f"b{number}", "b9", port=number)
    line = Path((("M", 0, y), ("L", 290, y)), "forward", key=arrow.key, part="line")
    return Port(arrow, line, (300, y), Rectangle(100, y - 30, 140, y - 15))


def marks(ports, *boxes):
    lines = [port.line for port in ports]
    items = [*port_marks(ports, Obstacles([Rectangle(300, 0, 400, 200), *boxes], lines))]
    circles = [bounds(flattened(item)) for item in items if isinstance(item, Path)]
    return circles, [item for item in items if isinstance(item, Text)]


def test_each_stands_in_a_circle_close_to_its_head():
    circles, numbers = marks([port(1, 50), port(2, 150)])
    assert [text.span.text for text in numbers] == ["1", "2"]
    for circle, text, y in zip(circles, numbers, (50, 150), strict=True):
        assert circle.contains(Rectangle(text.x, text.y - text.size / 2, text.x + text.width, text.y))
        assert circle.right < 300
        assert circle.left > 200
        assert abs((circle.top + circle.bottom) / 2 - y) < 25


def test_where_one_has_no_room_beside_its_line_all_lie_on_their_lines():
    crowded = Rectangle(0, 100, 300, 138), Rectangle(0, 162, 300, 200)
    circles, numbers = marks([port(1, 50), port(2, 150)], *crowded)
    assert [(circle.top + circle.bottom) / 2 for circle in circles] == [50, 150]
    assert len(numbers) == 2
    circles, _ = marks([port(1, 50), port(2, 150)], *(box._replace(right=200) for box in crowded))
    assert circles[1].left >= 200  # beside, where there is room
    assert circles[1].top != 141


def test_beside_its_label_there_may_be_room():
    full = Rectangle(160, 0, 300, 200)
    circles, _ = marks([port(1, 50), port(2, 150)], full._replace(top=100))
    assert [circle.bottom > 100 for circle in circles] == [False, True]
    assert circles[1].left in (145, 74)
    assert (circles[1].top + circles[1].bottom) / 2 == 150 - 22.5


def test_where_one_has_no_room_at_all_there_is_none():
    crowded = Rectangle(0, 100, 300, 145), Rectangle(0, 155, 300, 200)
    assert marks([port(1, 50), port(2, 150)], *crowded) == ([], [])


def test_they_keep_off_lines_boxes_and_one_another():
    ports = [port(number, 40 + 9 * number) for number in (1, 2, 3)]
    circles, _ = marks(ports)
    lines = [bounds(flattened(port.line)) for port in ports]
    assert len(circles) in (0, 3)
    assert not any(a.overlaps(b, 0) for i, a in enumerate(circles) for b in circles[:i])
    through = [(i, j) for i, c in enumerate(circles) for j, line in enumerate(lines) if c.top < line.top < c.bottom]
    assert all(i == j for i, j in through)
    assert not any(circle.right > 300 for circle in circles)
