"""Write what the pictures of the gallery say into ``golden/``: python -m tests.helpers.drawing.golden

Then read the diff.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from importlib import metadata
from pathlib import Path
from unittest import mock

from minigrad.drawing import fitting
from minigrad.drawing.layout.graphviz.program import NoGraphvizError
from minigrad.drawing.picture import Line, Map, Picture, Row, Rule
from minigrad.drawing.scene import Scene, Text
from tests.helpers.drawing.gallery import PICTURES
from tests.helpers.drawing.made_pictures import row_text

FOLDER = Path(__file__).parents[2] / "minigrad" / "drawing" / "golden"

#: Those of networks have float32 numbers, whose last digits depend on the machine.
NETWORKS = tuple(name for name in PICTURES if name.startswith(("lenet", "residual", "inception", "alexnet", "resnet")))

#: Positions are those of this Graphviz, and these pictures' are kept.
PYGRAPHVIZ = "2.0.4"
PLACED = ("l_reg_lines", "tied_weights", "mlp_in_scalars")

_NUMBER = re.compile(r"(?<![×\d.(])−?(?:\d+(?:\.\d+)?(?:e[−+]?\d+)?|inf|nan)(?![×\d.,)])")


def structure(name: str) -> str:
    """The boxes, arrows, frames, notes and steps of a picture, as it is before anything is folded to fit a screen."""
    with mock.patch.object(fitting, "most_readable", side_effect=NoGraphvizError):
        picture = PICTURES[name]()._picture
    return "\n".join(_lines(picture, _masked if name in NETWORKS else str)) + "\n"


def places(name: str) -> str:
    """The size of a picture, and where its texts are, in whole pixels."""
    scene: Scene = PICTURES[name]()._scene()
    texts = [
        f"{item.x:5.0f} {item.y:5.0f}  {item.span.text}".replace("\xa0", " ").rstrip()
        for item in scene.items
        if isinstance(item, Text)
    ]
    return "\n".join([f"{scene.width:.0f} × {scene.height:.0f}", *texts]) + "\n"


def is_pinned() -> bool:
    """Whether positions come from the Graphviz whose positions are kept."""
    try:
        return shutil.which("dot") is None and metadata.version("pygraphviz") == PYGRAPHVIZ
    except metadata.PackageNotFoundError:
        return False


def _lines(picture: Picture, shown: Callable[[str], str]) -> Iterator[str]:
    yield f"{picture.title}: {picture.description}".replace("\xa0", " ").strip()
    yield "\nBoxes"
    for box in picture.boxes:
        marks = f"{', root' * box.root}{f', in frame {box.frame}' if box.frame is not None else ''}"
        yield f"{box.key} {box.kind}{marks}{f', ×{box.times}' if box.times > 1 else ''}"
        yield from (f"    {_row(row, shown)}" for row in box.rows)
    yield "\nArrows"
    for arrow in picture.arrows:
        ends = f"{arrow.source} {'→' if arrow.kind == 'forward' else '⇠'} {arrow.target}"
        extra = f", argument {arrow.port}" * (arrow.port is not None) + ", detached" * arrow.detached
        carried = shown if arrow.kind == "backward" else str  # forward these are shapes
        labels = " | ".join(_row(label, carried) for label in arrow.labels)
        yield f"{arrow.key} {ends}{extra}{f': {labels}' if labels else ''}"
    for title, texts in (
        (
            "Frames",
            [f"{_row(f.label, shown)}{f', in frame {f.outer}' * (f.outer is not None)}" for f in picture.frames],
        ),
        ("Notes", [row_text(note) for note in picture.notes]),
        ("Steps", [shown(event.text).replace("\xa0", " ") for event in picture.events]),
    ):
        if texts:
            yield f"\n{title}"
            yield from texts


def _row(row: Row, shown: Callable[[str], str]) -> str:
    if isinstance(row, Rule):
        return "———"
    if isinstance(row, Map):
        return f"map of {row.rgba.shape[0]} × {row.rgba.shape[1]}: {shown(row.description)}"
    assert isinstance(row, Line)
    is_number = any(span.role in ("value", "signal") for span in row.spans)
    text = row_text(row)
    return shown(text) if is_number else text


def _masked(text: str) -> str:
    return re.sub(r"#(, #)+", "#, …", _NUMBER.sub("#", text))


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for path in FOLDER.iterdir():
        path.unlink()
    for name in PICTURES:
        (FOLDER / f"{name}.txt").write_text(structure(name), encoding="utf-8")
    if not is_pinned():
        raise SystemExit(f"positions are not written: they are those of pygraphviz=={PYGRAPHVIZ}, without dot")
    for name in PLACED:
        (FOLDER / f"{name}.places.txt").write_text(places(name), encoding="utf-8")
