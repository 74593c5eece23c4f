"""The places of arguments: of one operation all of them or none, each in a circle where nothing else is."""

from minigrad.drawing.layout.annotations import Obstacles, port_marks
from minigrad.drawing.layout.geometry import Rectangle, bounds, flattened
from minigrad.drawing.picture import Arrow
from minigrad.drawing.scene import Path, Text


def port(number, y):
    """An argument whose arrow runs from left to right, with its head at x = 300."""
    arrow = Arrow(f"a{number}", f"b{number}", "b9", port=number)
    return arrow, Path((("M", 0, y), ("L", 290, y)), "forward", key=arrow.key, part="line"), (300, y)


def marks(ports, *boxes):
    lines = [path for _, path, _ in ports]
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


def test_where_one_has_no_room_there_is_none():
    crowded = Rectangle(0, 100, 300, 145), Rectangle(0, 155, 300, 200)
    assert marks([port(1, 50), port(2, 150)], *crowded) == ([], [])
    circles, _ = marks([port(1, 50), port(2, 150)], *(box._replace(left=250) for box in crowded))
    assert circles[1].right <= 250  # further away from the head


def test_they_keep_off_lines_boxes_and_one_another():
    ports = [port(number, 40 + 9 * number) for number in (1, 2, 3)]
    circles, _ = marks(ports)
    lines = [bounds(flattened(path)) for _, path, _ in ports]
    assert len(circles) in (0, 3)
    assert not any(a.overlaps(b, 0) for i, a in enumerate(circles) for b in circles[:i])
    assert not any(circle.top < line.top < circle.bottom for circle in circles for line in lines)
    assert not any(circle.right > 300 for circle in circles)
