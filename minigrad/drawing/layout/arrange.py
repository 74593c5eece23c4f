"""`arrange`: the picture that fits the screen best."""

from __future__ import annotations

from minigrad.drawing.layout.assemble import assemble
from minigrad.drawing.layout.errors import TooLargeError
from minigrad.drawing.layout.geometry import faults
from minigrad.drawing.layout.graphviz.problem import read_places, to_dot
from minigrad.drawing.layout.graphviz.program import lay_out
from minigrad.drawing.layout.plans import plans
from minigrad.drawing.layout.quality import quality
from minigrad.drawing.picture import Picture
from minigrad.drawing.scene import Scene

__all__ = ["arrange"]

_MOST_BOXES = 1500


def arrange(picture: Picture, *, aspect: tuple[float, float] | None = (16, 9), deadline: float = 10) -> Scene:
    """Give everything in a picture its place.

    Arguments:
        picture: boxes, arrows, frames, notes.
        aspect: of the screen that it should fit; ``None`` lays it out from left to right, however long it gets.
        deadline: seconds for all calls of Graphviz together.

    Raises:
        TooLargeError: if there are too many boxes, or no layout was found in time.
        NoGraphvizError: if there is no Graphviz.
    """
    if len(picture.boxes) > _MOST_BOXES:
        raise TooLargeError(
            f"{len(picture.boxes):,} boxes are too many for a picture, which has at most {_MOST_BOXES:,}"
        )
    candidates = plans(picture, aspect)
    answers = lay_out([to_dot(problem) for plan in candidates for problem in plan.problems], deadline)
    scenes: list[tuple[tuple[float, float], Scene]] = []
    for plan in candidates:
        own, answers = answers[: len(plan.problems)], answers[len(plan.problems) :]
        if len(own) < len(plan.problems):
            break
        places = [read_places(problem, answer) for problem, answer in zip(plan.problems, own, strict=True)]
        scene = assemble(plan, places)
        if len(candidates) == 1:
            return scene
        scenes.append((quality(scene, aspect or (16, 9), plan), scene))
    if not scenes:
        raise TooLargeError(f"Graphviz found no layout of {len(picture.boxes):,} boxes within {deadline:g} s")
    scenes.sort(key=lambda one: one[0], reverse=True)
    for _, scene in scenes:
        if not faults(scene):
            return scene
    return scenes[0][1]
