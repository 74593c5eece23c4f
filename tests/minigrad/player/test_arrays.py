"""Arrays of a page: bit by bit, each once, and never more of a scene than the page has numbers for."""

from itertools import product

import numpy as np
import pytest

import minigrad as mg
from minigrad.player.arrays import Arrays
from tests.helpers.player.scenes import Frames, array, scenes_of


@pytest.mark.parametrize(
    ("values", "letter"),
    [
        ([1.0, -128.0], "i1"), ([1.0, 128.0], "i2"), ([0.5, 1e6], "f4"), ([0.1, 1.0], "f8"), ([-0.0, 1.0], "f4"),
        ([np.nan, np.inf], "f4"), ([1e-300, 1.0], "f8"), (np.array([0.1], np.float32), "f4"), ([True, False], "i1"),
    ],
)  # fmt: skip
def test_the_smallest_type_that_has_all_bits(values, letter):
    arrays = Arrays()
    place = arrays.add(np.array(values))
    arrays.settle()
    encoded = arrays.encoded[place]
    assert list(encoded) == [letter]
    assert array(encoded).astype(float).tobytes() == np.asarray(values, float).tobytes()


def test_an_array_is_there_once_whatever_its_shape():
    arrays, x = Arrays(), np.random.default_rng(0).normal(size=(4, 6))
    assert arrays.add(x) == arrays.add(x.reshape(2, 12)) == arrays.add(x.copy())
    assert arrays.add(x + 1) != arrays.add(x)
    assert arrays.add(np.array([])) is arrays.add(np.array([1j])) is arrays.add(np.zeros((70, 70))) is None


def test_of_large_arrays_there_is_what_is_needed_and_then_whole_matrices():
    rng, arrays = np.random.default_rng(0), Arrays()
    large, whole, small = rng.normal(size=(40, 20, 20)), rng.normal(size=(9, 20, 20)), rng.normal(size=(3, 5))
    places = [arrays.add(large), arrays.add(whole, needed=9 * 400), arrays.add(small)]
    arrays.settle()
    kept = [arrays.kept(place) for place in places]
    assert kept[1:] == [3600, 15]
    assert 400 <= kept[0] < 16_000
    assert kept[0] % 400 == 0
    for place, values in zip(places, (large, whole, small), strict=True):
        np.testing.assert_array_equal(array(arrays.encoded[place]), values.ravel()[: arrays.kept(place)])


def read_all(frames):
    """Every number of every position: an IndexError if one is not there."""
    for terms in frames:
        for key in frames.cells:
            for term in terms:
                frames.number(key, term)


def test_no_position_reads_what_a_page_lacks():
    """Of a batch too large for a page: with the last choice of each list every number is there, and one more is not."""
    rng = np.random.default_rng(0)
    x = mg.Tensor(rng.normal(size=(6, 5, 13, 13)), requires_grad=True, name="x")
    w = mg.Tensor(rng.normal(size=(7, 5, 3, 3)), requires_grad=True, name="w")
    z = mg.conv2d(x, w).named("z")
    p = mg.max_pool2d(z, 2).named("p")
    data, scenes = scenes_of(mg.sum(p**2).named("L"))
    assert {"z", "p", "z̄", "w̄"} <= set(scenes)
    whole = {"example": 6, "channel": 5, "filter": 7}
    shortened = 0
    for scene in scenes.values():
        sizes = {name: scene["sizes"][loop] for name, loop in scene["choices"]}
        for chosen in product(*({0, n - 1} for n in sizes.values())):
            read_all(Frames(data, scene, **dict(zip(sizes, chosen, strict=True))))
        for name, loop in scene["choices"]:
            if scene["sizes"][loop] < whole.get(name, 0):
                shortened += 1
                longer = scene | {"sizes": [n + (i == loop) for i, n in enumerate(scene["sizes"])]}
                one_more = dict.fromkeys(sizes, 0) | {name: scene["sizes"][loop]}
                with pytest.raises(IndexError):
                    read_all(Frames(data, longer, **one_more))
    assert shortened > 3
    assert scenes["w̄"]["partial"]  # of the sum over examples there is a part
