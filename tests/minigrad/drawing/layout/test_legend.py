"""The legend: a key for what occurs in the picture, and for nothing else; no smaller than other text."""

from dataclasses import replace

import numpy as np
import pytest

from minigrad.drawing.contents.rows.maps import colours, map_of
from minigrad.drawing.layout.legend import LEGEND, legend_items
from minigrad.drawing.picture import Box, Line, Picture, Span
from minigrad.drawing.scene import Image, Text
from minigrad.drawing.theme import MAGENTA

IMAGES = np.linspace(0.0, 1.0, 98).reshape(2, 1, 7, 7)
NEGATIVE, GREY = "negative, 0, positive", "0 … largest"
KEYS = {
    "error signal": (lambda: map_of(IMAGES, "", signal=True), {NEGATIVE}),
    "with signs": (lambda: map_of(IMAGES[0, 0] - 0.2, "", signal=False), {NEGATIVE}),
    "activations": (lambda: map_of(IMAGES, "", signal=False), {GREY}),
    "an image": (lambda: map_of(IMAGES, "", signal=False, image=True), {GREY}),
    "a standardized image": (lambda: map_of(IMAGES - 0.5, "", signal=False, image=True), {"smallest … largest"}),
    "NaN": (lambda: map_of(np.where(IMAGES == 0.0, np.nan, IMAGES), "", signal=False), {GREY, "NaN or infinity"}),
    "a photograph": (lambda: map_of(np.repeat(IMAGES, 3, 1), "", signal=False, image=True), set()),
    "a number": (lambda: Line((Span("0.5"),)), set()),
}


def legend(*rows, width=2000.0, **more):
    picture = Picture((Box("b0", "computed", rows),), **more)
    return legend_items(picture, 0, 0, width)[0]


def words(items):
    return {item.span.text.replace("\xa0", " ") for item in items if isinstance(item, Text)}


@pytest.mark.parametrize("what", KEYS)
def test_the_colours_of_maps_are_explained_where_they_occur(what):
    make, expected = KEYS[what]
    items = legend(make())
    assert {item.description for item in items if isinstance(item, Image)} == expected
    assert expected <= words(items)


def test_its_colours_are_those_of_maps():
    array = np.linspace(-1, 1, 9)
    strips = {
        item.description: item.rgba
        for item in legend(KEYS["NaN"][0](), KEYS["with signs"][0]())
        if isinstance(item, Image)
    }
    np.testing.assert_array_equal(strips[NEGATIVE][0], colours(array, signed=True))
    np.testing.assert_array_equal(strips[GREY][0], colours((array + 1) / 2, signed=False))
    assert tuple(strips["NaN or infinity"][0, 0, :3]) == MAGENTA


def test_what_maps_leave_out_is_said_once():
    batch = map_of(IMAGES, "", signal=True)
    assert "maps: first example" in words(legend(batch, batch))
    assert not any("maps" in text for text in words(legend(map_of(IMAGES[:1], "", signal=True))))
    many = map_of(np.arange(2 * 20 * 9.0).reshape(2, 20, 3, 3), "", signal=False)
    filters = map_of(np.arange(20 * 2 * 9.0).reshape(20, 2, 3, 3), "", signal=False, shown="filters")
    assert "maps: first example, first 16 channels" in words(legend(batch, many))
    assert "maps: first channel of each filter, first 16 filters" in words(legend(filters))


@pytest.mark.parametrize(("text", "explained"), [("W̄  rms 0.1", True), ("all 1", False), ("arms", False)])
def test_rms_is_explained_where_it_occurs(text, explained):
    line = Line((Span(text.replace(" ", "\xa0")),))
    assert any(word.startswith("rms: ") for word in words(legend(line))) == explained


def test_it_breaks_into_lines_and_its_letters_keep_their_size():
    rows = [KEYS[what][0]() for what in ("NaN", "with signs")]
    notes = (Line((Span("2 examples"),), 16.0),)
    wide, narrow = legend(*rows, notes=notes), legend(*rows, width=200.0, notes=notes)
    assert {item.size for item in narrow if isinstance(item, Text)} == {LEGEND}
    assert [replace(item, x=0, y=0) for item in wide if isinstance(item, Text)] == [
        replace(item, x=0, y=0) for item in narrow if isinstance(item, Text)
    ]
