"""PNG and PDF: sizes, colours where they belong, sharp pixels, any letter, the same bytes each time."""

import io
import warnings

import numpy as np
import pytest

from minigrad.drawing.formats.raster import raster
from minigrad.drawing.picture import Span
from minigrad.drawing.scene import Image, Path, Scene, Text
from minigrad.drawing.theme import DARK, LIGHT, THEMES
from tests.helpers.scenes import by_hand as scenes

matplotlib = pytest.importorskip("matplotlib")
pillow = pytest.importorskip("PIL.Image")


def pixels(scene, **options):
    with pillow.open(io.BytesIO(raster(scene, "png", **options))) as picture:
        return np.asarray(picture.convert("RGB")).astype(int)


def rgb(colour):
    return [int(colour[i : i + 2], 16) for i in (1, 3, 5)]


@pytest.mark.parametrize(("width", "height", "expected"), [(1600, 900, 3200), (320, 180, 1920), (1000, 400, 2000)])
def test_a_png_is_at_least_1920_wide(width, height, expected):
    size = pixels(Scene(width, height, ())).shape
    assert size[:2] == (expected * height / width, expected)


def test_a_very_long_scene_stays_small_enough_to_be_opened():
    assert pixels(Scene(20_000, 100, ())).shape[:2] == (80, 16_000)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("format", ["png", "pdf"])
def test_the_same_scene_gives_the_same_bytes(format, theme):
    scene = scenes.every_kind()
    first = raster(scene, format, theme=theme, scale=1)
    assert first == raster(scene, format, theme=theme, scale=1)
    assert first.startswith({"png": b"\x89PNG", "pdf": b"%PDF"}[format])
    assert b"Date" not in first


@pytest.mark.parametrize(("theme", "colours"), [("auto", LIGHT), ("light", LIGHT), ("dark", DARK)])
def test_everything_has_its_theme_colour(theme, colours):
    picture = pixels(scenes.lines(), theme=theme, scale=2)
    for (x, y), name in {
        (3, 3): "background",
        (150, 270): "parameter.fill",
        (11, 300): "parameter.line",
        (100, 60): "given.fill",
        (400, 150): "computed.fill",
        (520, 163): "forward",
        (820, 163): "forward",  # its head
        (640, 175): "computed.line",  # the rule above the error signal
    }.items():
        assert picture[2 * y, 2 * x].tolist() == rgb(colours[name]), name


def test_paper_is_black_white_and_grey():
    picture = pixels(scenes.every_kind(), theme="paper", scale=1)
    assert np.ptp(picture, axis=2).max() == 0


def test_hatching_stays_in_its_box():
    around = pixels(scenes.every_kind(), theme="paper", scale=2)[2 * 26 : 2 * 134, 2 * 183 : 2 * 197]
    assert around.min() == around.max() == 255


def test_pixels_are_sharp():
    rgba = np.random.default_rng(1).integers(0, 256, (3, 4, 4), dtype=np.uint8)
    rgba[..., 3] = 255
    picture = pixels(Scene(60, 50, (Image(10, 10, 40, 30, rgba),)), scale=32)
    shown = picture[10 * 32 : 40 * 32, 10 * 32 : 50 * 32]
    assert np.array_equal(shown, np.kron(rgba[..., :3], np.ones((320, 320, 1))))


def test_what_is_transparent_shows_what_is_below():
    rgba = np.zeros((1, 2, 4), np.uint8)
    rgba[0, 0] = 0, 0, 0, 255
    picture = pixels(Scene(60, 50, (Image(10, 10, 40, 30, rgba),)), scale=32)
    assert picture[25 * 32, [20 * 32, 40 * 32]].tolist() == [[0, 0, 0], [255, 255, 255]]


@pytest.mark.parametrize("text", ["w", "W W W", "iiiiiiiiiii", "−0.2926 + 0.05", "重み", "σ′(z)"])
@pytest.mark.parametrize("bold", [False, True])
def test_text_takes_the_width_that_it_has(text, bold):
    picture = pixels(Scene(200, 40, (Text(50, 28, 100, 20, Span(text, bold=bold)),)), scale=10)
    columns = np.flatnonzero((picture != 255).any(axis=(0, 2))) / 10
    rows = np.flatnonzero((picture != 255).any(axis=(1, 2))) / 10
    assert 50 <= columns.min() < columns.max() <= 150
    assert columns.max() - columns.min() > 70
    assert 28 - 20 < rows.min() < rows.max() < 28 + 6


@pytest.mark.parametrize(
    "text",
    [
        "重み",
        "👩‍🔬",
        "שלום",
        "مرحبا",
        "$x^2$",
        "$\\frac$",
        "a\u0304",
        "\x00\x1b",
        "\ud800",
        "a\nb\tc",
        "\u202eevil",
        " ",
        "❤️",
    ],
    ids=ascii,
)
def test_any_letter_is_drawn_without_a_warning(text):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        picture = pixels(Scene(200, 40, (Text(50, 28, 100, 20, Span(text)),)), scale=1)
    assert (picture.min() < 255) == bool(text.strip())


def test_a_bar_lies_above_the_letter():
    def top(text, bar):
        span = Span(text, bar=bar)
        picture = pixels(Scene(60, 40, (Text(20, 30, 15, 20, span),)), scale=10)
        return np.flatnonzero((picture != 255).any(axis=(1, 2))).min() / 10

    for letter in "wyzbLWλσ":
        assert top(letter, bar=True) < top(letter, bar=False) - 1
    assert top("L", bar=True) < top("w", bar=True)


def test_lines_are_dashed_and_dotted():
    def inked(**options):
        path = Path((("M", 10, 20), ("L", 310, 20)), stroke="text", width=2, **options)
        row = pixels(Scene(320, 40, (path,)), scale=10)[200, 100:3100, 0] < 128
        return row.mean(), np.count_nonzero(np.diff(row.astype(int)) > 0)

    assert inked() == (1, 0)
    share, dashes = inked(dashed=True)
    assert share == pytest.approx(3.2 / 5.3, abs=0.02)
    assert dashes == pytest.approx(300 / 10.6, abs=1)
    assert inked(dotted=True)[1] == pytest.approx(300 / 5.3, abs=2)


def test_it_looks_the_same_whatever_style_is_set_for_plots():
    scene = scenes.lines()
    expected = raster(scene, scale=1)
    changed = {
        "lines.scale_dashes": False,
        "savefig.bbox": "tight",
        "savefig.transparent": True,
        "image.origin": "lower",
    }
    with matplotlib.rc_context(changed):
        assert raster(scene, scale=1) == expected
        assert matplotlib.rcParams["savefig.bbox"] == "tight"


def test_a_step_hides_what_comes_later():
    before, after = pixels(scenes.lines(), step=0, scale=1), pixels(scenes.lines(), step=1, scale=1)
    changed = np.argwhere((before != after).any(axis=2))
    (top, left), (bottom, right) = changed.min(axis=0), changed.max(axis=0)
    assert left >= 140
    assert right <= 470  # z and the arrows into it
    assert top >= 30
    assert bottom <= 265


def test_an_unknown_theme_or_step_is_refused():
    with pytest.raises(ValueError, match="theme='neon'"):
        raster(scenes.lines(), theme="neon")
    with pytest.raises(ValueError, match="step 99"):
        raster(scenes.lines(), step=99)
