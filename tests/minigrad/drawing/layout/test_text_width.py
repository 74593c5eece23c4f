"""Widths of text beside the metrics of Helvetica, which Arial and Liberation Sans share."""

from pathlib import Path

import pytest

from minigrad.drawing.layout.text_width import SCRIPT, line_width, span_width, text_width
from minigrad.drawing.picture import Line, Span


def helvetica(bold):
    """Advance widths by character, from Adobe's metrics, which Matplotlib contains."""
    matplotlib = pytest.importorskip("matplotlib")
    name = "Helvetica-Bold.afm" if bold else "Helvetica.afm"
    path = Path(matplotlib.get_data_path()) / "fonts" / "pdfcorefonts" / name
    rows = [line.split() for line in path.read_text(encoding="latin-1").splitlines() if line.startswith("C ")]
    # C 32 ; WX 278 ; N space ; …
    return {chr(int(row[1])): int(row[4]) for row in rows if 32 <= int(row[1]) < 127}


@pytest.mark.parametrize("bold", [False, True])
def test_letters_are_as_wide_as_those_of_helvetica(bold):
    # "'" and "`" stand for typographic quotes in Adobe's encoding; Arial's brackets and bars differ from it a little
    different = set("'`|{}[]^\"*@")
    widths = {char: width for char, width in helvetica(bold).items() if char not in different}
    assert len(widths) > 80
    assert {c: w for c, w in widths.items() if abs(text_width(c, 1000, bold) - w) > 1.1} == {}


def test_combining_marks_and_invisible_characters_take_no_room():
    assert text_width("w\u0304", 20) == text_width("w", 20)
    assert text_width("a\u200b\u202eb\u0300", 20) == text_width("ab", 20)


def test_letters_with_accents_are_as_wide_as_the_letter():
    assert text_width("ȳÜǕ", 20) == text_width("yUU", 20)


def test_ideographs_and_emoji_are_as_wide_as_high():
    assert text_width("漢😀", 20) == 40


def test_superscript_characters_are_smaller():
    assert text_width("₁", 10) == pytest.approx(SCRIPT * text_width("1", 10))
    assert text_width("ᵀ", 10) == pytest.approx(SCRIPT * text_width("T", 10), abs=1e-3)


@pytest.mark.parametrize(
    "text", ["α", "σ′", "λ R", "½ (y − t)²", "∂L/∂w", "→", "×", "∞", "Σ", "‖w‖", "𝓛", "Ж", "\u0627", "⚠", "✗"]
)
def test_every_visible_text_takes_room(text):
    assert 0.15 * len(text) <= text_width(text, 1) <= 1.2 * len(text)


def test_a_line_is_as_wide_as_its_spans():
    spans = (Span("L", bold=True), Span("reg", script="sub", bold=True), Span("  given", "muted", scale=0.8))
    assert span_width(spans[1], 20) == pytest.approx(text_width("reg", 20 * SCRIPT, bold=True))
    assert span_width(spans[2], 20) == pytest.approx(text_width("  given", 16))
    assert line_width(Line(spans, 20)) == pytest.approx(sum(span_width(span, 20) for span in spans))
