"""Maps without colours: strength stays, sign and NaN are shown by shape."""

import numpy as np
import pytest

from minigrad.drawing.formats import paper_maps
from minigrad.drawing.theme import BLUE, MAGENTA, ORANGE


def on_paper(rgba):
    """The map without the black frame of one pixel around it."""
    grey, signed = paper_maps.on_paper(rgba)
    frame = np.ones(grey.shape[:2], bool)
    frame[1:-1, 1:-1] = False
    assert (grey[frame] == [0, 0, 0, 255]).all()
    return grey[1:-1, 1:-1], signed


def cells(*colours):
    return np.array([[[*colour, 255] for colour in colours]], np.uint8)


def faded(colour, strength):
    return [round(255 + strength * (c - 255)) for c in colour]


def test_negative_ones_have_a_line_through_them():
    grey, signed = on_paper(cells(faded(BLUE, 0.5), faded(ORANGE, 0.5), (255, 255, 255)))
    assert signed
    assert grey.shape == (3, 9, 4)
    negative, positive, zero = grey[:, :3, 0], grey[:, 3:6, 0], grey[:, 6:, 0]
    assert (zero == 255).all()
    assert len(set(positive.ravel().tolist())) == 1
    assert (negative[1] == 255).all()
    assert negative[0].tolist() == negative[2].tolist() == pytest.approx(positive[0].tolist(), abs=2)


def test_stronger_is_darker_on_both_sides():
    for end in (BLUE, ORANGE):
        grey, _ = on_paper(cells(*[faded(end, s) for s in np.linspace(0, 1, 11)]))
        assert (np.diff(grey[0, ::3, 0].astype(int)) < 0).all()


def test_nan_is_a_cross():
    grey, _ = on_paper(cells(MAGENTA, faded(BLUE, 1)))
    assert (grey[:, :3, 0] == [[0, 255, 0], [255, 0, 255], [0, 255, 0]]).all()


def test_grey_stays_as_it_is():
    rgba = np.random.default_rng(0).integers(0, 256, (4, 5, 1), np.uint8).repeat(4, axis=2)
    rgba[..., 3] = 255
    grey, signed = on_paper(rgba)
    assert not signed
    assert (grey == rgba.repeat(3, axis=0).repeat(3, axis=1)).all()


def test_a_photograph_becomes_grey_without_marks():
    rgba = np.random.default_rng(0).integers(0, 256, (8, 8, 4), np.uint8)
    rgba[..., 3] = 255
    grey, signed = on_paper(rgba)
    assert not signed
    pillow = pytest.importorskip("PIL.Image")
    expected = np.asarray(pillow.fromarray(rgba).convert("L")).astype(int)
    assert np.fabs(grey[::3, ::3, 0] - expected).max() <= 1
    assert (grey[1::3, 1::3] == grey[::3, ::3]).all()


@pytest.mark.parametrize("width", [1, 2, 3])
def test_tiles_are_apart_by_a_line_in_the_gap(width):
    rgba = np.concatenate([cells(BLUE, BLUE), np.zeros((1, width, 4), np.uint8), cells(ORANGE)], axis=1)
    rgba = np.concatenate([rgba, rgba])
    grey, signed = on_paper(rgba)
    assert signed
    gap = grey[:, 6 : 6 + 3 * width]
    columns = np.flatnonzero(gap[0, :, 3])
    assert columns.tolist() == [(3 * width - 1) // 2]
    assert (gap[:, columns] == [0, 0, 0, 255]).all()


def test_places_that_no_element_takes_stay_transparent():
    rgba = cells(BLUE, BLUE).repeat(2, axis=0)
    rgba[1, 1, 3] = 0
    assert on_paper(rgba)[0][..., 3].tolist() == [[255] * 6] * 3 + [[255] * 3 + [0] * 3] * 3
