"""Learning curves."""

from io import BytesIO

import numpy as np
import pytest

import nn
from nn import plot
from tests.helpers.figures import history, overlaps, texts

pytest.importorskip("matplotlib")


class TestCurves:
    def test_shows_training_and_validation_in_one_panel_each(self):
        figure = plot.curves(
            history(
                loss=[2.0, 1.0, 0.5], val_loss=[1.9, 1.1, 0.7], accuracy=[0.2, 0.5, 0.9], val_accuracy=[0.3, 0.6, 0.8]
            )
        )
        loss, accuracy = figure.axes
        assert [line.get_ydata().tolist() for line in loss.get_lines()[:4:2]] == [[2.0, 1.0, 0.5], [1.9, 1.1, 0.7]]
        assert loss.get_lines()[0].get_linestyle() != loss.get_lines()[2].get_linestyle()
        assert [text.get_text() for text in loss.texts] == [
            "training 0.500",
            "validation 0.700",
            "○ best validation 0.700, epoch 3",
        ]
        assert [text.get_text() for text in accuracy.texts][:2] == ["training 90.0 %", "validation 80.0 %"]
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
        made = nn.fit(model, data, optimizer=adam, epochs=2, validation_data=data, rng=0, verbose=False)
        assert len(plot.curves(made).axes) == 2

    def test_errors(self):
        with pytest.raises(TypeError, match=r"expected the History that nn\.fit returns, got dict"):
            plot.curves({"loss": [1.0]})
        with pytest.raises(ValueError, match="history is empty"):
            plot.curves(nn.History())
        with pytest.raises(ValueError, match=r"history\['loss'\] has 1 numbers for 3 epochs"):
            plot.curves(history(loss=[1.0]))
        with pytest.raises(ValueError, match="expected the loss or a metric that is a single number"):
            plot.curves(history(lr=[1.0, 2.0, 3.0], recall=[np.ones(2)] * 3))


class TestLearningRate:
    def test_has_a_panel_that_is_logarithmic_over_a_decade(self):
        figure = plot.curves(history(loss=[3.0, 2.0, 1.0], lr=[0.1, 0.05, 0.01]))
        _, rate = figure.axes
        assert rate.get_title(loc="left") == "learning rate"
        assert rate.get_lines()[0].get_ydata().tolist() == [0.1, 0.05, 0.01]
        assert rate.get_yscale() == "log"
        assert texts(figure) == ["training 1.00", "learning rate 0.0100"]
        assert overlaps(figure) == []
        # The label stands at the height of the last value, on the logarithmic axis, too.
        height = rate.transData.transform((3, 0.01))[1]
        box = rate.texts[0].get_window_extent()
        assert (box.y0 + box.y1) / 2 == pytest.approx(height, abs=3)

    @pytest.mark.parametrize("rates", [[0.1, 0.05, 0.02], [0.1, 0.01, 0.0], [0.1, 0.1, 0.1]])
    def test_is_linear_within_a_decade_and_where_it_is_0(self, rates):
        assert plot.curves(history(loss=[3.0, 2.0, 1.0], lr=rates)).axes[1].get_yscale() == "linear"

    def test_of_a_training_with_a_schedule(self):
        x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=np.float32)
        schedule = nn.optim.ExponentialLR(0.1)
        made = nn.fit(nn.Linear(2, 2, rng=0), x, [0, 1, 1, 0], epochs=3, schedule=schedule, rng=0, verbose=False)
        line = plot.curves(made).axes[-1].get_lines()[0]
        np.testing.assert_allclose(line.get_ydata(), [1e-3, 1e-4, 1e-5])


class TestBestEpoch:
    def ring(self, axes):
        (line,) = [line for line in axes.get_lines() if line.get_markersize() == 12]
        return line.get_xdata()[0], line.get_ydata()[0], axes.texts[-1].get_text()

    def test_is_the_least_loss_and_the_greatest_accuracy(self):
        nan = float("nan")
        figure = plot.curves(
            history(
                4,
                loss=[3, 2, 1, 0.5],
                val_loss=[2.0, 0.7, 0.7, nan],
                accuracy=[0] * 4,
                val_accuracy=[0.1, 0.5, 0.7, 0.6],
            )
        )
        assert self.ring(figure.axes[0]) == (2, 0.7, "○ best validation 0.700, epoch 2")
        assert self.ring(figure.axes[1]) == (3, 0.7, "○ best validation 70.0 %, epoch 3")

    def test_there_is_none_without_validation_or_without_knowing_what_is_better(self):
        lists = {"loss": [3, 2, 1], "kappa": [1, 2, 3], "val_kappa": [1, 2, 3]}
        for axes in plot.curves(history(**lists)).axes:
            assert not [text for text in axes.texts if "best" in text.get_text()]

    def test_metrics_have_panels_in_rows_of_three(self):
        numbers = {name: [0.1, 0.2, 0.3] for name in ("f1", "loss", "recall", "precision")}
        figure = plot.curves(history(**numbers, per_class=[np.ones(3)] * 3))
        assert [axes.get_title(loc="left") for axes in figure.axes] == ["loss", "f1", "recall", "precision"]
