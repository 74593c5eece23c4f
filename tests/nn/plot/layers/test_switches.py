"""The switches of a max-pooling: compared with a loop over its windows."""

import numpy as np
import pytest

import minigrad as mg
import nn
from nn import plot
from tests.helpers.figures import overlaps, texts

pytest.importorskip("matplotlib")

POOLS = [
    {"kernel_size": 2},
    {"kernel_size": 3, "stride": 2},
    {"kernel_size": 3, "stride": 1, "padding": 1},
    {"kernel_size": (2, 3), "stride": (3, 1), "padding": (1, 0)},
    {"kernel_size": 2, "stride": 2, "dilation": 2},
    {"kernel_size": 3, "stride": 2, "ceil_mode": True},
    {"kernel_size": 2, "stride": 3},
]


def pair(n):
    return (n, n) if isinstance(n, int) else n


def by_loop(x, y_bar, kernel_size, stride=None, padding=0, dilation=1, **other):  # noqa: ARG001
    """The winners of all windows in their order, the first of equal ones, and the error signal of x."""
    winners, x_bar = [], np.zeros_like(x)
    size, step, pad, apart = pair(kernel_size), pair(stride or kernel_size), pair(padding), pair(dilation)
    for i, j in np.ndindex(y_bar.shape):
        best = None
        for a, b in np.ndindex(size):
            row, column = i * step[0] - pad[0] + a * apart[0], j * step[1] - pad[1] + b * apart[1]
            inside = 0 <= row < x.shape[0] and 0 <= column < x.shape[1]
            if inside and (best is None or x[row, column] > x[best]):
                best = row, column
        winners.append(best)
        x_bar[best] += y_bar[i, j]
    return winners, x_bar


def weighted(y, y_bar):
    return mg.sum(y * y_bar)


def rings(axes):
    """The places of the rings, column first."""
    return axes.collections[-1].get_offsets()


class TestSwitches:
    @pytest.mark.parametrize("settings", POOLS, ids=str)
    def test_winners_and_error_signals_are_those_of_a_loop(self, settings):
        rng = np.random.default_rng(0)
        x = rng.integers(-3, 3, (7, 6)).astype(float)  # with many ties
        pool = nn.MaxPool2d(**settings)
        y = pool(x[None, None])
        y_bar = rng.normal(size=y.shape[1:])
        figure = plot.switches(pool, x, target=y_bar, loss=weighted)
        winners, x_bar = by_loop(x, y_bar[0], **settings)
        _, of_x, of_y, of_x_bar, of_y_bar = figure.axes
        for axes, values in ((of_x, x), (of_y, y[0, 0]), (of_x_bar, x_bar), (of_y_bar, y_bar[0])):
            np.testing.assert_allclose(axes.images[0].get_array(), values)
        for axes in (of_x, of_x_bar):
            assert {(int(row), int(column)) for column, row in rings(axes)} == set(winners)
        times = [text.get_text() for text in of_x.texts if text.get_text().startswith("×")]
        assert times == [f"×{winners.count(place)}" for place in sorted(set(winners)) if winners.count(place) > 1]
        (windows,) = [c for c in of_x.collections if len(c.get_paths()) == y[0, 0].size]
        spans = np.array([path.get_extents().extents for path in windows.get_paths()])
        size, step = pair(settings["kernel_size"]), pair(settings.get("stride") or settings["kernel_size"])
        pad, apart = pair(settings.get("padding", 0)), pair(settings.get("dilation", 1))
        for (i, j), (left, top, right, bottom) in zip(np.ndindex(y.shape[2:]), spans, strict=True):
            row, column = i * step[0] - pad[0], j * step[1] - pad[1]
            assert (round((left + right) * 2), round((top + bottom) * 2)) == (
                4 * column + 2 * apart[1] * (size[1] - 1),
                4 * row + 2 * apart[0] * (size[0] - 1),
            )
        assert overlaps(figure) == []

    def test_a_pooling_within_a_network(self):
        model = nn.LeNet(rng=0)
        image = np.random.default_rng(0).random((28, 28)).astype(np.float32)
        figure = plot.switches(model, image, "pool2", 5, target=7, labels=list("abcdefghij"))
        assert all(parameter.grad is None for parameter in model.parameters())
        x = image[None, None]
        for layer in (model.conv1, model.relu1, model.pool1, model.conv2, model.relu2):
            x = mg.Tensor(layer(x).data)
        x.requires_grad = True
        y = model.pool2(x)
        scores = model.fc3(model.relu4(model.fc2(model.relu3(model.fc1(model.flatten(y))))))
        mg.cross_entropy(scores, [7]).backward()
        np.testing.assert_allclose(figure.axes[3].images[0].get_array(), x.grad[0, 5], rtol=1e-4, atol=1e-9)
        predicted = "abcdefghij"[scores.data[0].argmax()]
        assert texts(figure)[0] == f"Switches of pool2: MaxPool2d(2) in LeNet: true h, predicted {predicted}"
        assert texts(figure)[1].startswith("map 5 of 16; ")
        assert overlaps(figure) == []

    def test_a_pooling_that_is_a_function_is_chosen_by_its_number(self):
        class Net(nn.Module):
            def __init__(self):
                self.pool = nn.MaxPool2d(2)

            def forward(self, x):
                return mg.max_pool2d(self.pool(x), 2, stride=1)

        x = np.arange(16.0).reshape(4, 4)
        figure = plot.switches(Net(), x, 1)
        np.testing.assert_array_equal(figure.axes[1].images[0].get_array(), [[5, 7], [13, 15]])
        assert texts(figure)[0] == "Switches of max-pooling 1 in Net"
        assert len(figure.axes) == 3
        with pytest.raises(ValueError, match="'pooled', which is not a max-pooling of this Net; it has 'pool', 1"):
            plot.switches(Net(), x, "pooled")
        with pytest.raises(ValueError, match="pool is 2, but this Net has 2"):
            plot.switches(Net(), x, 2)

    def test_ties_are_counted(self):
        x = np.array([[1.0, 1, 0, 2], [1, 0, 0, 0]])
        assert texts(plot.switches(nn.MaxPool2d(2), x))[1].endswith("; 1 of 2 windows tie: the first wins")
        assert "tie" not in texts(plot.switches(nn.MaxPool2d(2), np.arange(8.0).reshape(2, 4)))[1]

    @pytest.mark.parametrize(("factor", "note"), [(1e-4, "× 10⁻⁴"), (1e5, "× 10⁵"), (1.0, "")])
    def test_small_and_large_numbers_fit_into_their_cells(self, factor, note):
        x = factor * np.array([[1.0, 2, 3, 4], [5, 6, 7, -8.25]])
        figure = plot.switches(nn.MaxPool2d(2), x)
        assert [text for text in texts(figure)[4:] if text in ("5", "−8.25")] == ["5", "−8.25"]
        assert all(note in text for text in texts(figure)[2:4])
        assert overlaps(figure) == []

    def test_errors(self):
        conv = nn.Sequential(nn.Conv2d(1, 1, 3, rng=0), nn.AvgPool2d(2))
        with pytest.raises(ValueError, match=r"this Sequential has no max-pooling.*nn\.MaxPool2d or mg\.max_pool2d"):
            plot.switches(conv, np.ones((8, 8)))
        with pytest.raises(ValueError, match="channel is 3, but there are 3 maps, from 0"):
            plot.switches(nn.MaxPool2d(2), np.ones((3, 4, 4)), channel=3)
        with pytest.raises(ValueError, match=r"images\[0\]"):
            plot.switches(nn.MaxPool2d(2), np.ones((2, 3, 4, 4)))
        with pytest.raises(FloatingPointError, match="infinite or NaN"):
            plot.switches(nn.MaxPool2d(2), np.full((4, 4), np.nan))
        with pytest.raises(TypeError, match="switches: expected a model"):
            plot.switches(mg.max_pool2d, np.ones((4, 4)))
