"""Arrays as colours: both ends and the middle of the scales, what is shown of which array, and sizes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from minigrad.drawing.contents.rows.maps import colours, map_of, tiles_of
from minigrad.drawing.theme import BLUE, MAGENTA, ORANGE

WHITE, BLACK = (255, 255, 255), (0, 0, 0)


def rgb(found):
    return [tuple(int(x) for x in pixel[:3]) for pixel in np.reshape(found, (-1, 4))]


def test_what_has_a_sign_goes_from_blue_over_white_to_orange():
    found = colours(np.array([-2.0, 0, 2, np.nan, np.inf, -np.inf]), signed=True, high=2.0)
    assert rgb(found) == [BLUE, WHITE, ORANGE, MAGENTA, MAGENTA, MAGENTA]


def test_activations_go_from_white_to_black():
    found = colours(np.array([0.0, 2, np.nan]), signed=False, high=2.0)
    assert rgb(found) == [WHITE, BLACK, MAGENTA]


def test_halfway_is_halfway():
    assert rgb(colours(np.array([1.0]), signed=False, high=2.0)) == [(128, 128, 128)]
    assert rgb(colours(np.array([-1.0]), signed=True, high=2.0)) == [tuple(round((255 + c) / 2) for c in BLUE)]


def test_error_signals_have_a_sign_even_where_none_is_negative():
    array = np.array([[0.0, 1.0]])
    assert rgb(map_of(array, "", signal=True).rgba) == [WHITE, ORANGE]
    assert rgb(map_of(array, "", signal=False).rgba) == [WHITE, BLACK]
    assert rgb(map_of(-array, "", signal=False).rgba) == [WHITE, BLUE]


def test_the_darkest_is_what_is_furthest_from_0():
    found = map_of(np.array([[-4.0, 2.0]]), "", signal=True).rgba
    assert rgb(found) == [BLUE, tuple(round(255 + 0.5 * (c - 255)) for c in ORANGE)]


def test_of_a_batch_the_first_example_is_shown():
    batch = np.zeros((3, 2, 5, 5))
    batch[1:] = 7
    batch[0, 1] = 1
    np.testing.assert_array_equal(tiles_of(batch, "example"), batch[0])
    np.testing.assert_array_equal(tiles_of(batch), batch[0])
    np.testing.assert_array_equal(tiles_of(batch[:, 0, 0], "example"), [batch[0, 0, 0][None]])


def test_of_filters_the_first_channel_and_of_volumes_the_middle():
    filters = np.arange(6 * 2 * 3 * 3.0).reshape(6, 2, 3, 3)
    np.testing.assert_array_equal(tiles_of(filters, "filters"), filters[:, 0])
    volume = np.arange(2 * 4 * 5 * 3 * 3.0).reshape(2, 4, 5, 3, 3)
    np.testing.assert_array_equal(tiles_of(volume, "example"), volume[0, :, 2])


@pytest.mark.parametrize(("n", "shape"), [(120, (10, 12)), (84, (7, 12)), (10, (1, 10)), (17, (3, 6)), (400, (20, 20))])
def test_vectors_are_blocks_of_cells(n, shape):
    tiles = tiles_of(np.arange(1.0, n + 1))
    assert tiles.shape == (1, *shape)
    np.testing.assert_array_equal(np.ma.compressed(tiles), np.arange(1.0, n + 1))
    rgba = map_of(np.arange(1.0, n + 1), "", signal=False).rgba
    assert int((rgba[..., 3] == 0).sum()) == shape[0] * shape[1] - n  # places without an element


def test_channels_stand_side_by_side_with_gaps():
    rgba = map_of(np.arange(6 * 14 * 14.0).reshape(1, 6, 14, 14), "", signal=False).rgba
    assert rgba.shape == (29, 44, 4)  # two rows of three
    assert (rgba[14] == 0).all()
    assert (rgba[:14, :14, 3] == 255).all()
    rgba = map_of(np.arange(256.0).reshape(1, 64, 2, 2), "", signal=False).rgba
    assert rgba[..., 3].sum() == 16 * 4 * 255  # the first sixteen


def test_a_photograph_has_its_colours():
    image = np.zeros((1, 3, 2, 2))
    image[0, 0, 0, 0], image[0, 1, 1, 1] = 1.0, -1.0
    rgba = map_of(image, "", signal=False, image=True).rgba
    np.testing.assert_array_equal(rgba[0, 0], [255, 128, 128, 255])
    np.testing.assert_array_equal(rgba[1, 1], [128, 0, 128, 255])


def test_an_image_with_negative_numbers_is_grey():
    assert rgb(map_of(np.array([[[[-1.0, 1.0]]]]), "", signal=False, image=True).rgba) == [WHITE, BLACK]


def test_large_arrays_keep_what_stands_out():
    array = np.zeros((900, 1800))
    array[450, 900] = -3.0
    found = map_of(array, "", signal=True).rgba
    assert max(found.shape[:2]) <= 91
    assert rgb(found).count(BLUE) == 1


def test_a_broken_number_in_a_block_is_seen():
    array = np.zeros((200, 200))
    array[7, 9] = np.nan
    for signal in (False, True):
        found = map_of(array, "x", signal=signal)
        assert MAGENTA in rgb(found.rgba)
        assert "magenta" in found.description


@pytest.mark.parametrize("array", [np.float64(1.0), np.ones(1), np.ones((0, 3)), np.ones((5, 3)), np.array(["a", "b"])])
def test_what_has_no_map(array):
    assert map_of(array, "", signal=False) is None


@given(
    hnp.arrays(
        st.sampled_from([np.float32, np.float64, np.int64, np.bool_, np.complex64]), hnp.array_shapes(max_dims=5)
    )
)
def test_any_array_is_a_map_of_a_readable_size(array):
    with np.errstate(all="ignore"):
        found = map_of(array, "x", signal=True)
    if array.size < 2:
        assert found is None
    if found is not None:
        assert found.rgba.dtype == np.uint8
        assert max(found.rgba.shape[:2]) * found.cell <= 91
        assert found.description.startswith("x, from")


@pytest.mark.parametrize(("shape", "tiles"), [((2, 84), 2), ((2, 30), 1), ((3, 10), 1), ((10, 84), 1), ((1, 400), 1)])
def test_few_long_rows_become_a_block_each(shape, tiles):
    array = np.arange(float(np.prod(shape))).reshape(shape)
    found = tiles_of(array)
    assert len(found) == tiles
    np.testing.assert_array_equal(np.sort(np.ma.compressed(found)), array.ravel())
    assert tiles == 1 or found.shape[2] <= 3 * found.shape[1]


@pytest.mark.parametrize(
    ("shape", "shown", "words"),
    [
        ((17, 300), "all", ("first 16 rows",)),
        ((16, 300), "all", ()),
        ((2, 17, 3, 3), "example", ("first example", "first 16 channels")),
        ((17, 2, 3, 3), "filters", ("first channel of each filter", "first 16 filters")),
    ],
)
def test_what_is_not_shown_is_said(shape, shown, words):
    array = np.arange(float(np.prod(shape))).reshape(shape)
    found = map_of(array, "x", signal=False, shown=shown)
    assert found.shows == words
    assert all(word in found.description for word in words)
    assert len(tiles_of(array, shown)) == (16 if words else len(array))


@pytest.mark.parametrize("image", [True, False])
def test_white_is_0_unless_that_is_far_from_all_elements(image):
    array = np.array([[[[0.25, 1.0], [0.5, 0.25]]]])
    for white, scale in ((0.0, "grey"), (0.26, "range"), (-0.5, "range")):
        if white < 0 and not image:
            continue  # in colours
        found = map_of(array + max(white, 0.0) - (0.5 if white < 0 else 0), "", signal=False, image=image)
        assert rgb(found.rgba)[0] == ((191, 191, 191) if scale == "grey" else WHITE)
        assert rgb(found.rgba)[1] == BLACK
        assert found.scale == scale
