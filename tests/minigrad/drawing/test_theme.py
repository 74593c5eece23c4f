"""Themes: what is written and drawn can be seen, by WCAG's contrast."""

import pytest

from minigrad.drawing.formats.patterns import HATCH, pattern
from minigrad.drawing.theme import DARK, LIGHT, PAPER, THEMES, theme_named

ROLES = ("text", "muted", "value", "signal", "warning")
FILLS = [name for name in LIGHT if name.endswith(".fill")]
LINES = [name for name in LIGHT if name.endswith(".line")]
PAPER_WITH_HATCHING = {**PAPER, **{fill: HATCH for fill in FILLS if pattern(fill)}}
BY_NAME = {"light": LIGHT, "dark": DARK, "paper": PAPER, "hatched": PAPER_WITH_HATCHING}


def luminance(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first, second):
    """As in WCAG 2: from 1 to 21."""
    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_that_of_wcag():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.478, abs=1e-3)


@pytest.fixture(params=BY_NAME, name="theme")
def a_theme(request):
    return BY_NAME[request.param]


@pytest.mark.parametrize("role", ROLES)
def test_text_stands_out_from_all_it_can_stand_on(theme, role):
    grounds = ["background", "current", *FILLS]
    assert {ground: c for ground in grounds if (c := contrast(theme[role], theme[ground])) < 4.5} == {}


@pytest.mark.parametrize("line", [*LINES, "forward", "backward"])
def test_lines_stand_out_from_what_is_on_both_sides(theme, line):
    grounds = ["background", "frame.fill", *([line.replace(".line", ".fill")] if line in LINES else [])]
    assert {ground: c for ground in grounds if (c := contrast(theme[line], theme[ground])) < 3} == {}


def test_the_same_names_in_every_theme():
    assert LIGHT.keys() == DARK.keys() == PAPER.keys()


def test_a_light_colour_has_one_dark_colour():
    """So that a style sheet can replace the one by the other."""
    assert len({(LIGHT[name], DARK[name]) for name in LIGHT}) == len(set(LIGHT.values()))


def test_value_and_error_signal_differ_for_those_who_see_no_colours():
    """They are told apart by place and bar; arrows by dashes. Kinds on paper are told apart by hatching."""
    assert len({str(pattern(fill)) for fill in ("parameter.fill", "given.fill", "constant.fill", "failed.fill")}) == 4


def test_themes_by_name():
    assert theme_named("auto") is LIGHT
    assert all(theme_named(name) is theme for name, theme in THEMES.items())
    with pytest.raises(ValueError, match="theme='neon' does not exist"):
        theme_named("neon")
