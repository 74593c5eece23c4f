"""Letters that Matplotlib's own font lacks come from an installed one; what none has is named in a warning."""

import io
import unicodedata
import warnings
from pathlib import Path

import numpy as np
import pytest

import minigrad as mg
from minigrad.drawing.formats import fonts, glyphs
from minigrad.drawing.formats.raster import raster
from minigrad.drawing.picture import Span
from minigrad.drawing.scene import Scene, Text

matplotlib = pytest.importorskip("matplotlib")
font_manager = pytest.importorskip("matplotlib.font_manager")

OWN = Path(matplotlib.get_data_path(), "fonts", "ttf")
STIX = str(OWN / "STIXGeneral.ttf")


@pytest.fixture
def installed(monkeypatch):
    """Says which fonts are installed."""
    caches = fonts.font_of, fonts._installed, fonts._opened, glyphs._outline

    def forget():
        for cache in caches:
            cache.cache_clear()

    def install(*files):
        forget()
        monkeypatch.setattr(font_manager, "findSystemFonts", lambda: [str(file) for file in files])

    install()
    yield install
    forget()


@pytest.fixture(scope="module")
def letter():
    """One that STIX has and DejaVu does not."""
    known = [
        set(font_manager.get_font(str(OWN / name)).get_charmap()) for name in ("STIXGeneral.ttf", "DejaVuSans.ttf")
    ]
    return min(c for c in map(chr, known[0] - known[1]) if unicodedata.category(c) in ("Lo", "Lu", "So", "Sm"))


def test_a_letter_comes_from_a_font_that_has_it(installed, letter):
    assert fonts.font_of("w", False) == str(OWN / "DejaVuSans.ttf")
    assert (fonts.font_of(letter, False), glyphs.letters(letter, False)) == (None, "□")
    installed("/no/such/font.ttf", __file__, OWN / "cmsy10.ttf", STIX)
    assert (fonts.font_of(letter, False), glyphs.letters(letter, False)) == (STIX, letter)
    assert fonts.font_of("w", True) == str(OWN / "DejaVuSans-Bold.ttf")


def test_the_most_alike_font_is_taken_whatever_their_order(installed, letter):
    files = [OWN / f"STIXGeneral{style}.ttf" for style in ("", "Bol", "Ital", "BolIta")]
    for order in (files, files[::-1]):
        installed(*order)
        assert fonts.font_of(letter, False) == STIX


def test_words_of_several_fonts_are_as_wide_as_their_parts(installed, letter):
    installed(STIX)
    parts = [glyphs.outline(part, False) for part in ("w", letter, "w")]
    whole, width = glyphs.outline(f"w{letter}w", False)
    assert width == pytest.approx(sum(part[1] for part in parts))
    shifted = [
        np.add(part.vertices, (place, 0))
        for (part, _), place in zip(parts, (0, parts[0][1], width - parts[2][1]), strict=True)
    ]
    np.testing.assert_allclose(whole.vertices, np.concatenate(shifted), atol=1e-6)


def test_text_with_a_borrowed_letter_keeps_to_its_width(installed, letter):
    pillow = pytest.importorskip("PIL.Image")
    installed(STIX)
    png = raster(Scene(200, 40, (Text(50, 28, 100, 20, Span(f"w = {letter}{letter} + b")),)), scale=10)
    with pillow.open(io.BytesIO(png)) as picture:
        columns = np.flatnonzero((np.asarray(picture.convert("L")) < 255).any(axis=0)) / 10
    assert 50 <= columns.min() < columns.max() <= 150
    assert columns.max() - columns.min() > 80


@pytest.mark.parametrize("suffix", ["pdf", "gif"])
def test_saving_names_what_no_font_has(installed, letter, suffix, tmp_path):
    pytest.importorskip("pygraphviz", minversion="2.0")
    pytest.importorskip("PIL")
    w = mg.Tensor(2.0, requires_grad=True, name=f"w{letter}")
    drawing = mg.draw((w * w).named("L"))
    with pytest.warns(
        UserWarning, match=rf"wrote g.{suffix}, but no installed font has {letter} \(U\+{ord(letter):04X}\)"
    ) as found:
        drawing.save(tmp_path / f"g.{suffix}")
    assert len(found) == 1
    installed(STIX)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        drawing.save(tmp_path / f"g.{suffix}")
        drawing.save(tmp_path / "g.svg")


def test_letters_that_an_older_matplotlib_cannot_join_are_warned_of(monkeypatch):
    words = ("مرحبا", "שלום", "नमस्ते")
    for joins, expected in ((True, False), (False, True)):
        monkeypatch.setattr(glyphs, "_joins_letters", lambda joins=joins: joins)
        for word in words:
            assert ("neither joined" in glyphs.warning([(word, False)])) == expected
        assert glyphs.warning([("w = é", False), ("½ (y − t)²", True)]) == ""
