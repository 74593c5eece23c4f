"""Pictures of graphs as a browser shows them: nothing leaves its box, covers another, or is too small or too pale."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from tests.helpers.drawing.gallery import PICTURES
from tests.minigrad.drawing.browser.conftest import FONTS

pytest.importorskip("playwright", reason="make test-browser installs it")

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore::DeprecationWarning")]

GEOMETRY = (Path(__file__).parent / "geometry.js").read_text(encoding="utf-8")
SLACK = 1.0  # pixels, for the rounding of glyphs

Rect = list[float]


@cache
def drawing_of(name: str) -> Any:
    return PICTURES[name]()


def svg_of(name: str) -> str:
    svg: str | None = drawing_of(name)._repr_svg_()
    assert svg is not None
    return svg


@pytest.fixture(scope="module")
def page(chromium: Any) -> Iterator[Any]:
    """One for all pictures: each is the whole content, and a page takes longer to open than to be looked at."""
    context = chromium.new_context(viewport={"width": 1920, "height": 1080}, offline=True, device_scale_factor=1)
    yield context.new_page()
    context.close()


def seen(page: Any, svg: str, font: str | None = None, scheme: str = "light") -> Any:
    """The picture fitted into the window, in a font that the viewer has."""
    page.emulate_media(color_scheme=scheme)
    page.set_content(
        "<!DOCTYPE html><style>html, body { margin: 0 }"
        " svg { position: absolute; inset: 0; width: 100vw !important; height: 100vh !important }"
        " svg { max-width: none !important }"
        f" {f'svg text {{ font-family: {font!r} !important }}' if font else ''}</style>{svg}"
    )
    return page.evaluate(GEOMETRY)


def overlap(a: Rect, b: Rect, slack: float = SLACK) -> bool:
    return a[0] < b[2] - slack and b[0] < a[2] - slack and a[1] < b[3] - slack and b[1] < a[3] - slack


def inside(a: Rect, b: Rect, slack: float = SLACK) -> bool:
    return a[0] >= b[0] - slack and a[1] >= b[1] - slack and a[2] <= b[2] + slack and a[3] <= b[3] + slack


def luminance(color: str) -> float:
    channels = [int(c) / 255 for c in re.findall(r"\d+", color)[:3]]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a: str, b: str) -> float:
    light, dark = sorted([luminance(a), luminance(b)], reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("font", FONTS)
@pytest.mark.parametrize("name", PICTURES)
def test_nothing_covers_anything(name: str, font: str, page: Any) -> None:
    found = seen(page, svg_of(name), font)
    boxes, arrows = found["boxes"], found["arrows"]
    assert boxes
    for box in boxes:
        assert box["texts"], box["key"]
        for text in box["texts"]:
            assert inside(text["rect"], box["rect"]), (box["key"], text, box["rect"])
    for a, b in combinations(boxes, 2):
        assert not overlap(a["rect"], b["rect"]), (a["key"], b["key"])
    labels = [(arrow["key"], text) for arrow in arrows for text in arrow["texts"]]
    for arrow, text in labels:
        for box in boxes:
            assert not overlap(text["rect"], box["rect"]), (arrow, text["text"], box["key"])
    for (a, one), (b, other) in combinations(labels, 2):
        if a != b:
            assert not overlap(one["rect"], other["rect"]), (a, one["text"], b, other["text"])
    ends = {arrow.key: (arrow.source, arrow.target) for arrow in drawing_of(name)._picture.arrows}
    assert ends.keys() == {arrow["key"] for arrow in arrows}
    assert {box.key for box in drawing_of(name)._picture.boxes} == {box["key"] for box in boxes}
    for arrow in arrows:
        for box in boxes:
            if box["key"] in ends[arrow["key"]]:
                continue
            for text in box["texts"]:
                left, top, right, bottom = text["rect"]
                through = [p for p in arrow["points"] if left < p[0] < right and top < p[1] < bottom]
                assert not through, (arrow["key"], box["key"], text["text"])


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PICTURES)
def test_contrast(name: str, scheme: str, page: Any) -> None:
    found = seen(page, svg_of(name), scheme=scheme)
    assert (luminance(found["background"]) > 0.5) == (scheme == "light")
    for box in found["boxes"]:
        for text in box["texts"]:
            assert contrast(text["fill"], box["fill"]) >= 4.5, (box["key"], text["text"], text["fill"], box["fill"])
    for arrow in found["arrows"]:
        for text in arrow["texts"]:
            assert contrast(text["fill"], found["background"]) >= 4.5, (arrow["key"], text["text"])


@pytest.mark.parametrize("name", PICTURES)
def test_text_is_large_enough_for_a_projector(name: str, page: Any) -> None:
    found = seen(page, svg_of(name))
    sizes = {text["text"]: round(text["size"], 2) for text in found["texts"] if not text["script"]}
    assert min(sizes.values()) >= 18, {text: size for text, size in sizes.items() if size < 18}
