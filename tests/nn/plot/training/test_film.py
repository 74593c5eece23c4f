"""Filters over the epochs: the figure and the GIF show the arrays."""

import io

import numpy as np
import pytest

import nn
from nn import plot
from tests.helpers.figures import on_images, overlaps, texts

pytest.importorskip("matplotlib")
pillow = pytest.importorskip("PIL.Image")


def arrays(epochs, shape=(3, 1, 5, 5)):
    rng = np.random.default_rng(0)
    return {epoch: rng.normal(size=shape) for epoch in epochs}


def frames(data):
    with pillow.open(io.BytesIO(data)) as picture:
        for k in range(picture.n_frames):
            picture.seek(k)
            yield picture.info["duration"], np.asarray(picture.convert("RGB")).astype(int)


class TestFilm:
    def test_a_row_for_each_filter_and_a_column_for_each_epoch(self):
        given = arrays([4, 0, 2], (3, 2, 5, 4))
        figure = plot.film(given, title="Filters")
        shown = figure.axes[0].images
        expected = [given[epoch][i].mean(axis=0) for epoch in (0, 2, 4) for i in range(3)]
        for image, filter in zip(shown, expected, strict=True):
            np.testing.assert_allclose(image.get_array(), filter)
        most = max(np.abs(filter).max() for filter in expected)
        assert {image.get_clim() for image in shown} == {(-most, most)}  # one scale for all epochs
        assert texts(figure)[0] == "Filters"
        assert texts(figure)[1].endswith("\nmean over the 2 input channels")
        assert [text for text in texts(figure)[2:] if text not in "012"] == ["epoch 0", "4"]
        assert overlaps(figure) == on_images(figure) == []

    def test_of_snapshots_of_a_layer(self):
        snapshots = nn.callbacks.Snapshots("0", np.ones((1, 1, 6, 6)), epochs=[1, 2])
        model = nn.Sequential(nn.Conv2d(1, 20, 3, rng=0))
        for epoch in (1, 2):
            snapshots.record(model, epoch)
        figure = plot.film(snapshots)
        assert texts(figure)[0] == "0 of Sequential over the epochs"
        assert "the first 16 of 20 maps" in texts(figure)[1]
        np.testing.assert_array_equal(figure.axes[0].images[16].get_array(), snapshots.arrays[2][0, 0])

    def test_the_weights_of_a_single_filter_are_not_taken_for_maps(self):
        snapshots = nn.callbacks.Snapshots("weight")
        snapshots.record(nn.Conv2d(3, 1, 5, rng=0), 0)
        assert len(plot.film(snapshots).axes[0].images) == 1

    @pytest.mark.parametrize("count", [1, 12, 13, 300])
    def test_at_most_twelve_epochs_side_by_side(self, count):
        figure = plot.film(arrays(range(count), (1, 4, 4)))
        assert len(figure.axes[0].images) == min(count, 12)
        assert figure.frame_names == [f"epoch {epoch}" for epoch in range(count)]
        assert ("12 of" in texts(figure)[1]) == (count > 12)
        first, row, *others = texts(figure)[2:]
        assert (first, row, [first, *others][-1].split()[-1]) == ("epoch 0", "0", str(count - 1))
        assert overlaps(figure) == []

    def test_the_gif_shows_all_epochs_one_after_the_other(self, tmp_path):
        given = {epoch: np.full((1, 2, 2), epoch - 1.0) for epoch in range(3)}
        figure = plot.film(given, title="Growing")
        figure.savefig(tmp_path / "film.gif", seconds_per_frame=0.2)
        data = (tmp_path / "film.gif").read_bytes()
        assert data == figure.gif(seconds_per_frame=0.2)
        found = list(frames(data))
        assert [time for time, _ in found] == [200, 200, 600]
        middle = figure.frame.axes[0].images[0].get_window_extent()
        x, y = int(middle.x0 + middle.x1) // 2, int(figure.frame.bbox.height - (middle.y0 + middle.y1) / 2)
        (least, zero, most) = (frame[y, x].tolist() for _, frame in found)
        assert min(zero) >= 253  # white, as far as the scale has it
        assert least[0] > least[2]  # orange
        assert most[2] > most[0]  # purple
        assert overlaps(figure.frame) == []

    def test_other_formats_are_those_of_matplotlib(self, tmp_path):
        figure = plot.film(arrays([0]))
        figure.savefig(tmp_path / "film.png")
        assert (tmp_path / "film.png").read_bytes()[1:4] == b"PNG"
        figure.savefig(stream := io.BytesIO(), format="gif")
        assert stream.getvalue()[:3] == b"GIF"
        with pytest.raises(ValueError, match="should be between"):
            figure.savefig(tmp_path / "no.gif", seconds_per_frame=0)
        assert not (tmp_path / "no.gif").exists()

    def test_errors(self):
        with pytest.raises(TypeError, match=r"got a list, expected an nn\.callbacks\.Snapshots"):
            plot.film([np.ones((2, 3, 3))])
        with pytest.raises(ValueError, match=r"no snapshots yet; train with nn\.fit\(…, callbacks=\[snapshots\]\)"):
            plot.film(nn.callbacks.Snapshots("weight"))
        with pytest.raises(ValueError, match=r"epoch 1 has shape \(2, 4, 4\), but that of epoch 0 \(2, 3, 3\)"):
            plot.film({0: np.ones((2, 3, 3)), 1: np.ones((2, 4, 4))})
        with pytest.raises(ValueError, match=r"epoch 1 has numbers that are infinite or NaN: training has diverged"):
            plot.film({0: np.ones((2, 3, 3)), 1: np.full((2, 3, 3), np.nan)})
        with pytest.raises(ValueError, match=r"shape \(10, 784\).*weights of a Linear become images"):
            plot.film({0: np.ones((10, 784))})
        with pytest.raises(ValueError, match="without elements"):
            plot.film({0: np.ones((0, 3, 3))})
        batch = nn.callbacks.Snapshots("0", np.ones((2, 1, 6, 6)))
        batch.record(nn.Sequential(nn.Conv2d(1, 2, 3, rng=0)), 0)
        with pytest.raises(ValueError, match="feature maps of one image"):
            plot.film(batch)
