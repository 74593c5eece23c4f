"""Pictures on a screen: readable, the same in every run, refused in time."""

import sys
import time

import pytest

from minigrad.drawing.layout import READABLE, NoGraphvizError, TooLargeError, arrange, fits
from minigrad.drawing.layout.geometry import faults
from minigrad.drawing.layout.graphviz import program
from minigrad.drawing.layout.graphviz.program import lay_out
from minigrad.drawing.picture import Arrow, Box, Line, Picture, Span
from minigrad.drawing.scene import Image, Path, Text
from tests.helpers import pictures

pytest.importorskip("pygraphviz", minversion="2.0")


def chain(count, uses=()):
    boxes = tuple(
        Box(f"b{i}", "computed", (Line((Span(f"v{i}", bold=True),)), Line((Span("0.5"),)))) for i in range(count)
    )
    links = [*((i, i + 1) for i in range(count - 1)), *uses]
    return Picture(boxes, tuple(Arrow(f"a{k}", f"b{i}", f"b{j}") for k, (i, j) in enumerate(links)))


@pytest.fixture(scope="module", params=["lines", "stages"])
def mock_up(request):
    picture = getattr(pictures, request.param)()
    return picture, arrange(picture)


def test_text_is_readable_at_1920_by_1080(mock_up):
    _, scene = mock_up
    assert fits(scene) >= READABLE


def test_nothing_covers_anything(mock_up):
    _, scene = mock_up
    assert faults(scene) == []


def test_all_text_and_all_maps_are_there(mock_up):
    picture, scene = mock_up
    drawn = [item.span.text for item in scene.items if isinstance(item, Text)]
    lines = [row for box in picture.boxes for row in box.rows if isinstance(row, Line)]
    lines += [line for arrow in picture.arrows for line in arrow.labels]
    assert {span.text.strip() for line in lines for span in line.spans} - {""} <= set(drawn)
    images = [item for item in scene.items if isinstance(item, Image)]
    assert len(images) == sum(hasattr(row, "rgba") for box in picture.boxes for row in box.rows)


def test_the_same_picture_gets_the_same_places():
    one, other = arrange(pictures.lines()), arrange(pictures.lines())
    assert (one.width, one.height, one.items) == (other.width, other.height, other.items)


def test_a_backward_arrow_runs_beside_the_forward_one():
    picture = pictures.lines()
    scene = arrange(picture)
    use = next(arrow for arrow in picture.arrows if arrow.key == "a4")
    back = next(arrow for arrow in picture.arrows if (arrow.target, arrow.source) == (use.source, use.target))
    lines = {item.key: item.commands for item in scene.items if isinstance(item, Path) and item.part == "line"}
    forward, backward = lines[use.key], lines[back.key]
    assert forward[0][1] < forward[-1][1]
    assert backward[0][1] > backward[-1][1]
    assert abs(forward[0][2] - backward[-1][2]) > 6


def test_a_long_chain_is_folded_into_rows_that_fit_the_screen():
    scene = arrange(chain(25))
    assert "rows" in scene.notes[0]
    assert fits(scene) >= READABLE
    assert faults(scene) == []


def test_without_an_aspect_it_is_one_row():
    scene = arrange(chain(25), aspect=None)
    assert scene.notes == ()
    assert scene.width > 10 * scene.height


def test_a_tall_screen_is_filled_from_top_to_bottom():
    scene = arrange(chain(30), aspect=(9, 16))
    assert scene.height > scene.width


def test_an_arrow_between_rows_keeps_its_ends():
    scene = arrange(chain(25, uses=[(0, 24)]))
    boxes = {}
    for item in scene.items:
        if isinstance(item, Path) and item.part == "outline" and item.key:
            xs, ys = [c[-2] for c in item.commands if len(c) > 2], [c[-1] for c in item.commands if len(c) > 2]
            boxes[item.key] = min(xs), min(ys), max(xs), max(ys)
    line = next(item for item in scene.items if item.key == "a24" and item.part == "line")
    tip = next(item for item in scene.items if item.key == "a24" and item.part == "head").commands[0][1:]
    for (x, y), key in ((line.commands[0][1:], "b0"), (tip, "b24")):
        left, top, right, bottom = boxes[key]
        assert left - 1 <= x <= right + 1
        assert top - 1 <= y <= bottom + 1
        assert min(x - left, right - x, y - top, bottom - y) <= 1


def test_too_many_boxes_are_refused_at_once():
    picture = chain(5000)
    start = time.perf_counter()
    with pytest.raises(TooLargeError, match="5,000 boxes are too many"):
        arrange(picture)
    assert time.perf_counter() - start < 0.5


def test_when_the_time_is_over_the_picture_is_refused(monkeypatch):
    monkeypatch.setattr(sys.modules["minigrad.drawing.layout.arrange"], "lay_out", lambda sources, seconds: [])
    with pytest.raises(TooLargeError, match="25 boxes within 0 s"):
        arrange(chain(25), deadline=0)


def test_the_search_ends_with_the_time(monkeypatch):
    now = [0.0]

    def slow(work):
        def called(*arguments):
            now[0] += 1.0
            return work(*arguments)

        return called

    module = sys.modules["minigrad.drawing.layout.arrange"]
    for name in ("assemble", "trespassers", "faults", "crossings", "read_places"):
        monkeypatch.setattr(module, name, slow(getattr(module, name)))
    monkeypatch.setattr(module.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(module, "lay_out", lambda sources, seconds: lay_out(sources, 60))
    picture = chain(25)
    for deadline in range(4, 40, 5):
        now[0] = 0.0
        arrange(picture, deadline=deadline)
        assert now[0] <= deadline + 4  # a scene that is begun is finished


def test_a_picture_that_fits_has_no_rows():
    scene = arrange(chain(7, uses=[(0, 4), (1, 6)]))
    assert scene.notes == ()
    assert fits(scene) >= READABLE


def test_without_graphviz_the_error_says_what_to_install(monkeypatch):
    monkeypatch.setattr(program.shutil, "which", lambda name: None)
    monkeypatch.setattr(program, "_has_pygraphviz", lambda: False)
    with pytest.raises(NoGraphvizError) as error:
        arrange(chain(3))
    for word in ("pip install pygraphviz", "apt install graphviz", "brew install graphviz", "winget install"):
        assert word in str(error.value)


def test_a_large_graph_with_long_arrows_is_laid_out_in_time():
    boxes = chain(200).boxes
    links = [(i * 7919 % j, j) for i in (1, 3) for j in range(2, 200)]
    arrows = tuple(Arrow(f"a{k}", f"b{i}", f"b{j}") for k, (i, j) in enumerate(links))
    start = time.perf_counter()
    scene = arrange(Picture(boxes, arrows), deadline=30)
    assert time.perf_counter() - start < 30
    assert {key for key, (kind, _) in scene.groups.items() if kind == "box"} == {box.key for box in boxes}
    heads = [item.key for item in scene.items if isinstance(item, Path) and item.part == "head" and item.key]
    assert sorted(heads) == sorted(arrow.key for arrow in arrows)
