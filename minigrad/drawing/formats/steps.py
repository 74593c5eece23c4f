"""A scene after a step of the walkthrough: what is done, what happens now, and what waits for its turn.

What waits has a dotted outline and no colour, and its value or error signal is not there yet. What happens now has a
thicker outline with a glow, and a mark.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from operator import index
from typing import Literal

from minigrad.drawing.picture import Event, Picture
from minigrad.drawing.scene import Image, Item, Path, Scene, Text

__all__ = ["States", "scene_at", "state_at"]


@dataclass(frozen=True)
class States:
    """How far a walkthrough is after a step.

    Attributes:
        step: how many events have happened.
        current: keys of the boxes and arrows at which the last of them happened.
        waiting: keys that none of them has reached. A parameter, whose value is given, waits for nothing.
        hidden: pairs of a key and a part that are not there yet.
        text: the last event in words.
    """

    step: int
    current: frozenset[str]
    waiting: frozenset[str]
    hidden: frozenset[tuple[str, str]]
    text: str = ""

    def of(self, key: str) -> Literal["done", "current", "waiting"]:
        """The state of a box or an arrow."""
        return "current" if key in self.current else "waiting" if key in self.waiting else "done"


def state_at(drawn: Scene | Picture, step: int) -> States:
    """The states after ``step`` events: 0 is before the first one.

    Raises:
        ValueError: if there are fewer events.
    """
    events = drawn.events
    step = index(step)
    if not 0 <= step <= len(events):
        has = f"steps 0 to {len(events)}" if events else "no steps: it was drawn without values and error signals"
        raise ValueError(f"step {step} was asked for, but this picture has {has}.")
    before, after = events[:step], events[step:]
    shown = {part for event in before for part in event.shows}
    reached = {key for event in before for key in _keys(event)}
    return States(
        step,
        current=frozenset(events[step - 1].current) if step else frozenset(),
        waiting=frozenset(key for event in after for key in _keys(event)) - reached - _given(drawn),
        hidden=frozenset(part for event in after for part in event.shows) - shown,
        text=events[step - 1].text if step else "",
    )


def scene_at(scene: Scene, states: States) -> Scene:
    """The scene as it looks in these states."""
    outlines: dict[str, list[Path]] = {key: [] for key in sorted(states.current)}
    for item in scene.items:
        if item.key in outlines and isinstance(item, Path) and _is_outline(item):
            outlines[item.key].append(item)
    glows = [
        replace(path, stroke="current", fill="", width=path.width + 9, dashed=False, key="", part="glow")
        for paths in outlines.values()
        for path in paths
    ]
    marks = [_mark(paths) for key, paths in outlines.items() if paths and scene.groups.get(key, ("box",))[0] == "box"]
    items = [drawn for item in scene.items for drawn in _restyled(item, scene, states)]
    above = next((i for i, item in enumerate(items) if scene.groups.get(item.key, ("",))[0] != "frame"), len(items))
    return replace(scene, items=(*items[:above], *glows, *items[above:], *marks))


def _given(drawn: Scene | Picture) -> set[str]:
    """Boxes whose values are there from the start, for no step computes them."""
    if isinstance(drawn, Picture):
        boxes = {box.key for box in drawn.boxes}
    else:
        boxes = {key for key, (kind, _) in drawn.groups.items() if kind == "box"}
    return boxes - {key for event in drawn.events for key, part in event.shows if part == "value"}


def _keys(event: Event) -> tuple[str, ...]:
    return (*event.current, *(key for key, _ in event.shows))


def _is_outline(path: Path) -> bool:
    """Whether it is a box's closed outline or an arrow's line, and not the folded corner of a sheet."""
    return path.part == "line" or (path.part == "outline" and path.commands[-1][0] == "Z" and bool(path.stroke))


def _restyled(item: Item, scene: Scene, states: States) -> tuple[Item, ...]:
    part = item.part
    if isinstance(item, Text) and part != "port" and scene.groups.get(item.key, ("box", ""))[0] != "box":
        part = "label"
    if (item.key, part) in states.hidden:
        return ()
    state = states.of(item.key)
    if state == "current" and isinstance(item, Path) and part in ("outline", "line", "head"):
        return (replace(item, width=item.width + 1.5),)
    if state != "waiting" or isinstance(item, Image):
        return (item,)
    if isinstance(item, Text):
        return (replace(item, span=replace(item.span, role="muted")),)
    return (
        replace(
            item,
            stroke="muted" if item.stroke or part == "head" else "",
            fill="background" if item.fill else "",
            width=min(item.width or 1.5, 2.0),
            dashed=False,
            dotted=part in ("outline", "line"),
        ),
    )


def _mark(outlines: list[Path]) -> Path:
    """A triangle ▶ on the upper side of a box, at its left end."""
    ends = [command[-2:] for path in outlines for command in path.commands if command[1:]]
    x, y = min(end[0] for end in ends) + 10, max(min(end[1] for end in ends) - 3, 9.0)
    commands = (("M", x, y - 8), ("L", x + 15, y), ("L", x, y + 8), ("Z",))
    return Path(commands, stroke="background", fill="text", width=2, part="mark")
