"""A scene as SVG: one text for light and dark, without scripts and without anything from elsewhere.

Every run of text says how wide it is (``textLength``), so that it stays in its box whatever fonts the viewer has. Light
colours are attributes, for tools without style sheets; dark ones stand in a style sheet.
"""

from __future__ import annotations

import base64
import hashlib
import re
import struct
import zlib
from collections import Counter
from collections.abc import Iterator
from itertools import groupby

import numpy as np

from minigrad.drawing.formats.paper_maps import NEGATIVE_ON_PAPER, on_paper
from minigrad.drawing.formats.steps import States, scene_at, state_at
from minigrad.drawing.formats.strokes import bar, dashes, round_ends
from minigrad.drawing.formats.svg.markup import attributes, escape, number, run_of_text
from minigrad.drawing.formats.svg.style import Paint
from minigrad.drawing.scene import Image, Item, Path, Scene, Text

__all__ = ["FONTS", "svg"]

#: The widths of text were measured with the first three, which are alike.
FONTS = "Arial,Helvetica,'Liberation Sans',Arimo,'DejaVu Sans',sans-serif"

_TO_BE_NAMED = "\x00"  # stands for the prefix until the content, whose hash it is, is there; no name contains it


def svg(scene: Scene, *, theme: str = "auto", prefix: str | None = None, step: int | None = None) -> str:
    """The scene as one ``<svg>`` element.

    Arguments:
        scene: what to draw.
        theme: ``"auto"`` is light or dark as the reader's system or page is; ``"light"``, ``"dark"`` and ``"paper"``
            are fixed.
        prefix: of all ids, so that several drawings share a page; by default a hash of the content.
        step: after how many events of the walkthrough; None shows all of it.

    Raises:
        ValueError: if there is no such theme or step, or if the prefix is not usable as an id.
    """
    if prefix is not None and not re.fullmatch("[A-Za-z][A-Za-z0-9_-]*", prefix):
        raise ValueError(
            f"prefix={prefix!r} cannot start an id: it should be a letter, followed by letters, digits, - or _."
        )
    states = None if step is None else state_at(scene, step)
    text = "".join(_document(scene if states is None else scene_at(scene, states), theme, states))
    if prefix is None:
        prefix = "mg" + hashlib.sha256(text.encode()).hexdigest()[:10]
    return text.replace(_TO_BE_NAMED, prefix)


def _document(scene: Scene, theme: str, states: States | None) -> Iterator[str]:
    paint = Paint(theme, _TO_BE_NAMED)
    groups = _Groups(scene, states)
    body = [f"<rect{attributes(width=scene.width, height=scene.height, fill=paint.fill('background'))}/>\n"]
    for key, items in groupby(scene.items, key=lambda item: item.key):
        drawn = "\n".join(_drawn(item, paint) for item in items)
        body.append(f"{groups.opening(key)}\n{drawn}\n</g>\n")
    title = escape(scene.title or "computation graph")
    description = escape("\n".join(part for part in (scene.description, states and states.text, *scene.notes) if part))
    size = attributes(
        id=_TO_BE_NAMED,
        role="graphics-document document",
        aria_labelledby=f"{_TO_BE_NAMED}-t",
        aria_describedby=f"{_TO_BE_NAMED}-d" if description else None,
        width=scene.width,
        height=scene.height,
        viewBox=f"0 0 {number(scene.width)} {number(scene.height)}",
        font_family=FONTS,
        direction="ltr",
    )
    yield f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"{size}>\n'
    yield f'<title id="{_TO_BE_NAMED}-t">{title}</title>\n'
    if description:
        yield f'<desc id="{_TO_BE_NAMED}-d">{description}</desc>\n'
    yield paint.style() + paint.patterns() + "\n"
    yield from body
    yield "</svg>\n"


class _Groups:
    """What groups say of themselves: their ids, their states, and in words what they are."""

    def __init__(self, scene: Scene, states: States | None) -> None:
        self._scene = scene
        self._states = states
        self._times: Counter[str] = Counter()
        self._words: dict[str, str] = {}  # what is written in each, for those that have no description
        for item in scene.items:
            if isinstance(item, Text):
                self._words[item.key] = self._words.get(item.key, "") + item.span.text

    def opening(self, key: str) -> str:
        """The opening tag, and a title. A key may come again, as that of an arrow whose label lies above the boxes."""
        if key not in self._scene.groups:
            return "<g>"
        kind, description = self._scene.groups[key]
        name = f"{_TO_BE_NAMED}-{key}"
        state = "" if self._states is None else f" {self._states.of(key)}"
        self._times[key] += 1
        if self._times[key] > 1:
            again = attributes(id=f"{name}-{self._times[key]}", class_=kind + state, data_key=key, aria_hidden="true")
            return f"<g{again}>"
        title, _, rest = (description or self._words.get(key, key)).partition("\n")
        labels = f"{name}-t {name}-d" if rest else f"{name}-t"
        first = attributes(
            id=name, class_=kind + state, data_key=key, role="graphics-symbol img", aria_labelledby=labels
        )
        told = f'<title id="{name}-t">{escape(title)}</title>'
        return f"<g{first}>{told}" + (f'<desc id="{name}-d">{escape(rest)}</desc>' if rest else "")


def _drawn(item: Item, paint: Paint) -> str:
    if isinstance(item, Path):
        return _path(item, paint)
    return _text(item, paint) if isinstance(item, Text) else _image(item, paint)


def _path(path: Path, paint: Paint) -> str:
    line: dict[str, str | float | None] = {}
    if path.stroke:
        pattern = dashes(path)
        line = {
            "stroke": paint.stroke(path.stroke),
            "stroke_width": path.width,
            "stroke_dasharray": pattern and " ".join(map(number, pattern)),
            "stroke_linecap": "round" if round_ends(path) else None,
            "stroke_linejoin": "round" if round_ends(path) else None,
        }
    d = "".join(command[0] + " ".join(map(number, command[1:])) for command in path.commands)
    return f"<path{attributes(d=d, fill=paint.fill(path.fill), **line, data_part=_part(path))}/>"


def _part(item: Item) -> str | None:
    """What of a box or an arrow an element is, for scripts that step."""
    return item.part if item.key else None


def _text(text: Text, paint: Paint) -> str:
    span = text.span
    opening = attributes(
        x=text.x,
        y=text.y,
        font_size=text.size,
        font_weight="bold" if span.bold else None,
        fill=paint.fill(span.role),
        textLength=text.width if text.width > 0 else None,
        lengthAdjust="spacingAndGlyphs" if text.width > 0 else None,
        data_part=_part(text),
        data_script=span.script or None,
    )
    written = f"<text{opening}>{run_of_text(span.text)}</text>"
    if span.bar:
        start, end, y, thickness = bar(text)
        d = f"M{number(start)} {number(y)}H{number(end)}"
        written += (
            f"<path{attributes(d=d, stroke=paint.stroke(span.role), stroke_width=thickness, data_part=_part(text))}/>"
        )
    return written


def _image(image: Image, paint: Paint) -> str:
    rgba, signed = on_paper(image.rgba) if paint.hatched else (image.rgba, False)
    opening = attributes(
        x=image.x,
        y=image.y,
        width=image.width,
        height=image.height,
        preserveAspectRatio="none",
        image_rendering="pixelated",
        data_part=_part(image),
    )
    data = base64.b64encode(_png(np.ascontiguousarray(rgba, dtype=np.uint8))).decode()
    description = "; ".join(part for part in (image.description, signed and NEGATIVE_ON_PAPER) if part)
    title = f"<title>{escape(description)}</title>" if description else ""
    return f'<image{opening} xlink:href="data:image/png;base64,{data}">{title}</image>'


def _png(rgba: np.ndarray) -> bytes:
    """Pixels as a PNG, which needs no library: a header, perhaps a palette, the rows without filters, an end."""
    rows, columns, _ = rgba.shape
    colours, pixels = np.unique(rgba.reshape(-1, 4), axis=0, return_inverse=True)
    palette = len(colours) <= 256
    pixels = pixels.reshape(rows, columns).astype(np.uint8) if palette else rgba.reshape(rows, -1)
    lines = np.concatenate([np.zeros((rows, 1), np.uint8), pixels], axis=1).tobytes()
    chunks = [(b"IHDR", struct.pack(">IIBBBBB", columns, rows, 8, 3 if palette else 6, 0, 0, 0))]
    if palette:
        chunks += [(b"PLTE", colours[:, :3].tobytes()), (b"tRNS", colours[:, 3].tobytes())]
    chunks += [(b"IDAT", zlib.compress(lines, 9)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in chunks
    )
