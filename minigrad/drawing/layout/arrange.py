"""`arrange`: the picture that fits the screen best."""

from __future__ import annotations

import time
from typing import NamedTuple

from minigrad.drawing.layout.arrows.lanes import Stack, stack
from minigrad.drawing.layout.assemble import assemble, outer_size
from minigrad.drawing.layout.errors import TooLargeError
from minigrad.drawing.layout.geometry import faults, trespassers
from minigrad.drawing.layout.graphviz.problem import Places, read_places, to_dot
from minigrad.drawing.layout.graphviz.program import lay_out
from minigrad.drawing.layout.plans import plans
from minigrad.drawing.layout.problems import Plan
from minigrad.drawing.layout.quality import Quality, crossings, quality
from minigrad.drawing.picture import Picture
from minigrad.drawing.scene import Scene

__all__ = ["Arranged", "arrange", "arranged"]

_MOST_BOXES = 1500
_MOST_SCENES = 5  # so many candidates are assembled,
_LAST = 16  # and no more than these, if arrows run through boxes in all of those
_REPAIRS = 2
_MANY_BOXES = 150  # from here on the best one by size is taken
_GRAPHVIZ = 0.8  # its share of the time


class Arranged(NamedTuple):
    """A scene, and the places that its boxes and arrows have in it: what `assemble` was given."""

    scene: Scene
    plan: Plan
    places: list[Places]
    rows: Stack
    careful: frozenset[str]


class _Candidate(NamedTuple):
    """A plan with its places, and the quality that it would have if no arrows crossed."""

    bound: Quality
    plan: Plan
    places: list[Places]
    rows: Stack


def arrange(
    picture: Picture, *, aspect: tuple[float, float] | None = (16, 9), deadline: float = 10, columns: bool = False
) -> Scene:
    """Give everything in a picture its place.

    Arguments:
        picture: boxes, arrows, frames, notes.
        aspect: of the screen that it should fit; ``None`` lays it out from left to right, however long it gets.
        deadline: seconds for everything.
        columns: whether boxes may be wide and low, with value and error signal to the right of the name.

    Raises:
        TooLargeError: if there are too many boxes, or no layout was found in time.
        NoGraphvizError: if there is no Graphviz.
    """
    return arranged(picture, aspect=aspect, deadline=deadline, columns=columns).scene


def arranged(
    picture: Picture, *, aspect: tuple[float, float] | None = (16, 9), deadline: float = 10, columns: bool = False
) -> Arranged:
    """As `arrange`, with the places."""
    if len(picture.boxes) > _MOST_BOXES:
        raise TooLargeError(
            f"{len(picture.boxes):,} boxes are too many for a picture; at most {_MOST_BOXES:,} are drawn"
        )
    end = time.monotonic() + deadline
    screen = aspect or (16, 9)
    proposed = plans(picture, aspect, columns=columns)
    answers = lay_out([to_dot(problem) for plan in proposed for problem in plan.problems], _GRAPHVIZ * deadline)
    candidates: list[_Candidate] = []
    for plan in proposed:
        own, answers = answers[: len(plan.problems)], answers[len(plan.problems) :]
        if len(own) < len(plan.problems) or (candidates and time.monotonic() > end):
            break
        places = [read_places(problem, answer) for problem, answer in zip(plan.problems, own, strict=True)]
        rows = stack(places, plan.crossing)
        bound = quality(outer_size(plan.picture, rows), screen, plan, 0)
        candidates.append(_Candidate(bound, plan, places, rows))
    if not candidates:
        raise TooLargeError(f"Graphviz found no layout of {len(picture.boxes):,} boxes within {deadline:g} s")
    candidates.sort(key=lambda one: one.bound, reverse=True)
    best: tuple[tuple[bool, Quality], Arranged] | None = None
    roomy = [one for one in candidates[_MOST_SCENES:] if one.plan.roomy]
    others = [one for one in candidates[_MOST_SCENES:] if not one.plan.roomy]
    for index, (bound, plan, places, rows) in enumerate([*candidates[:_MOST_SCENES], *roomy, *others]):
        sound = best is not None and best[0][0]
        if best and (best[0] >= (True, bound) or index == _LAST):
            break
        if best and sound and index >= _MOST_SCENES + len(roomy) and not best[0][1][0] < 1 <= bound[0]:
            break  # the others are hardly better, unless their text can be read
        scene = assemble(plan, places, rows)
        if len(plan.boxes) > _MANY_BOXES:
            return Arranged(scene, plan, places, rows, frozenset())
        careful: set[str] = set()
        for _ in range(_REPAIRS):
            if time.monotonic() > end or not (more := trespassers(scene) - careful):
                break
            careful |= more
            scene = assemble(plan, places, rows, careful)
        found = Arranged(scene, plan, places, rows, frozenset(careful))
        if len(candidates) == 1 or time.monotonic() > end:
            return best[1] if best else found
        value = not faults(scene), quality((scene.width, scene.height), screen, plan, crossings(scene))
        if best is None or value > best[0]:
            best = value, found
        if time.monotonic() > end:
            break
    assert best is not None
    return best[1]
