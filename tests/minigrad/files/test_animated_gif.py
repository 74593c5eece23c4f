"""A GIF that moves: its frames, their times, and the colours that they share."""

import io

import numpy as np
import pytest

import minigrad as mg

pillow = pytest.importorskip("PIL.Image")


def read(data):
    with pillow.open(io.BytesIO(data)) as picture:
        for k in range(picture.n_frames):
            picture.seek(k)
            yield picture.info["duration"], np.asarray(picture.convert("RGB"))


def test_few_colours_are_kept_to_the_bit():
    rng = np.random.default_rng(0)
    colours = rng.integers(0, 256, (200, 3), dtype=np.uint8)
    frames = colours[rng.integers(0, 200, (3, 20, 30))]
    shown = list(read(mg.files.animated_gif(list(frames), [100, 200, 700])))
    assert [time for time, _ in shown] == [100, 200, 700]
    np.testing.assert_array_equal([frame for _, frame in shown], frames)


def test_of_many_colours_those_asked_for_are_kept_and_the_others_are_near():
    frame = np.stack(np.meshgrid(np.arange(0, 256, 4), np.arange(0, 256, 4)), -1).astype(np.uint8)
    frame = np.concatenate([frame, np.zeros((64, 64, 1), np.uint8)], axis=2)
    frame[5, 7] = (1, 2, 250)
    ((_, shown),) = read(mg.files.animated_gif([frame], [100], colours=[0x0102FA]))
    assert shown[5, 7].tolist() == [1, 2, 250]
    kept = np.unique(shown.reshape(-1, 3), axis=0).astype(int)
    nearest = ((frame.reshape(-1, 1, 3).astype(int) - kept) ** 2).sum(2).min(1)
    np.testing.assert_array_equal(((frame.astype(int) - shown) ** 2).sum(2).ravel(), nearest)
