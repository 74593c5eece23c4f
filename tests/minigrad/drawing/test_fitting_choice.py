"""Which of ever coarser pictures is shown: the finest that can be read."""

import pytest

from minigrad.drawing import fitting
from minigrad.drawing.layout.errors import TooLargeError
from minigrad.drawing.layout.graphviz.program import NoGraphvizError
from minigrad.drawing.levels.grouping import Group, Grouping
from minigrad.drawing.picture import Picture
from minigrad.drawing.scene import Scene
from tests.minigrad.drawing.lecture_picture import plain_box


class Pictures:
    """Pictures of fewer and fewer boxes, with the size that their text has, or the error of laying them out."""

    def __init__(self, monkeypatch, results):
        self.results, self.tried = dict(results), []
        monkeypatch.setattr(fitting, "arrange", self.arrange)
        monkeypatch.setattr(fitting, "fits", lambda scene, aspect: scene.height)
        monkeypatch.setattr(fitting, "coarser", self.coarser)
        monkeypatch.setattr(fitting, "at_most", lambda _, g, most: self.at_most(most) or g)
        self.first = self.at_most(500)

    def at_most(self, most):
        size = max((size for size in self.results if size <= most), default=0)
        return Grouping([Group([], "computed") for _ in range(size)]) if size else None

    def coarser(self, _, grouping, careful):
        boxes = len(grouping.groups)
        return None if careful and boxes > 40 else self.at_most(boxes - 1)  # of many, none that nobody misses

    def arrange(self, picture, **_):
        self.tried.append(len(picture.boxes))
        result = self.results[len(picture.boxes)]
        if isinstance(result, Exception):
            raise result
        return Scene(100, result, ())

    def chosen(self, *, asked=False):
        def picture_of(grouping):
            return Picture(tuple(plain_box(f"b{i}", "x") for i in range(len(grouping.groups))))

        picture, scene = fitting.fitted(None, self.first, picture_of, (16, 9), asked=asked)
        return len(picture.boxes), scene and scene.height


@pytest.mark.parametrize(
    ("results", "chosen"),
    [
        ({20: 18.0, 12: 25.0}, (20, 18.0)),  # it can be read
        ({20: 17.9, 12: 25.0}, (12, 25.0)),
        ({20: 13.0, 12: 17.0, 6: 17.5}, (20, 13.0)),  # folding does not help enough
        ({20: 9.5, 12: 11.0, 9: 8.0}, (12, 11.0)),  # the largest
        ({20: 9.5, 12: 11.0, 7: 13.0, 3: 20.0}, (7, 13.0)),  # so few boxes are not folded for larger text
        ({20: TooLargeError(), 12: TooLargeError(), 3: 20.0}, (3, None)),
        ({20: NoGraphvizError(), 12: 20.0}, (20, None)),
        ({5: 20.0}, (5, None)),  # laid out when somebody looks
    ],
)
def test_the_finest_that_can_be_read(monkeypatch, results, chosen):
    assert Pictures(monkeypatch, results).chosen() == chosen


def test_a_level_that_was_asked_for_may_be_small(monkeypatch):
    assert Pictures(monkeypatch, {20: 5.0, 12: 25.0}).chosen(asked=True) == (20, 5.0)
    assert Pictures(monkeypatch, {20: 3.0, 12: 25.0}).chosen(asked=True) == (12, 25.0)


def test_far_too_small_halves_the_boxes(monkeypatch):
    pictures = Pictures(monkeypatch, {100: 4.0, 90: 5.0, 50: 18.0, 20: 30.0})
    assert pictures.chosen() == (50, 18.0)
    assert pictures.tried == [100, 50]


def test_when_the_time_is_over_the_best_so_far_is_taken(monkeypatch):
    times = iter([0.0, 1.0, 10.0])
    monkeypatch.setattr(fitting.time, "monotonic", lambda: next(times))
    assert Pictures(monkeypatch, {20: 10.0, 12: 25.0}).chosen() == (20, 10.0)
