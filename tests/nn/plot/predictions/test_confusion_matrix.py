"""The confusion matrix."""

import numpy as np
import pytest

import minigrad as mg
from nn import plot
from tests.helpers.figures import overlaps, texts

pytest.importorskip("matplotlib")


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

    def test_grid_lines_run_around_the_cells(self):
        cells = plot.confusion_matrix([0, 1, 2], [0, 2, 2]).axes[1]
        for axis in (cells.xaxis, cells.yaxis):
            assert axis.get_minorticklocs().tolist() == [-0.5, 0.5, 1.5, 2.5]

    @pytest.mark.parametrize(
        ("n", "name"),
        [*((n, "{}") for n in (2, 10, 30, 100)), *((n, "a rather long class {}") for n in (2, 10, 100))],
    )
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


class TestInTheAxesOfAUser:
    @staticmethod
    def drawn(true, predicted, size=5, labels=None, **options):
        from matplotlib.figure import Figure

        figure = Figure(figsize=(size, size), **options)
        plot.confusion_matrix(true, predicted, labels, ax=figure.add_subplot())
        return figure

    def test_it_has_what_a_figure_of_its_own_has(self):
        (cells,) = self.drawn([0, 0, 1, 1], [0, 1, 1, 1], labels=["cat", "dog"]).axes
        assert [text.get_text() for text in cells.texts] == ["1", "1", "2", "accuracy 75 %, 1 error in 4"]
        assert cells.get_title(loc="left") == "Confusion matrix"
        assert (cells.get_xlabel(), cells.get_ylabel()) == ("predicted", "true")
        assert [text.get_text() for text in cells.get_yticklabels()] == ["cat", "dog"]

    @pytest.mark.parametrize("options", [{}, {"layout": "constrained"}])
    def test_the_size_of_the_cells_decides_about_numbers(self, options):
        true, predicted = np.divmod(np.arange(200_000) % 100, 10)
        large, small = self.drawn(true, predicted, **options), self.drawn(true, predicted, size=3, **options)
        assert len(large.axes) == 1
        assert len(large.axes[0].texts) == 101
        assert len(small.axes) == 2  # the second is the colour bar
        assert len(small.axes[0].texts) == 1

    def test_class_numbers_that_would_touch_are_left_out(self):
        cells = self.drawn(np.arange(100), np.arange(100)).axes[0]
        assert [text.get_text() for text in cells.get_xticklabels()] == [str(i) for i in range(0, 100, 10)]
