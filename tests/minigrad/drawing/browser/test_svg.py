"""An SVG within a page: as dark as the page, as wide as there is room, with its own colours, without a request."""

from __future__ import annotations

import base64
import hashlib
import io
import re
from typing import Any

import pytest

from minigrad.drawing.formats.svg import svg
from minigrad.drawing.picture import Span
from minigrad.drawing.scene import Scene, Text
from minigrad.drawing.theme import DARK, LIGHT
from tests.helpers.scenes import by_hand as scenes

pytest.importorskip("playwright", reason="make test-browser installs it")

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore::DeprecationWarning")]

LINES = svg(scenes.lines(), prefix="p")
THEME_OF = {LIGHT["background"]: "light", DARK["background"]: "dark"}


def color(page: Any, selector: str, attribute: str = "fill") -> str:
    """A colour as the browser has computed it."""
    shown = page.eval_on_selector(selector, f"element => getComputedStyle(element).{attribute}")
    red, green, blue = map(int, re.findall(r"\d+", shown))
    return f"#{red:02x}{green:02x}{blue:02x}"


PAGES = [
    ("", "light", "dark"),
    ('data-theme="auto"', "light", "dark"),  # furo
    ('data-theme="dark"', "dark", "dark"),
    ('data-theme="light"', "light", "light"),
    ('data-jp-theme-light="false"', "dark", "dark"),  # JupyterLab
    ('data-jp-theme-light="true"', "light", "light"),
    ('class="vscode-dark"', "dark", "dark"),
    ('class="vscode-light"', "light", "light"),
    ('data-md-color-scheme="slate"', "dark", "dark"),  # Material for MkDocs
]


def test_it_is_as_dark_as_the_page(new_page: Any) -> None:
    page = new_page()
    for page_says, *expected in PAGES:
        page.set_content(f"<!DOCTYPE html><body {page_says}><div>{LINES}</div>")
        for scheme, name in zip(("light", "dark"), expected, strict=True):
            page.emulate_media(color_scheme=scheme)
            colors = {"light": LIGHT, "dark": DARK}[name]
            assert color(page, "#p > rect") == colors["background"], (page_says, scheme)
            assert color(page, "#p-b6 path") == colors["computed.fill"]
            assert color(page, "#p-b6 path", "stroke") == colors["computed.line"]
            assert color(page, "#p-b6 text") == colors["text"]
            assert color(page, "#p-a14 path", "stroke") == colors["backward"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_as_an_image_it_follows_the_system(scheme: str, new_page: Any) -> None:
    pillow = pytest.importorskip("PIL.Image")
    data = base64.b64encode(LINES.encode()).decode()
    page = new_page(scheme=scheme)
    page.set_content(f'<!DOCTYPE html><body style="margin:0"><img src="data:image/svg+xml;base64,{data}">')
    page.wait_for_function("document.images[0].complete")
    with pillow.open(io.BytesIO(page.screenshot())) as shown:
        red, green, blue = shown.convert("RGB").getpixel((4, 4))
    assert THEME_OF[f"#{red:02x}{green:02x}{blue:02x}"] == scheme


def test_a_fixed_theme_stays_and_a_neighbour_changes_nothing(new_page: Any) -> None:
    fixed = [svg(scenes.lines(), theme=theme, prefix=theme) for theme in ("light", "dark", "paper")]
    page = new_page(scheme="dark")
    page.set_content("<!DOCTYPE html>" + LINES + "".join(fixed))
    found = {name: color(page, f"#{name} > rect") for name in ("p", "light", "dark", "paper")}
    assert found == {"p": DARK["background"], "light": "#ffffff", "dark": DARK["background"], "paper": "#ffffff"}


def test_it_is_never_wider_than_its_place(new_page: Any) -> None:
    scene, page = scenes.lines(), new_page()
    for width in (300, 600, 1800):
        page.set_content(f'<!DOCTYPE html><div style="width:{width}px">{LINES}</div>')
        box = page.locator("#p").bounding_box()
        assert box["width"] == min(width, scene.width)
        assert box["height"] == pytest.approx(box["width"] * scene.height / scene.width, abs=1)


def test_a_page_from_right_to_left_moves_nothing(new_page: Any) -> None:
    runs = ("w = 1", "שלום", "שלום = 1", "a\u202eb", "(−1)")
    scene = Scene(300, 200, tuple(Text(50, 30 + 30 * i, 80, 20, Span(run)) for i, run in enumerate(runs)))
    page = new_page()
    page.set_content(f'<!DOCTYPE html><html dir="rtl">{svg(scene)}')
    boxes = page.eval_on_selector_all(
        "svg text", "all => all.map(one => { const b = one.getBBox(); return [b.x, b.width] })"
    )
    assert boxes == [[pytest.approx(50, abs=2), pytest.approx(80, abs=2)]] * len(runs)
    first = "one => one.getStartPositionOfChar(0).x < one.getStartPositionOfChar(one.textContent.length - 1).x"
    assert page.eval_on_selector("svg text", first)


def test_it_asks_for_nothing_and_needs_no_more_than_the_hash_of_its_style(new_page: Any) -> None:
    page, asked, problems = new_page(scheme="dark"), [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: problems.append(message.text))
    text = svg(scenes.every_kind(), prefix="k")
    style = re.search("<style>(.*)</style>", text)
    assert style
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:"
    page.set_content(f'<!DOCTYPE html><meta http-equiv="Content-Security-Policy" content="{policy}">{text}')
    assert color(page, "#k > rect") == DARK["background"]
    assert [url for url in asked if not url.startswith("data:")] == []
    assert problems == []
