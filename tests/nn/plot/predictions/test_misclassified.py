"""The misclassified images."""

import numpy as np
import pytest

import minigrad as mg
from nn import plot
from tests.helpers.figures import on_images, overlaps, texts

pytest.importorskip("matplotlib")


class TestMisclassified:
    images = np.arange(4 * 5 * 5.0).reshape(4, 5, 5)

    def test_most_confident_first(self):
        p = np.array([[0.6, 0.4], [0.1, 0.9], [0.97, 0.03], [0.2, 0.8]])
        figure = plot.misclassified(self.images, [1, 1, 1, 0], p.argmax(axis=1), mg.Tensor(p))
        (axes,) = figure.axes
        assert texts(figure) == [
            "3 of 4 misclassified (75.0 %)",
            "most confident first; bars: probabilities, that of the true class hatched",
            *("true 1 → predicted 0", "0", "97 %", "1", "3 %"),
            *("true 0 → predicted 1", "1", "80 %", "0", "20 %"),
            *("true 1 → predicted 0", "0", "60 %", "1", "40 %"),
        ]
        assert [image.get_array()[0, 0] for image in axes.images] == [50.0, 75.0, 0.0]

    def test_bars_are_as_long_as_the_probabilities_and_the_true_class_is_hatched(self):
        p = np.array([[0.5, 0.3, 0.149, 0.05, 0.001], [0.1, 0.2, 0.25, 0.3, 0.15]])
        figure = plot.misclassified(self.images[:2], [4, 1], [0, 3], p, labels=list("abcde"))
        assert [text for text in texts(figure)[2:] if len(text) < 6] == [
            *("a", "50 %", "b", "30 %", "e", "<1 %"),  # the true class is there, though it is the least probable
            *("d", "30 %", "c", "25 %", "b", "20 %"),
        ]
        bars = [patch for patch in figure.axes[0].patches if patch.get_linewidth() == 1]
        lengths = np.array([bar.get_width() for bar in bars])
        np.testing.assert_allclose(lengths / lengths[0], np.array([0.5, 0.3, 0.001, 0.3, 0.25, 0.2]) / 0.5)
        assert [bool(bar.get_hatch()) for bar in bars] == [False, False, True, False, False, True]
        bold = [text.get_text() for text in figure.axes[0].texts[2:] if text.get_weight() == "bold"]
        assert bold == ["e", "b"]

    def test_the_limit_is_in_the_subtitle(self):
        figure = plot.misclassified(self.images, [1, 1, 1, 0], [0, 0, 0, 0], limit=2)
        assert len(figure.axes[0].images) == 2
        assert "2 shown" in texts(figure)

    def test_long_names_take_two_lines(self):
        labels = ["ankle boot with laces", "T-shirt or top, long sleeves"]
        figure = plot.misclassified(self.images, [1, 1, 1, 0], [0, 0, 0, 0], labels=labels)
        assert "true T-shirt or top, long sleeves\n→ predicted ankle boot with laces" in texts(figure)
        assert overlaps(figure) == []

    def test_short_names_take_one_line(self):
        """Up to 2.2 inches, which this one has almost: more would set the images too far apart."""
        figure = plot.misclassified(self.images[:1], [1], [0], labels=["o" * 10, "o"])
        assert texts(figure)[-1] == "true o → predicted oooooooooo"

    def test_the_longest_name_decides(self):
        labels = ["o" * 13, "o", "oo"]
        figure = plot.misclassified(self.images[:2], [1, 1], [0, 2], labels=labels)
        assert texts(figure)[-2:] == [f"true o\n→ predicted {labels[0]}", "true o\n→ predicted oo"]

    @pytest.mark.parametrize(
        ("shape", "wrong"),
        [
            *(((60, 8, 8), wrong) for wrong in (1, 2, 7, 25, 60)),
            *((shape, wrong) for shape in [(60, 1, 28, 28), (60, 3, 32, 32), (60, 1, 8, 40)] for wrong in (1, 7)),
        ],
    )
    def test_nothing_overlaps(self, shape, wrong):
        true = np.arange(60) < wrong
        p = np.tile([0.75, 0.25], (60, 1))
        figure = plot.misclassified(
            np.random.default_rng(0).normal(size=shape), true.astype(int), np.zeros(60, int), p, 49
        )
        assert len(figure.axes[0].images) == min(wrong, 49)
        assert overlaps(figure) == on_images(figure) == []

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
        with pytest.raises(ValueError, match="some pixels are infinite or NaN"):
            plot.misclassified(np.full((4, 5, 5), np.nan), *classes)
        with pytest.raises(ValueError, match="3 images but 4 classes"):
            plot.misclassified(self.images[:3], *classes)
        with pytest.raises(ValueError, match=r"softmax\(outputs\)"):
            plot.misclassified(self.images, *classes, np.full((4, 2), 3.0))
        with pytest.raises(ValueError, match=r"probabilities have shape \(4,\)"):
            plot.misclassified(self.images, *classes, np.full(4, 0.5))
        with pytest.raises(ValueError, match=r"^misclassified: limit is 0, expected at least 1"):
            plot.misclassified(self.images, *classes, limit=0)
        with pytest.raises(TypeError, match=r"^misclassified: limit is .*2\.5.*, expected a whole number"):
            plot.misclassified(self.images, *classes, limit=2.5)
