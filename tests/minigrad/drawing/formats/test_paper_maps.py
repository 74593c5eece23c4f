"""Maps without colours: strength stays, sign and NaN are shown by shape."""

import numpy as np
import pytest

from minigrad.drawing.formats.paper_maps import BLUE, MAGENTA, ORANGE, on_paper


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


def test_gaps_stay_transparent():
    rgba = cells(BLUE, (0, 0, 0), ORANGE)
    rgba[0, 1, 3] = 0
    grey, signed = on_paper(rgba)
    assert signed
    assert grey[0, :, 3].tolist() == [255] * 3 + [0] * 3 + [255] * 3
