"""Which of ever coarser pictures is shown: the finest that can be read."""

import pytest

from minigrad.drawing import fitting
from minigrad.drawing.graph.nodes import Graph
from minigrad.drawing.layout.details.readable import Readable
from minigrad.drawing.layout.errors import TooLargeError
from minigrad.drawing.layout.graphviz.program import NoGraphvizError
from minigrad.drawing.levels.grouping import Group, Grouping
from minigrad.drawing.picture import Picture
from minigrad.drawing.scene import Scene
from tests.minigrad.drawing.lecture_picture import plain_box


class Pictures:
    """Pictures of fewer and fewer boxes, with the size that their text has, or the error of laying them out.

    Arguments:
        promises: the size that each could have at most.
    """

    def __init__(self, monkeypatch, results, promises=None):
        self.results, self.promises, self.tried = dict(results), promises or {}, []
        monkeypatch.setattr(fitting, "most_readable", self.most_readable)
        monkeypatch.setattr(fitting, "promise", lambda picture, *_, **__: self.promises.get(len(picture.boxes), 99))
        monkeypatch.setattr(fitting, "arrange", lambda picture, **_: Scene(100, len(picture.boxes), ()))
        monkeypatch.setattr(fitting, "coarser", self.coarser)
        monkeypatch.setattr(fitting, "at_most", lambda _, g, most, kept: self.at_most(most) or g)
        self.first = self.at_most(500)

    def at_most(self, most):
        size = max((size for size in self.results if size <= most), default=0)
        return Grouping([Group([], "computed") for _ in range(size)]) if size else None

    def coarser(self, _, grouping, careful, **__):
        boxes = len(grouping.groups)
        return None if careful and boxes > 40 else self.at_most(boxes - 1)  # of many, none that nobody misses

    def most_readable(self, picture, *_, names_alone):
        self.tried.append((len(picture.boxes), names_alone))
        result = self.results[len(picture.boxes)]
        if isinstance(result, Exception):
            raise result
        return None if result is None else Readable(result, Scene(100, result, ()))

    def chosen(self, *, asked=False):
        graph = Graph([], [], [])

        def picture_of(grouping):
            return Picture(tuple(plain_box(f"b{i}", "x") for i in range(len(grouping.groups))))

        picture, scene = fitting.fitted(graph, self.first, picture_of, (16, 9), asked=asked)
        return len(picture.boxes), scene and scene.height


@pytest.mark.parametrize(
    ("results", "chosen"),
    [
        ({20: 18.0, 12: 25.0}, (20, 18.0)),  # it can be read
        ({20: 17.9, 12: 25.0}, (12, 25.0)),
        ({20: 13.0, 12: 16.0, 6: 17.0}, (20, 13.0)),  # folding does not help enough
        ({20: 13.0, 12: 17.5, 6: 17.6}, (12, 17.5)),
        ({20: 9.5, 12: 11.0, 9: 8.0}, (12, 11.0)),  # the largest
        ({20: 9.5, 12: 11.0, 7: 13.0, 3: 20.0}, (7, 13.0)),  # so few boxes are not folded for larger text
        ({20: None, 12: None, 3: 20.0}, (3, None)),  # no layout in time
        ({20: NoGraphvizError(), 12: 20.0}, (20, None)),
        ({5: 20.0}, (5, None)),  # laid out when somebody looks
    ],
)
@pytest.mark.parametrize("asked", [False, True])
def test_the_finest_that_can_be_read(monkeypatch, results, chosen, asked):
    assert Pictures(monkeypatch, results).chosen(asked=asked) == chosen


def test_where_a_level_was_asked_for_values_are_left_out_before_anything_is_folded(monkeypatch):
    pictures = Pictures(monkeypatch, {20: 10.0, 12: 25.0})
    pictures.chosen(asked=True)
    assert pictures.tried == [(20, True), (12, True)]
    pictures.tried.clear()
    pictures.chosen()
    assert pictures.tried == [(20, False), (12, True)]  # of the coarsest in any case


def test_far_too_small_halves_the_boxes(monkeypatch):
    pictures = Pictures(monkeypatch, {100: 4.0, 90: 5.0, 50: 18.0, 20: 30.0})
    assert pictures.chosen() == (50, 18.0)
    assert [boxes for boxes, _ in pictures.tried] == [100, 50]


def test_what_cannot_be_large_enough_is_not_tried(monkeypatch):
    pictures = Pictures(monkeypatch, {40: 18.0, 30: 18.0, 20: 18.0}, {40: 17.0, 30: 30.0})
    assert pictures.chosen() == (30, 18.0)
    assert [boxes for boxes, _ in pictures.tried] == [30]
    coarsest = Pictures(monkeypatch, {20: 12.0}, {20: 17.0})
    assert coarsest.chosen() == (20, 12.0)


def test_when_the_time_is_over_the_best_so_far_is_taken(monkeypatch):
    times = iter([0.0, 10.0])
    monkeypatch.setattr(fitting.time, "monotonic", lambda: next(times))
    assert Pictures(monkeypatch, {20: 10.0, 12: 25.0}).chosen() == (20, 10.0)


def test_without_any_layout_in_time_the_coarsest_picture_gets_more_of_it(monkeypatch):
    assert Pictures(monkeypatch, {20: None, 12: None}).chosen() == (12, 12)

    def too_large(*_, **__):
        raise TooLargeError

    pictures = Pictures(monkeypatch, {20: None, 12: None})
    monkeypatch.setattr(fitting, "arrange", too_large)
    with pytest.raises(ValueError, match="too large to draw, even folded"):
        pictures.chosen()
