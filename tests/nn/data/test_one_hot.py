"""one_hot: rows with a single 1."""

from __future__ import annotations

import numpy as np
import pytest

from nn.data import one_hot


def test_the_largest_of_each_row_is_the_label() -> None:
    labels = np.array([[3, 0, 1], [2, 2, 0]], dtype=np.uint8)
    rows = one_hot(labels)
    assert rows.shape == (2, 3, 4)
    assert rows.dtype == np.float32
    assert (rows.argmax(axis=-1) == labels).all()
    assert (rows.sum(axis=-1) == 1).all()
    assert set(rows.ravel()) == {0, 1}


def test_the_number_of_classes_and_the_dtype() -> None:
    assert one_hot([0, 1], 5).shape == (2, 5)
    assert one_hot([0, 1], dtype=bool).tolist() == [[True, False], [False, True]]
    assert one_hot([], 3).shape == (0, 3)
    assert one_hot([0, 0], 1).tolist() == [[1], [1]]
    assert one_hot(2).tolist() == [0, 0, 1]


@pytest.mark.parametrize(
    ("labels", "n_classes", "error", "message"),
    [
        ([0, 3], 3, ValueError, "label 1 is 3, expected 0 to 2"),
        ([0, -1], None, ValueError, "label 1 is -1, expected 0 to 0"),
        ([[0, 1], [2, 0]], 2, ValueError, r"label \(1, 0\) is 2, expected 0 to 1"),
        (7, 3, ValueError, "the label 7, expected 0 to 2"),
        ([], None, ValueError, "pass n_classes="),
        ([0.0, 1.0], None, TypeError, r"float64, expected class numbers; write labels.astype\(int\) if they are whole"),
        ([True, False], None, TypeError, r"bool, .*astype\(int\) if False is class 0"),
        (["cat", "dog"], None, TypeError, "return_inverse=True"),
        ([0], 2.0, TypeError, "n_classes is 2.0, expected a whole number"),
    ],
)
def test_errors(labels: object, n_classes: int | None, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        one_hot(labels, n_classes)  # type: ignore[arg-type]
