"""GIF: one frame for each step, each as the PNG of that step."""

import io
from dataclasses import replace

import numpy as np
import pytest

from minigrad.drawing.formats.gif import gif
from minigrad.drawing.formats.raster import raster
from minigrad.drawing.theme import DARK
from tests.helpers.scenes import by_hand as scenes

pytest.importorskip("matplotlib")
pillow = pytest.importorskip("PIL.Image")

SCENE = replace(scenes.lines(), events=scenes.lines().events[::3])


def frames(data):
    with pillow.open(io.BytesIO(data)) as picture:
        for k in range(picture.n_frames):
            picture.seek(k)
            yield picture.info["duration"], np.asarray(picture.convert("RGB")).astype(int)


def test_a_frame_for_each_step_which_is_that_of_the_png():
    shown = list(frames(gif(SCENE, seconds_per_step=0.8)))
    assert [time for time, _ in shown] == [800] * (len(SCENE.events) - 1) + [2400]
    for step, (_, picture) in enumerate(shown, 1):
        with pillow.open(io.BytesIO(raster(SCENE, scale=1280 / SCENE.width, step=step))) as png:
            expected = np.asarray(png.convert("RGB")).astype(int)
        assert picture.shape == expected.shape == (497, 1280, 3)
        assert np.fabs(picture - expected).mean() < 0.5
        assert np.mean(picture == expected) > 0.95


def test_the_same_bytes_each_time_and_forever():
    scene = replace(SCENE, events=SCENE.events[:2])
    data = gif(scene, theme="dark")
    assert data == gif(scene, theme="dark")
    with pillow.open(io.BytesIO(data)) as picture:
        assert picture.info["loop"] == 0
    background = next(frames(data))[1][2, 2].tolist()
    assert background == [int(DARK["background"][i : i + 2], 16) for i in (1, 3, 5)]


def test_without_steps_there_is_no_gif():
    with pytest.raises(ValueError, match="shows steps, but this picture has none"):
        gif(replace(SCENE, events=()))


@pytest.mark.parametrize("time", [0, -1, float("nan"), float("inf")])
def test_a_time_that_is_none_is_refused(time):
    with pytest.raises(ValueError, match="should be between"):
        gif(SCENE, seconds_per_step=time)
