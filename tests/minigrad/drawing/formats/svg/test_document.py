"""SVG: well-formed, complete, closed in itself, the same each time, and safe with any name."""

import base64
import io
import re
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minigrad.drawing.formats.svg import svg
from minigrad.drawing.picture import Span
from minigrad.drawing.scene import Image, Scene, Text
from minigrad.drawing.theme import DARK, LIGHT
from tests.helpers.scenes import by_hand as scenes

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = [
    '</script><script>alert("1")</script>', "</style>", "</svg>", "'\"\\", "a\nb\tc", "\u202eevil",
    "]]>", "<!--", "&amp;",
    "\x00\x07\x1b[31m", "\ud800", "\uffff", "x" * 10_000, "👩‍🔬", "שלום", "مرحبا", "重み", "$x$", "{{}}", "url(#a)",
]  # fmt: skip


def parsed(text):
    return ElementTree.fromstring(text.encode())


def texts(root):
    return [element.text for element in root.iter(f"{SVG}text")]


@pytest.fixture(params=["lines", "every_kind"])
def scene(request):
    return getattr(scenes, request.param)()


@pytest.mark.parametrize("theme", ["auto", "light", "dark", "paper"])
def test_it_is_well_formed_and_holds_every_item(scene, theme):
    root = parsed(svg(scene, theme=theme))
    assert texts(root) == [item.span.text.replace(" ", "\u00a0") for item in scenes.items_of(scene, Text)]
    assert len(list(root.iter(f"{SVG}image"))) == len(scenes.items_of(scene, Image))
    bars = [item for item in scenes.items_of(scene, Text) if item.span.bar]
    paths = [path for path in root.iter(f"{SVG}path") if not path.get("d").startswith("M") or "H" in path.get("d")]
    assert len(paths) == len(bars) > 0


@pytest.mark.parametrize("theme", ["auto", "paper"])
def test_it_asks_for_nothing_from_elsewhere(scene, theme):
    text = svg(scene, theme=theme)
    without_names = text.replace("http://www.w3.org/2000/svg", "").replace("http://www.w3.org/1999/xlink", "")
    assert "http" not in without_names
    assert "<script" not in text
    assert "style=" not in text
    assert all(link.startswith("data:image/png;base64,") for link in re.findall('href="([^"]*)', text))


def test_every_run_of_text_says_how_wide_it_is(scene):
    for element, item in zip(parsed(svg(scene)).iter(f"{SVG}text"), scenes.items_of(scene, Text), strict=True):
        assert float(element.get("textLength")) == pytest.approx(item.width, abs=0.006)
        assert element.get("lengthAdjust") == "spacingAndGlyphs"


def test_the_same_scene_gives_the_same_text(scene):
    assert svg(scene) == svg(scene)
    assert svg(scene) != svg(replace(scene, title="another"))


def test_two_drawings_on_a_page_share_no_id():
    first, second = (set(re.findall(' id="([^"]*)"', svg(scene))) for scene in (scenes.lines(), scenes.every_kind()))
    assert first.isdisjoint(second)
    text = svg(scenes.lines(), prefix="mine")
    ids = re.findall(' id="([^"]*)"', text)
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch("mine(-.*)?", name) for name in ids)
    assert 'id="mine-b3"' in text


@pytest.mark.parametrize("theme", ["auto", "paper"])
def test_what_refers_to_an_id_finds_it(scene, theme):
    text = svg(scene, theme=theme)
    ids = set(re.findall(' id="([^"]*)"', text))
    labels = [name for names in re.findall('aria-(?:labelledby|describedby)="([^"]*)"', text) for name in names.split()]
    assert {*labels, *re.findall(r"url\(#([^)]*)\)", text)} <= ids
    assert labels


@pytest.mark.parametrize("prefix", ["", "1a", "a b", "a{", 'a"', "é", "a\n"])
def test_a_prefix_that_is_no_id_is_refused(prefix):
    with pytest.raises(ValueError, match="cannot start an id"):
        svg(scenes.lines(), prefix=prefix)


def test_an_unknown_theme_is_refused():
    with pytest.raises(ValueError, match="choose 'auto', 'light', 'dark' or 'paper'"):
        svg(scenes.lines(), theme="solarized")


def test_every_light_colour_has_its_dark_one():
    text = svg(scenes.every_kind())
    style = re.search("<style>(.*)</style>", text).group(1)
    by_system, by_page = (
        dict(re.findall("(--mg[0-9]+):(#[0-9a-f]{6})", part)) for part in style.split(":is([data-")[1:]
    )
    assert by_system == by_page
    for attribute, colour in set(re.findall(' (fill|stroke)="(#[0-9a-f]{6})"', text)):
        dark = {DARK[name] for name in LIGHT if LIGHT[name] == colour}
        assert len(dark) == 1
        (variable,) = re.findall(rf'\[{attribute}="{colour}"\]{{{attribute}:var\((--mg[0-9]+),{colour}\)}}', style)
        assert by_system[variable] == dark.pop()
    assert "prefers-color-scheme:dark" in style
    assert "prefers-color-scheme" not in svg(scenes.every_kind(), theme="light")


def test_dark_colours_take_little_room():
    auto, light = (
        re.search("<style>(.*)</style>", svg(scenes.every_kind(), theme=t)).group(1) for t in ("auto", "light")
    )
    assert len(auto) < 2500
    assert auto.count("data-theme=light") == auto.count("data-theme=dark") == 1
    assert len(light) < 100


def test_nothing_outside_the_picture_is_styled():
    style = re.search("<style>(.*)</style>", svg(scenes.every_kind(), prefix="k")).group(1)
    selectors = re.findall(r"(?:^|[{}])([^{}@;]+)\{", style)
    assert len(selectors) > 10
    assert all("#k" in selector for selector in selectors)


def test_paper_is_black_white_and_grey():
    for colour in re.findall("#[0-9a-f]{6}", svg(scenes.lines(), theme="paper")):
        assert colour[1:3] == colour[3:5] == colour[5:7]


def test_kinds_differ_on_paper():
    text = svg(scenes.every_kind(), theme="paper")
    assert {"parameter-fill", "given-fill", "constant-fill", "failed-fill"} == set(
        re.findall('<pattern id="[^"]*?-([^"]*)"', text)
    )


def test_boxes_and_arrows_are_told_to_those_who_cannot_see_them():
    scene = scenes.lines()
    root = parsed(svg(scene, prefix="p"))
    assert root.find(f"{SVG}title").text == scene.title
    assert root.find(f"{SVG}desc").text == scene.description
    groups = {group.get("data-key"): group for group in root.iter(f"{SVG}g") if group.get("data-key")}
    assert list(groups) == list(scene.groups)
    box = groups["b6"]
    assert (box.get("class"), box.get("role")) == ("box", "graphics-symbol img")
    assert box.find(f"{SVG}title").text == "z = w x + b"
    assert box.find(f"{SVG}desc").text == "value −0.5"
    assert groups["a14"].find(f"{SVG}title").text == "z x−0.2926"  # no description: what is written there


def test_items_of_one_key_that_are_apart_stay_in_their_places():
    items = [Text(0, 20, 10, 20, Span(name), key=key) for name, key in [("1", "a1"), ("2", "b1"), ("3", "a1")]]
    root = parsed(svg(Scene(50, 50, tuple(items), {"a1": ("forward", ""), "b1": ("box", "")}), prefix="p"))
    assert texts(root) == ["1", "2", "3"]
    assert [group.get("id") for group in root.iter(f"{SVG}g")] == ["p-a1", "p-b1", "p-a1-2"]
    assert [group.get("aria-hidden") for group in root.iter(f"{SVG}g")] == [None, None, "true"]


@pytest.mark.parametrize("name", HOSTILE, ids=ascii)
def test_no_name_breaks_it(name):
    scene = scenes.lines()
    hostile = replace(
        scene,
        items=tuple(replace(i, span=replace(i.span, text=name)) if isinstance(i, Text) else i for i in scene.items),
        groups={key: (kind, name) for key, (kind, _) in scene.groups.items()},
        title=name,
        description=name,
        notes=(name,),
    )
    text = svg(hostile)
    plain = parsed(svg(scene))
    assert [element.tag for element in parsed(text).iter(f"{SVG}g")] == [e.tag for e in plain.iter(f"{SVG}g")]
    assert len(texts(parsed(text))) == len(texts(plain))
    assert "<script" not in text
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200e\u200f]", text)


@given(st.text())
def test_any_text_survives_as_far_as_xml_allows(name):
    root = parsed(svg(Scene(50, 50, (Text(0, 20, 10, 20, Span(name)),))))
    (written,) = texts(root)
    assert len(written or "") == len(name)
    for before, after in zip(name, written or "", strict=True):
        assert after in (before, "\u00a0", "\ufffd")


@pytest.mark.parametrize("colours", [40, 300])
def test_an_image_is_a_png_of_its_pixels(colours):
    """With a palette, and with more colours than a palette has."""
    pillow = pytest.importorskip("PIL.Image")
    rgba = np.random.default_rng(0).integers(0, 256, (5, colours // 5, 4)).astype(np.uint8)
    scene = scenes.every_kind()
    items = [replace(item, rgba=rgba) if isinstance(item, Image) else item for item in scene.items]
    (data,) = re.findall('base64,([^"]*)', svg(replace(scene, items=items)))
    picture = pillow.open(io.BytesIO(base64.b64decode(data)))
    picture.load()
    assert np.array_equal(np.asarray(picture.convert("RGBA")), rgba)


def test_a_step_is_said_in_classes_and_words():
    root = parsed(svg(scenes.lines(), step=2))
    classes = {group.get("data-key"): group.get("class") for group in root.iter(f"{SVG}g")}
    assert (classes["b6"], classes["b7"], classes["b8"]) == ("box done", "box current", "box waiting")
    assert root.find(f"{SVG}desc").text.endswith("b7 is computed")
