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
        made = nn.fit(model, data, optimizer=adam, epochs=2, validation_data=data, rng=0, verbose=False)
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
