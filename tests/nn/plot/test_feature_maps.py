"""Feature maps."""

import numpy as np
import pytest

import minigrad as mg
import nn
from nn import plot
from tests.helpers.figures import on_images, overlaps, texts

pytest.importorskip("matplotlib")


class Residual(nn.Module):
    def __init__(self):
        self.conv = nn.Conv2d(1, 1, 3, padding=1, rng=0)

    def forward(self, x):
        return x + self.conv(x)


class TestFeatureMaps:
    def model(self):
        return nn.Sequential(
            conv=nn.Conv2d(1, 20, 3, rng=0),
            block=nn.Sequential(nn.ReLU(), nn.Dropout(0.5, rng=0), nn.MaxPool2d(2)),
            flat=nn.Flatten(),
            fc=nn.Linear(180, 10, rng=0),
        )

    def test_every_layer_with_maps_is_there_once(self):
        figure = plot.feature_maps(self.model(), np.ones((1, 8, 8)))
        shown = texts(figure)[2::2]
        assert shown == ["input", "conv: Conv2d(1, 20, kernel_size=3)", "block.0: ReLU", "block.2: MaxPool2d(2)"]
        notes = texts(figure)[3::2]
        assert notes[0] == "1 × 8 × 8, from 1 to 1"
        assert notes[3].startswith("20 × 3 × 3, from 0 to ")
        assert notes[3].endswith("; the first 16 of 20 maps")
        assert len(figure.axes[0].images) == 1 + 3 * 16

    def test_shows_what_the_layers_compute(self):
        model = self.model().eval()
        image = np.random.default_rng(0).random((1, 8, 8)).astype(np.float32)
        images = plot.feature_maps(model, mg.Tensor(image), limit=20).axes[0].images
        after = model[0](image[None]).numpy()[0]
        np.testing.assert_array_equal(images[0].get_array(), image[0])
        np.testing.assert_array_equal(images[20].get_array(), after[19])
        np.testing.assert_array_equal(images[40].get_array(), np.maximum(after[19], 0))

    def test_leaves_modes_gradients_and_randomness_alone(self):
        model = self.model().train()
        model[0].eval()
        state = model[1][1].rng.bit_generator.state
        plot.feature_maps(model, np.ones((8, 8)))
        assert [module.training for _, module in model.named_modules()] == [True, False, *[True] * 6]
        assert all(parameter.grad is None for parameter in model.parameters())
        assert model[1][1].rng.bit_generator.state == state

    def test_modes_are_restored_after_an_error(self):
        model = self.model().train()
        with pytest.raises(ValueError, match="channels"):
            plot.feature_maps(model, np.ones((3, 8, 8)))
        assert all(module.training for _, module in model.named_modules())

    def test_what_a_container_adds_is_shown(self):
        assert texts(plot.feature_maps(Residual(), np.ones((8, 8))))[2::2] == [
            "input",
            "conv: Conv2d(1, 1, kernel_size=3, padding=1)",
            "Residual",
        ]

    @pytest.mark.parametrize(("shape", "count"), [((3, 8, 8), 1), ((2, 8, 8), 2), ((20, 8, 8), 16)])
    def test_the_input_is_shown_in_colour_or_by_channel(self, shape, count):
        image = np.random.default_rng(0).normal(size=shape)
        figure = plot.feature_maps(nn.Conv2d(shape[0], 1, 3, rng=0), image)
        assert len(figure.axes[0].images) == count + 1

    @pytest.mark.parametrize("limit", [1, 4, 16, 40])
    def test_nothing_overlaps(self, limit):
        figure = plot.feature_maps(nn.LeNet(rng=0), np.ones((28, 28)), limit)
        assert overlaps(figure) == on_images(figure) == []

    def test_the_figure_is_as_wide_as_its_longest_caption(self):
        model = nn.Sequential(**{"a" * 90: nn.Conv2d(1, 1, 3, rng=0)})
        figure = plot.feature_maps(model, np.ones((8, 8)))
        figure.draw_without_rendering()
        right = max(text.get_window_extent().x1 for text in figure.axes[0].texts)
        assert (figure.bbox.width - right) / figure.dpi == pytest.approx(0.2, abs=0.1)

    def test_errors(self):
        with pytest.raises(ValueError, match=r"image has shape \(2, 1, 8, 8\).*images\[0\]"):
            plot.feature_maps(self.model(), np.ones((2, 1, 8, 8)))
        with pytest.raises(ValueError, match=r"image has shape \(8,\)"):
            plot.feature_maps(self.model(), np.ones(8))
        with pytest.raises(ValueError, match="no layer of this Sequential"):
            plot.feature_maps(nn.Sequential(nn.Flatten(), nn.Linear(64, 2, rng=0)), np.ones((8, 8)))
        with pytest.raises(TypeError, match="got function"):
            plot.feature_maps(lambda x: x, np.ones((8, 8)))
        with pytest.raises(ValueError, match=r"limit.*got 0"):
            plot.feature_maps(self.model(), np.ones((8, 8)), limit=0)
