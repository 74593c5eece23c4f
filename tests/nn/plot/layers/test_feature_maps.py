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

    def test_layers_are_chosen_by_their_names(self):
        figure = plot.feature_maps(self.model(), np.ones((1, 8, 8)), layers=["block.2", "conv"])
        assert texts(figure)[2::2] == ["input", "conv: Conv2d(1, 20, kernel_size=3)", "block.2: MaxPool2d(2)"]
        with pytest.raises(ValueError, match=r"layers is \['fc'\], expected a list of names among 'conv', 'block.0', "):
            plot.feature_maps(self.model(), np.ones((1, 8, 8)), layers=["conv", "fc"])

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
        with pytest.raises(ValueError, match=r"^feature_maps: limit is 0, expected at least 1"):
            plot.feature_maps(self.model(), np.ones((8, 8)), limit=0)
        with pytest.raises(TypeError, match=r"^feature_maps: limit is .*2\.5.*, expected a whole number"):
            plot.feature_maps(self.model(), np.ones((8, 8)), limit=2.5)


class TestErrorSignals:
    def model(self):
        layers = {"conv": nn.Conv2d(1, 2, 3, rng=0), "relu": nn.ReLU(), "flat": nn.Flatten()}
        return nn.Sequential(**layers, drop=nn.Dropout(0.5, rng=0), fc=nn.Linear(18, 3, rng=1))

    def test_below_each_map_is_its_error_signal(self):
        """The derivative of the cross-entropy by hand: softmax minus one-hot, back through the layer and the ReLU."""
        model, image = self.model(), np.random.default_rng(0).normal(size=(5, 5)).astype(np.float32)
        figure = plot.feature_maps(model, image, target=2)
        w, windows = model.conv.weight.data, np.lib.stride_tricks.sliding_window_view(image, (3, 3))
        z = np.einsum("ijkl,okl->oij", windows, w[:, 0]) + model.conv.bias.data[:, None, None]
        scores = np.maximum(z, 0).reshape(-1) @ model.fc.weight.data.reshape(3, 18).T + model.fc.bias.data
        p = np.exp(scores) / np.exp(scores).sum()
        a_bar = ((p - [0, 0, 1]) @ model.fc.weight.data.reshape(3, 18)).reshape(2, 3, 3)
        z_bar = a_bar * (z > 0)
        x_bar = np.zeros((5, 5))
        for o, i, j in np.ndindex(2, 3, 3):
            x_bar[i : i + 3, j : j + 3] += z_bar[o, i, j] * w[o, 0]

        shown = [picture.get_array() for picture in figure.axes[0].images]
        expected = [image, x_bar, *z, *z_bar, *np.maximum(z, 0), *a_bar]
        assert len(shown) == len(expected) == 10
        for one, other in zip(shown, expected, strict=True):
            np.testing.assert_allclose(one, other, atol=1e-6)
        assert figure.axes[0].images[4].get_clim() == pytest.approx(np.abs(z_bar).max() * np.array([-1, 1]))
        assert texts(figure)[0] == (
            f"Feature maps and error signals of Sequential: true 2, predicted {scores.argmax()}"
        )
        assert f"L = {-np.log(p[2]):.3g};" in texts(figure)[1]
        letters = [text for text in texts(figure) if len(text) <= 2]
        assert letters == ["x", "x̄", "y", "ȳ", "y", "ȳ"]

    def test_the_model_is_left_as_it_was(self):
        model = self.model().train()
        model.conv.weight.grad = before = np.ones((2, 1, 3, 3), np.float32)
        state = model.drop.rng.bit_generator.state
        plot.feature_maps(model, np.ones((5, 5)), target=0)
        assert model.conv.weight.grad is before
        assert model.fc.weight.grad is None
        assert model.drop.rng.bit_generator.state == state
        assert all(module.training for _, module in model.named_modules())

    def test_frozen_parameters_and_another_loss(self):
        model = nn.Sequential(nn.Conv2d(1, 1, 3, rng=0), nn.ReLU())
        for parameter in model.parameters():
            parameter.requires_grad = False
        weights = np.random.default_rng(0).normal(size=(1, 3, 3)).astype(np.float32)
        figure = plot.feature_maps(model, np.ones((5, 5)), target=weights, loss=lambda y, y_bar: mg.sum(y * y_bar))
        np.testing.assert_array_equal(figure.axes[0].images[-1].get_array(), weights[0])
        assert texts(figure)[0] == "Feature maps and error signals of Sequential"

    def test_names_of_classes(self):
        model = self.model()
        model.classes = ["ant", "bee", "cat"]
        assert ": true cat, predicted " in texts(plot.feature_maps(model, np.ones((5, 5)), target=2))[0]
        named = plot.feature_maps(model, np.ones((5, 5)), target=2, labels=["x", "y", "z"])
        assert ": true z, predicted " in texts(named)[0]
        with pytest.raises(ValueError, match="2 labels, but the model has 3 outputs"):
            plot.feature_maps(model, np.ones((5, 5)), target=2, labels=["x", "y"])

    @pytest.mark.parametrize("shape", [(3, 8, 8), (2, 8, 8), (20, 8, 8)])
    def test_nothing_overlaps(self, shape):
        layers = [nn.Conv2d(shape[0], 20, 3, rng=0), nn.Flatten(), nn.Linear(720, 2, rng=1)]
        image = np.random.default_rng(0).normal(size=shape)
        figure = plot.feature_maps(nn.Sequential(*layers), image, target=1, limit=20)
        assert overlaps(figure) == on_images(figure) == []

    def test_a_model_that_diverged(self):
        model = self.model()
        model.conv.weight.data[1] = np.nan
        with pytest.raises(FloatingPointError, match=r"output of conv: Conv2d.*has diverged"):
            plot.feature_maps(model, np.ones((5, 5)))

    def test_errors(self):
        model, image = self.model(), np.ones((5, 5))
        with pytest.raises(ValueError, match="3 classes"):
            plot.feature_maps(model, image, target=7)
        with pytest.raises(TypeError, match=r"feature_maps: expected the name of a loss.*the class Linear"):
            plot.feature_maps(model, image, target=1, loss=nn.Linear)
        with pytest.raises(TypeError, match="does not depend on the model's output"):
            plot.feature_maps(model, image, target=1, loss=lambda y, t: float(mg.sum(y).data))
        with pytest.raises(TypeError, match=r"nothing was recorded.*outside of no_grad"), mg.no_grad():
            plot.feature_maps(model, image, target=1)
