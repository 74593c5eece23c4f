"""The colours of figures, light and dark."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from nn.plot.figure.theme import DARK, LIGHT, Theme, theme_on
from tests.helpers.figures import contrast

colors = pytest.importorskip("matplotlib.colors")
both = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])


@both
def test_text_can_be_read_and_lines_can_be_seen(theme: Theme) -> None:
    assert contrast(theme.text, theme.background) > 12
    assert contrast(theme.muted, theme.background) > 7
    assert min(contrast(colour, theme.background) for colour in theme.colours[:2]) > 3.8
    assert contrast(theme.frame, theme.background) > contrast(theme.grid, theme.background) > 1.2


@both
def test_zero_is_the_background_and_numbers_grow_away_from_it(theme: Theme) -> None:
    scale = theme.diverging
    assert contrast(scale(0.5), theme.background) < 1.02
    below, above = ([contrast(scale(0.5 + s * x), theme.background) for x in np.linspace(0, 0.5, 50)] for s in (-1, 1))
    assert (np.diff(below) > 0).all()
    assert (np.diff(above) > 0).all()
    assert min(max(below), max(above)) > 8
    red, _, blue, _ = scale(0.1)
    assert red > blue
    red, _, blue, _ = scale(0.9)
    assert blue > red
    np.testing.assert_allclose(
        theme.sequential(np.array([0.0, 0.5, 1.0])), scale(np.array([0.5, 0.75, 1.0])), atol=0.02
    )


@pytest.mark.parametrize("background", ["black", "#121212", "#0d1b33", "0.3", (0.1, 0.1, 0.1, 0.5)])
def test_a_dark_background_is_kept(background: Any) -> None:
    assert theme_on(background).dark
    assert theme_on(background).background == colors.to_hex(background)


@pytest.mark.parametrize("background", ["white", "0.75", "none", "#fdf6e3", (0, 0, 0, 0), "0.5"])
def test_any_other_background_is_light(background: Any) -> None:
    assert theme_on(background) is LIGHT
    assert not LIGHT.dark
