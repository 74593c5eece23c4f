"""nn.plot: what is in the pictures, that they leave everything as it was, and what wrong input is told."""

import builtins
import subprocess
import sys
import textwrap
from io import BytesIO

import numpy as np
import pytest

import minigrad as mg
import nn
from nn import plot

matplotlib = pytest.importorskip("matplotlib")


def history(epochs=3, **lists):
    return nn.History(list(range(1, epochs + 1)), lists)


def texts(figure):
    return [text.get_text() for axes in figure.axes for text in axes.texts]


def overlaps(figure):
    """Pairs of texts that cover each other, and texts that leave the figure."""
    figure.draw_without_rendering()
    shown = []
    for axes in figure.axes:
        shown += axes.texts
        for axis in (axes.xaxis, axes.yaxis) if axes.axison else ():
            low, high = sorted(axis.get_view_interval())
            shown += [tick.label1 for tick in axis.get_major_ticks() if low <= tick.get_loc() <= high]
            shown += [tick.label2 for tick in axis.get_major_ticks() if low <= tick.get_loc() <= high]
    shown = [text for text in shown if text.get_text() and text.get_visible() and text.get_rotation() != 45]
    boxes = np.array([text.get_window_extent().padded(-1).extents for text in shown])
    x0, y0, x1, y1 = boxes.T
    width, height = figure.bbox.size
    cut = (x0 < -2) | (y0 < -2) | (x1 > width) | (y1 > height)
    apart = (x1[:, None] < x0) | (y1[:, None] < y0)
    covered = np.argwhere(np.triu(~(apart | apart.T), k=1))
    name = [text.get_text() for text in shown]
    return [name[i] for i in np.flatnonzero(cut)] + [(name[i], name[j]) for i, j in covered]


class TestCurves:
    def test_shows_training_and_validation_in_one_panel_each(self):
        figure = plot.curves(
            history(
                loss=[2.0, 1.0, 0.5], val_loss=[1.9, 1.1, 0.7], accuracy=[0.2, 0.5, 0.9], val_accuracy=[0.3, 0.6, 0.8]
            )
        )
        loss, accuracy = figure.axes
        assert [line.get_ydata().tolist() for line in loss.get_lines()[::2]] == [[2.0, 1.0, 0.5], [1.9, 1.1, 0.7]]
        assert loss.get_lines()[0].get_linestyle() != loss.get_lines()[2].get_linestyle()
        assert [text.get_text() for text in loss.texts] == ["training 0.500", "validation 0.700"]
        assert [text.get_text() for text in accuracy.texts] == ["training 90.0 %", "validation 80.0 %"]
        assert any(label.get_text().endswith(" %") for label in accuracy.get_yticklabels())

    def test_without_accuracy_or_validation(self):
        (loss,) = plot.curves(history(loss=[3.0, 2.0, 1.0])).axes
        assert [text.get_text() for text in loss.texts] == ["training 1.00"]

    @pytest.mark.parametrize("last", [(0.5, 0.5), (0.5, 0.5001), (0.5001, 0.5), (0.0, 0.0), (1.0, 2.9)])
    def test_labels_do_not_touch(self, last):
        figure = plot.curves(history(loss=[3.0, 2.0, last[0]], val_loss=[3.0, 2.0, last[1]]))
        assert overlaps(figure) == []

    def test_one_epoch_and_a_validation_loss_that_is_no_number(self):
        figure = plot.curves(history(1, loss=[0.3], val_loss=[float("nan")]))
        assert texts(figure) == ["training 0.300", "validation nan"]
        figure.savefig(BytesIO(), format="png")

    def test_of_a_real_training(self):
        x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=np.float32)
        model = nn.Linear(2, 2, rng=0)
        adam = nn.optim.Adam(model.parameters())
        data = (x, np.array([0, 1, 1, 0]))
        made = nn.fit(model, data, optimizer=adam, epochs=2, validation=data, rng=0, verbose=False)
        assert len(plot.curves(made).axes) == 2

    def test_errors(self):
        with pytest.raises(TypeError, match=r"expected the History that nn\.fit returns, got dict"):
            plot.curves({"loss": [1.0]})
        with pytest.raises(ValueError, match="history is empty"):
            plot.curves(nn.History())
        with pytest.raises(ValueError, match=r"history\['loss'\] has 1 numbers for 3 epochs"):
            plot.curves(history(loss=[1.0]))
        with pytest.raises(ValueError, match="expected 'loss' or 'accuracy'"):
            plot.curves(history(f1=[1.0, 2.0, 3.0]))


class TestConfusionMatrix:
    def test_rows_are_true_and_columns_predicted(self):
        figure = plot.confusion_matrix([0, 0, 0, 1, 2, 2], [0, 1, 1, 1, 2, 0])
        canvas, cells = figure.axes
        at = {text.get_position(): text.get_text() for text in cells.texts}
        assert at == {(0, 0): "1", (1, 0): "2", (1, 1): "1", (2, 2): "1", (0, 2): "1"}  # (column, row)
        assert [text.get_text() for text in canvas.texts[:2]] == ["Confusion matrix", "accuracy 50 %, 3 errors in 6"]

    def test_errors_have_a_colour_scale_of_their_own(self):
        true = np.repeat([0, 1], 1000)
        predicted = true.copy()
        predicted[:3] = 1
        shown = plot.confusion_matrix(true, predicted).axes[1].images[0]
        assert shown.get_array().compressed().tolist() == [3]
        assert shown.norm.vmax < 10

    def test_a_class_never_recognized_shows_its_zero(self):
        cells = plot.confusion_matrix([0, 1], [0, 0]).axes[1]
        assert sorted(text.get_text() for text in cells.texts) == ["0", "1", "1"]

    def test_numbers_are_readable_on_dark_cells(self):
        true = np.repeat(0, 30)
        predicted = np.concatenate([np.repeat(1, 28), [2], [0]])
        colours = {text.get_text(): text.get_color() for text in plot.confusion_matrix(true, predicted).axes[1].texts}
        assert (colours["28"], colours["1"]) == ("white", "black")

    @pytest.mark.parametrize("n", [2, 10, 30, 100])
    @pytest.mark.parametrize("name", ["{}", "a rather long class {}"])
    def test_nothing_overlaps(self, n, name):
        true = np.random.default_rng(0).integers(0, n, 5000)
        labels = None if name == "{}" else [name.format(i) for i in range(n)]
        figure = plot.confusion_matrix(true, np.roll(true, 1), labels)
        assert overlaps(figure) == []
        assert max(figure.get_size_inches()) < 17

    def test_tensors_labels_of_absent_classes_and_a_perfect_model(self):
        figure = plot.confusion_matrix(mg.Tensor(np.array([0, 1])), np.array([0, 1]), labels=["a", "b", "$c"])
        assert [label.get_text() for label in figure.axes[1].get_xticklabels()] == ["a", "b", "$c"]
        assert "accuracy 100 %, 0 errors in 2" in texts(figure)

    def test_errors(self):
        with pytest.raises(ValueError, match=r"predicted has shape \(2, 10\).*predicted\.argmax\(axis=1\)"):
            plot.confusion_matrix([0, 1], np.zeros((2, 10)))
        with pytest.raises(ValueError, match=r"true has shape \(\)"):
            plot.confusion_matrix(3, 3)
        with pytest.raises(ValueError, match="3 true classes but 2 predicted"):
            plot.confusion_matrix([0, 1, 2], [0, 1])
        with pytest.raises(ValueError, match="no samples"):
            plot.confusion_matrix([], [])
        with pytest.raises(TypeError, match="predicted has dtype float64"):
            plot.confusion_matrix([0, 1], [0.0, 1.0])
        with pytest.raises(ValueError, match="true has the class -1"):
            plot.confusion_matrix([0, -1], [0, 1])
        with pytest.raises(ValueError, match="2 labels, but classes up to 2"):
            plot.confusion_matrix([0, 2], [0, 1], labels=["a", "b"])


class TestMisclassified:
    images = np.arange(4 * 5 * 5.0).reshape(4, 5, 5)

    def test_most_confident_first(self):
        p = np.array([[0.6, 0.4], [0.1, 0.9], [0.97, 0.03], [0.2, 0.8]])
        figure = plot.misclassified(self.images, [1, 1, 1, 0], p.argmax(axis=1), mg.Tensor(p))
        (axes,) = figure.axes
        assert texts(figure) == [
            "3 of 4 misclassified (75.0 %)",
            "most confident first",
            "true 1 → predicted 0 (97 %)",
            "true 0 → predicted 1 (80 %)",
            "true 1 → predicted 0 (60 %)",
        ]
        assert [image.get_array()[0, 0] for image in axes.images] == [50.0, 75.0, 0.0]

    def test_the_limit_is_in_the_subtitle(self):
        figure = plot.misclassified(self.images, [1, 1, 1, 0], [0, 0, 0, 0], limit=2)
        assert len(figure.axes[0].images) == 2
        assert "2 shown" in texts(figure)

    def test_long_names_take_two_lines(self):
        labels = ["ankle boot with laces", "T-shirt or top, long sleeves"]
        figure = plot.misclassified(self.images, [1, 1, 1, 0], [0, 0, 0, 0], labels=labels)
        assert "true T-shirt or top, long sleeves\n→ predicted ankle boot with laces" in texts(figure)
        assert overlaps(figure) == []

    @pytest.mark.parametrize("shape", [(60, 8, 8), (60, 1, 28, 28), (60, 3, 32, 32), (60, 1, 8, 40)])
    @pytest.mark.parametrize("wrong", [1, 2, 7, 25, 60])
    def test_nothing_overlaps(self, shape, wrong):
        true = np.arange(60) < wrong
        p = np.tile([0.75, 0.25], (60, 1))
        figure = plot.misclassified(
            np.random.default_rng(0).normal(size=shape), true.astype(int), np.zeros(60, int), p, 49
        )
        assert len(figure.axes[0].images) == min(wrong, 49)
        assert overlaps(figure) == []

    def test_colours_keep_their_place(self):
        images = np.zeros((1, 3, 2, 2), dtype=np.uint8)
        images[0, 1] = 200  # green
        (shown,) = plot.misclassified(images, [0], [1]).axes[0].images
        assert shown.get_array()[0, 0].tolist() == [0, 200, 0]

    def test_no_mistakes(self):
        figure = plot.misclassified(self.images, [0, 1, 0, 1], [0, 1, 0, 1])
        assert texts(figure) == ["Nothing misclassified", "all 4 predictions are correct"]

    def test_errors(self):
        classes = ([0, 1, 0, 1], [0, 0, 0, 0])
        with pytest.raises(ValueError, match=r"images have shape \(4, 5, 5, 3\).*transpose\(0, 3, 1, 2\)"):
            plot.misclassified(np.zeros((4, 5, 5, 3)), *classes)
        with pytest.raises(ValueError, match="3 images but 4 classes"):
            plot.misclassified(self.images[:3], *classes)
        with pytest.raises(ValueError, match=r"softmax\(outputs\)"):
            plot.misclassified(self.images, *classes, np.full((4, 2), 3.0))
        with pytest.raises(ValueError, match=r"probabilities have shape \(4,\)"):
            plot.misclassified(self.images, *classes, np.full(4, 0.5))
        with pytest.raises(ValueError, match=r"limit.*got 0"):
            plot.misclassified(self.images, *classes, limit=0)


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
        assert overlaps(figure) == []
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
        assert overlaps(plot.feature_maps(nn.LeNet(rng=0), np.ones((28, 28)), limit)) == []

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


def test_figures_save_on_white_and_show_in_notebooks():
    figure = plot.filters(np.ones((1, 1, 3, 3)))
    assert figure._repr_png_().startswith(b"\x89PNG")
    svg = BytesIO()
    figure.savefig(svg, format="svg")
    assert svg.getvalue().count(b"<image") >= 1
    assert figure.get_facecolor() == (1, 1, 1, 1)


def test_the_users_style_neither_matters_nor_changes():
    from matplotlib import style

    def png():
        return plot.curves(history(loss=[2.0, 1.0, 0.5]))._repr_png_()

    plain = png()
    with style.context("dark_background"):
        before = dict(matplotlib.rcParams)
        figure = plot.curves(history(loss=[2.0, 1.0, 0.5]))
        assert dict(matplotlib.rcParams) == before
        assert figure._repr_png_() == plain


def test_nothing_global_is_touched():
    program = """
        import sys
        import numpy as np
        import nn

        assert "matplotlib" not in sys.modules
        nn.plot.curves(nn.History([1], {"loss": [1.0]}))
        nn.plot.confusion_matrix([0, 1], [1, 1])
        nn.plot.misclassified(np.zeros((2, 8, 8)), [0, 1], [1, 1])
        nn.plot.filters(np.ones((1, 1, 3, 3)))
        nn.plot.feature_maps(nn.Conv2d(1, 1, 3, rng=0), np.ones((8, 8)))
        assert "matplotlib.pyplot" not in sys.modules
    """
    subprocess.run([sys.executable, "-c", textwrap.dedent(program)], check=True)


def test_without_matplotlib_the_error_names_the_package(monkeypatch):
    real_import = builtins.__import__

    def without_matplotlib(name, *args, **options):
        if name.startswith("matplotlib"):
            raise ImportError(name)
        return real_import(name, *args, **options)

    monkeypatch.setattr(builtins, "__import__", without_matplotlib)
    with pytest.raises(ImportError, match=r'curves .* pip install "minigrad-autograd\[plot\]"'):
        plot.curves(history(loss=[1.0, 2.0, 3.0]))
