"""Histograms of weights, activations and error signals: compared with NumPy's, of a backward pass by hand."""

import copy

import numpy as np
import pytest

import minigrad as mg
import nn
from nn import plot
from tests.helpers.figures import overlaps, texts

pytest.importorskip("matplotlib")

X = np.random.default_rng(0).normal(size=(40, 4)).astype(np.float32)
TARGET = np.arange(40) % 3


def model():
    return nn.Sequential(a=nn.Linear(4, 8, rng=0), b=nn.ReLU(), same=nn.Dropout(0.5, rng=0), c=nn.Linear(8, 3, rng=1))


def by_hand(net):
    """Weights, outputs and error signals of a, b and c."""
    (w, b), (v, d) = ([p.data.astype(float) for p in layer.parameters()] for layer in (net.a, net.c))
    w, v = (m if m.shape[0] == n else m.T for m, n in ((w, 4), (v, 8)))
    z = X @ w + b
    a = np.maximum(z, 0)
    scores = a @ v + d
    p = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    s_bar = (p - np.eye(3)[TARGET]) / 40
    a_bar = s_bar @ v.T
    return [(w, z, a_bar * (z > 0)), (None, a, a_bar), (v, scores, s_bar)]


def panels(figure):
    """The axes with histograms."""
    return [axes for axes in figure.axes if any(type(patch).__name__ == "StepPatch" for patch in axes.patches)]


class TestHistograms:
    def test_counts_and_numbers_are_numpys(self):
        net = model()
        figure = plot.histograms(net, X, TARGET)
        expected = [array for row in by_hand(net) for array in row if array is not None]
        found = panels(figure)
        assert len(found) == len(expected) == 8
        written = [text for text in texts(figure) if text.startswith("mean ")]
        for axes, array, text in zip(found, expected, written, strict=True):
            counts, edges, _ = axes.patches[0].get_data()
            values = array[array != 0]
            assert counts.sum() == values.size
            low = 0.0 if 0 < values.min() < 0.05 * values.max() else values.min()
            np.testing.assert_allclose(edges[[0, -1]], [low, values.max()], rtol=1e-4)
            assert np.abs(np.histogram(values, edges)[0] - counts).sum() <= 4  # rounding, at the border of a bin
            assert f"std {array.std():.2g}" in text
            share = np.mean(array == 0)
            assert f"{share:.0%}".replace("%", " % zeros") in text if share else "zeros" not in text

    def test_the_standard_deviations_stand_beside_their_rows(self):
        net = model()
        figure = plot.histograms(net, X, TARGET)
        lines = figure.axes[-1].get_lines()
        for k, line in enumerate(lines):
            expected = [row[k].std() for row in by_hand(net) if row[k] is not None]
            np.testing.assert_allclose(line.get_xdata(), expected, rtol=1e-4)
        assert figure.axes[-1].get_xscale() == "log"
        figure.draw_without_rendering()
        column = sorted({axes.get_position().x0 for axes in panels(figure)})[1]
        activations = [axes for axes in panels(figure) if axes.get_position().x0 == column]
        assert len(activations) == 3
        for axes, y in zip(activations, lines[1].get_ydata(), strict=True):
            box = axes.get_window_extent()
            assert figure.axes[-1].transData.transform((1, y))[1] == pytest.approx((box.y0 + box.y1) / 2, abs=1)

    def test_before_is_an_outline_on_the_same_bins(self):
        net = model()
        before = copy.deepcopy(net)
        for parameter in net.parameters():
            parameter.data *= 3
        figure = plot.histograms(net, X, TARGET, before=before)
        first, *_ = panels(figure)
        filled, outline = (patch.get_data() for patch in first.patches)
        np.testing.assert_array_equal(filled.edges, outline.edges)
        np.testing.assert_array_equal(outline.values, np.histogram(before.a.weight.data, outline.edges)[0])
        assert first.get_ylim()[1] >= outline.values.max()
        lines = figure.axes[-1].get_lines()
        assert [line.get_linestyle() for line in lines] == ["--"] * 3 + ["-"] * 3
        np.testing.assert_allclose(3 * lines[0].get_xdata(), lines[3].get_xdata(), rtol=1e-5)
        assert texts(figure)[1].endswith("; outlines and dashed lines: before training")
        with pytest.raises(ValueError, match=r"training changed both; .* copy\.deepcopy\(model\)"):
            plot.histograms(net, X, TARGET, before=net)
        other = nn.Sequential(a=nn.Linear(4, 9, rng=0), b=nn.ReLU(), c=nn.Linear(9, 3, rng=1))
        with pytest.raises(ValueError, match="before has other layers"):
            plot.histograms(net, X, TARGET, before=other)

    def test_a_relu_that_changes_nothing_is_shown_and_a_reshape_is_not(self):
        net = nn.Sequential(nn.Flatten(), nn.Sigmoid(), nn.ReLU(), nn.Unflatten(1, (2, 2)), nn.Flatten())
        figure = plot.histograms(net, X.reshape(40, 2, 2), np.zeros((40, 4)), "mse")
        assert [text for text in texts(figure) if text in ("0", "1", "2", "3", "4")] == ["1", "2"]

    def test_names_and_dead_units(self):
        net = model()
        net.a.bias.data[[2, 5]] = -100
        figure = plot.histograms(net, X, TARGET)
        shown = texts(figure)
        assert shown[0] == "Weights, activations and error signals of Sequential"
        assert shown[1].startswith("for a batch of 40, L = ")
        assert [name for name in shown if name in ("a", "b", "same", "c")] == ["a", "b", "c"]
        assert [text for text in shown if text.endswith("dead")] == ["2 of 8 units dead"]
        assert shown.count("no weights") == 1
        assert overlaps(figure) == []

    def test_what_is_all_zero_is_drawn_empty(self):
        net = model()
        net.a.bias.data[:] = -100
        figure = plot.histograms(net, X, TARGET, layers=["b"])
        assert "8 of 8 units dead" in texts(figure)
        assert "mean 0, std 0, 100 % zeros" in texts(figure)
        assert panels(figure)[0].patches[0].get_data()[0].sum() == 0

    def test_the_model_is_left_as_it_was(self):
        net = model().train()
        net.a.weight.grad = before = np.ones_like(net.a.weight.data)
        state = net.same.rng.bit_generator.state
        plot.histograms(net, X, TARGET)
        assert net.a.weight.grad is before
        assert net.c.weight.grad is None
        assert net.same.rng.bit_generator.state == state
        assert all(module.training for module in net.modules())

    def test_of_maps_and_of_layers_that_are_chosen(self):
        net = nn.LeNet(rng=0)
        x = np.random.default_rng(0).random((4, 1, 28, 28))
        figure = plot.histograms(net, x, [0, 1, 2, 3], layers=["conv2", "relu4"])
        assert len(panels(figure)) == 5
        assert panels(figure)[0].patches[0].get_data()[0].sum() == 16 * 6 * 25
        assert overlaps(figure) == []

    def test_embeddings_and_other_losses(self):
        net = nn.Sequential(nn.Embedding(5, 3, rng=0), nn.Linear(3, 1, rng=0))
        figure = plot.histograms(net, np.array([[0, 1], [2, 4]]), np.zeros((2, 2, 1)), "mse")
        assert len(panels(figure)) == 6

    def test_errors(self):
        net = model()
        with pytest.raises(ValueError, match="39"):
            plot.histograms(net, X, TARGET[1:])
        with pytest.raises(ValueError, match=r"layers is \['d'\], expected a list of names among 'a', 'b', 'c'"):
            plot.histograms(net, X, TARGET, layers=["a", "d"])
        with pytest.raises(ValueError, match="layers is the text 'a'"):
            plot.histograms(net, X, TARGET, layers="a")
        with pytest.raises(TypeError, match="histograms: expected a model"):
            plot.histograms(mg.relu, X, TARGET)
        with pytest.raises(FloatingPointError, match="output of a: Linear"):
            plot.histograms(net, X * np.inf, TARGET)
        net.c.weight.data[0] = np.inf
        with pytest.raises(FloatingPointError, match="output of c: Linear"):
            plot.histograms(net, X, TARGET)
