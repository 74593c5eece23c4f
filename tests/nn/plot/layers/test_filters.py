"""Filters as images."""

import numpy as np
import pytest

import minigrad as mg
import nn
from nn import plot
from tests.helpers.figures import on_images, overlaps, texts

pytest.importorskip("matplotlib")


class TestFilters:
    def test_zero_is_in_the_middle_of_one_scale(self):
        weight = np.stack([np.full((1, 3, 3), 0.1), np.full((1, 3, 3), -0.5)])
        axes, bar = plot.filters(weight).axes
        assert [image.get_clim() for image in axes.images] == [(-0.5, 0.5)] * 2
        assert [image.get_array()[0, 0] for image in axes.images] == [0.1, -0.5]
        assert [label.get_text() for label in bar.get_yticklabels()] == ["−0.5", "0", "0.5"]

    def test_pairs_before_and_after(self):
        layer = nn.Conv2d(1, 6, 5, rng=0)
        before = layer.weight.data.copy()
        layer.weight.data = before * 2
        figure = plot.filters(layer.weight, before)
        images = figure.axes[0].images
        assert len(images) == 12
        for i in range(6):
            np.testing.assert_array_equal(images[2 * i].get_array(), before[i, 0])
            np.testing.assert_array_equal(images[2 * i + 1].get_array(), 2 * before[i, 0])
            assert images[2 * i].get_extent()[1] < images[2 * i + 1].get_extent()[0]
        assert texts(figure)[:2] == ["6 filters of 5 × 5", "left before training, right after"]

    def test_channels_are_averaged_and_the_picture_says_so(self):
        weight = np.random.default_rng(0).normal(size=(2, 3, 5, 5))
        figure = plot.filters(mg.Tensor(weight))
        np.testing.assert_allclose(figure.axes[0].images[1].get_array(), weight[1].mean(axis=0))
        assert "mean over the 3 input channels" in texts(figure)

    @pytest.mark.parametrize("n", [1, 2, 8, 20, 64])
    @pytest.mark.parametrize("pairs", [False, True])
    def test_nothing_overlaps(self, n, pairs):
        weight = np.random.default_rng(0).normal(size=(n, 2, 5, 3))
        figure = plot.filters(weight, -weight if pairs else None)
        assert overlaps(figure) == on_images(figure) == []
        assert figure.get_size_inches()[0] < 16

    def test_weights_that_are_all_zero(self):
        assert plot.filters(np.zeros((1, 1, 3, 3))).axes[0].images[0].get_clim() == (-1.0, 1.0)

    def test_errors(self):
        weight = nn.Conv2d(1, 2, 3, rng=0).weight
        with pytest.raises(ValueError, match=r"weight has shape \(2,\), expected \(O, C, KH, KW\)"):
            plot.filters(np.zeros(2))
        with pytest.raises(ValueError, match=r"before has shape \(1, 1, 3, 3\) but weight \(2, 1, 3, 3\)"):
            plot.filters(weight, np.zeros((1, 1, 3, 3)))
        with pytest.raises(ValueError, match="before training keep a copy"):
            plot.filters(weight, weight)
        with pytest.raises(ValueError, match="infinite or NaN"):
            plot.filters(np.full((1, 1, 3, 3), np.nan))
