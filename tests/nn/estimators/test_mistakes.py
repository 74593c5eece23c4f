"""Data and labels that an estimator does not take, and settings under other libraries' names."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import nn

pytest.importorskip("sklearn")

X = np.random.default_rng(0).normal(size=(20, 4))
Y = np.array(["a", "b"])[np.arange(20) % 2]


def changed(value: float) -> Any:
    x = X.copy()
    x[3, 2] = value
    return x


@pytest.mark.parametrize(
    ("x", "y", "said"),
    [
        (changed(np.nan), Y, "Input X contains NaN"),
        (changed(np.inf), Y, "Input X contains infinity"),
        (X.reshape(20, 2, 2), Y, r"expected a table \(N, features\) or images \(N, C, H, W\); .* X\[:, None\]"),
        (X.reshape(20, 1, 2, 2, 1), Y, r"X has shape \(20, 1, 2, 2, 1\), expected a table .*\)$"),
        (X[:, 0], Y, "Expected 2D array, got 1D array"),
        (X, Y[:-1], "inconsistent numbers of samples"),
        (X, np.eye(2)[np.arange(20) % 2], r"y has shape \(20, 2\), expected one label .* y.argmax\(axis=1\)"),
        (X, X[:, 0], "Unknown label type: continuous"),
        (X, np.full(20, "a"), "y has only one class, .*'a'.*; expected labels of at least two"),
    ],
)
def test_data_that_a_classifier_does_not_take(x: Any, y: Any, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        nn.Classifier().fit(x, y)
    if y is Y and x.ndim != 1 and "table" not in said:
        with pytest.raises(ValueError, match=said):
            nn.Classifier(epochs=1).fit(X, Y).predict(x)
    if y is Y:
        with pytest.raises(ValueError, match=said):
            nn.Regressor().fit(x, np.arange(20))


def test_arrays_that_are_more_than_their_numbers() -> None:
    with pytest.raises(TypeError, match="Classifier: X: got a masked array"):
        nn.Classifier().fit(np.ma.array(X, mask=X > 1), Y)
    with pytest.raises(TypeError, match="Regressor: y: got a masked array"):
        nn.Regressor().fit(X, np.ma.array(X, mask=X > 1))
    with pytest.raises(TypeError, match="Regressor: X: got a masked array"):
        nn.Regressor(epochs=1).fit(X, X).predict(np.ma.array(X, mask=X > 1))


def test_frames_and_series_are_read_by_scikit_learn() -> None:
    pandas = pytest.importorskip("pandas")
    expected = nn.Classifier(epochs=1, random_state=0).fit(X, Y).predict_proba(X)
    frame = pandas.DataFrame(X).convert_dtypes()  # pandas's own types
    for labels in (pandas.Series(Y), pandas.Series(Y, dtype="category"), pandas.Series(Y, dtype="string")):
        assert np.array_equal(nn.Classifier(epochs=1, random_state=0).fit(frame, labels).predict_proba(frame), expected)
    frame.iloc[3, 2] = pandas.NA
    with pytest.raises(ValueError, match="Input X contains NaN"):
        nn.Classifier().fit(frame, Y)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_numbers_to_predict_are_finite(value: float) -> None:
    with pytest.raises(ValueError, match="Input y contains"):
        nn.Regressor().fit(X, changed(value)[:, 2])


def test_outputs_that_are_not_finite_have_no_class() -> None:
    def in_float32(n_in: int, n_out: int, rng: Any) -> nn.Module:
        return nn.Linear(n_in, n_out, rng=rng)

    classifier = nn.Classifier(in_float32, epochs=1, random_state=0).fit(X, Y)
    with (
        np.errstate(all="ignore"),
        pytest.raises(FloatingPointError, match=r"the outputs of sample 3 are .*they run up to 1e\+300"),
    ):
        classifier.predict(changed(1e300))


def test_labels_of_partial_fit() -> None:
    classifier = nn.Classifier(epochs=1, random_state=0)
    with pytest.raises(ValueError, match="first call of partial_fit needs classes="):
        classifier.partial_fit(X, Y)
    with pytest.raises(ValueError, match=r"y has the label 'b', which is not one of \['a', 'c'\]; name all labels"):
        classifier.partial_fit(X, Y, classes=["a", "c"])
    with pytest.raises(ValueError, match=r"y has only one class, .*'a'"):
        classifier.partial_fit(X, Y, classes=["a"])
    assert not hasattr(classifier, "model_")
    classifier.partial_fit(X, Y, classes=["a", "b", "c"])
    with pytest.raises(ValueError, match=r"y has the label 'd', which is not one of \['a', 'b', 'c'\]"):
        classifier.partial_fit(X, np.where(Y == "a", "d", Y))
    with pytest.raises(ValueError, match="y has the label 0, which is not one of"):
        classifier.partial_fit(X, np.arange(20) % 2)
    with pytest.raises(ValueError, match=r"classes are \['a', 'b'\] .* were \['a', 'b', 'c'\]; .* leave classes out"):
        classifier.partial_fit(X, Y, classes=["b", "a"])
    with pytest.raises(ValueError, match=r"X has 3 features, but Classifier is expecting 4"):
        classifier.partial_fit(X[:, :3], Y)
    assert classifier.n_iter_ == 1
    assert classifier.partial_fit(X, Y, classes=["c", "b", "a"]).n_iter_ == 2


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"validation_split": 0.1}, r"validation_split is about several epochs: call fit, or set_params\(.*=0\)"),
        ({"schedule": lambda t: 1.0}, r"schedule is about several epochs: call fit, or set_params\(schedule=None\)"),
        ({"class_weight": "balanced"}, "is computed from all labels"),
    ],
)
def test_settings_that_partial_fit_cannot_follow(settings: Any, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        nn.Classifier(**settings).partial_fit(X, Y, classes=["a", "b"])


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (
            {"lr": 0.1},
            r"'lr'; the optimizer has it: optimizer=functools.partial\(nn.optim.Adam, lr=0.01\); it is called",
        ),
        ({"rng": 0}, "'rng'; write random_state="),
        ({"max_iter": 10}, "'max_iter'; write epochs="),
        ({"hidden_layer_sizes": (5,)}, r"write model=lambda n_in, n_out, rng: nn.MLP\(n_in, \(100, 50\), n_out"),
        (
            {"early_stopping": True},
            r"write validation_split=0.1, callbacks=\[nn.callbacks.EarlyStopping\(patience=10\)\]",
        ),
        ({"epoch": 1}, "write epochs="),
        (
            {"frobnicate": 1},
            r"got an unexpected keyword argument 'frobnicate'; it is called \w+\(model=None, \*, loss=",
        ),
    ],
)
def test_settings_under_other_names(settings: Any, said: str) -> None:
    for cls in (nn.Classifier, nn.Regressor):
        with pytest.raises(TypeError, match=said) as error:
            cls(**settings)
        assert str(error.value).startswith(f"{cls.__name__}() ")


def test_other_settings_are_refused_as_by_nn_fit() -> None:
    for settings, said in [
        ({"epochs": -1}, "epochs is -1, expected at least 0"),
        ({"loss": "frobnicate"}, "Classifier: expected the name of a loss"),
        ({"class_weight": {"a": -1.0}}, "expected a number of at least 0 for each class"),
        ({"class_weight": {"a": 1.0}, "loss": nn.MultiMarginLoss()}, "class_weight needs a loss of classes"),
        ({"random_state": "seven"}, "cannot be used to seed"),
    ]:
        with pytest.raises((TypeError, ValueError), match=said):
            nn.Classifier(**settings).fit(X, Y)
