"""Labels, probabilities and weights of classes; with a linear model, it is logistic regression."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn

pytest.importorskip("sklearn")
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

RNG = np.random.default_rng(1)
X = RNG.normal(size=(80, 3))
CLASSES = np.argmax(X + RNG.normal(size=X.shape), axis=1)
LINEAR: dict[str, Any] = {"model": nn.Linear, "epochs": 20, "random_state": 0}


@pytest.mark.filterwarnings("ignore::DeprecationWarning:sklearn")  # scikit-learn 1.6 with a later SciPy
def test_a_linear_model_is_logistic_regression() -> None:
    def linear(n_in: int, n_out: int, rng: Any) -> nn.Module:
        return nn.Linear(n_in, n_out, dtype=np.float64, rng=rng)

    adam = partial(nn.optim.Adam, lr=0.1)
    ours = nn.Classifier(linear, optimizer=adam, epochs=400, batch_size=80, random_state=0).fit(X, CLASSES)
    theirs = LogisticRegression(C=1e9, tol=1e-10, max_iter=1000).fit(X, CLASSES)
    np.testing.assert_allclose(ours.predict_proba(X), theirs.predict_proba(X), atol=1e-3)


@pytest.mark.parametrize(
    "labels",
    [
        np.array(["ant", "bee", "cat"]),
        np.array(["ant", "bee", "cat"], dtype=object),
        np.array([7, -2, 300]),
        np.array([0.0, 2.0, 1.0]),
        np.array([3, 1, 2], dtype=np.uint8),
    ],
    ids=["texts", "objects", "integers", "floats", "uint8"],
)
def test_labels_of_any_kind(labels: Any) -> None:
    by_number = nn.Classifier(**LINEAR).fit(X, CLASSES)
    order = np.argsort(labels)
    classifier = nn.Classifier(**LINEAR).fit(X, labels[order][CLASSES])
    assert classifier.classes_.tolist() == sorted(labels.tolist())
    predicted = classifier.predict(X)
    assert predicted.dtype == labels.dtype
    assert np.array_equal(predicted, labels[order][by_number.predict(X)])
    assert np.array_equal(classifier.predict_proba(X), by_number.predict_proba(X))
    lists = nn.Classifier(**LINEAR).fit(X.tolist(), labels[order][CLASSES].tolist())
    assert np.array_equal(lists.predict_proba(X), by_number.predict_proba(X))


def test_true_and_false_are_two_classes() -> None:
    classifier = nn.Classifier(**LINEAR).fit(X, CLASSES == 1)
    assert classifier.classes_.tolist() == [False, True]
    assert classifier.predict(X).dtype == bool


def test_probabilities_and_scores_are_of_the_outputs() -> None:
    classifier = nn.Classifier(**LINEAR).fit(X, CLASSES)
    outputs = nn.predict(classifier.model_, X)
    exponentials = np.exp(outputs.astype(np.float64))
    np.testing.assert_allclose(
        classifier.predict_proba(X), exponentials / exponentials.sum(axis=1, keepdims=True), rtol=1e-5
    )
    assert np.array_equal(classifier.decision_function(X), outputs)
    two = nn.Classifier(**LINEAR).fit(X, CLASSES == 1)
    outputs = nn.predict(two.model_, X)
    assert np.array_equal(two.decision_function(X), outputs[:, 1] - outputs[:, 0])
    assert np.array_equal(two.decision_function(X) > 0, two.predict(X))
    assert roc_auc_score(CLASSES == 1, two.decision_function(X)) > 0.6
    np.testing.assert_allclose(two.predict_proba(X)[:, 1], mg.sigmoid(two.decision_function(X)), rtol=1e-5)


def test_log_probabilities_have_the_same_probabilities() -> None:
    def log_softmax(n_in: int, n_out: int, rng: Any) -> nn.Module:
        return nn.Sequential(nn.Linear(n_in, n_out, rng=rng), nn.LogSoftmax(dim=1))

    classifier = nn.Classifier(log_softmax, loss="nll", epochs=2, random_state=0).fit(X, CLASSES)
    expected = np.exp(nn.predict(classifier.model_, X))
    np.testing.assert_allclose(classifier.predict_proba(X), expected, rtol=1e-5)


@pytest.mark.parametrize("loss", [nn.MultiMarginLoss(), mg.multi_margin_loss])
def test_margins_are_no_probabilities(loss: Any) -> None:
    classifier = nn.Classifier(nn.Linear, loss=loss, epochs=50, random_state=0).fit(X, CLASSES)
    assert classifier.score(X, CLASSES) > 0.5
    assert classifier.decision_function(X).shape == (80, 3)
    assert not hasattr(classifier, "predict_proba")
    with pytest.raises(AttributeError, match="predict_proba"):
        classifier.predict_proba(X)


def test_weights_of_classes_are_those_of_nn_fit() -> None:
    labels = np.array(["ant", "bee", "cat"])[CLASSES]
    counts = np.bincount(CLASSES)
    for given, expected in [
        ({"cat": 2.0, "ant": 1.0, "bee": 5.0}, [1.0, 5.0, 2.0]),
        ("balanced", 80 / 3 / counts),
    ]:
        classifier = nn.Classifier(class_weight=given, **LINEAR).fit(X, labels)
        model = nn.Linear(3, 3, rng=np.random.default_rng(0))
        nn.fit(model, X, CLASSES, epochs=20, class_weight=np.asarray(expected), rng=0, verbose=False)
        assert np.array_equal(classifier.model_.weight.data, model.weight.data)
    parts, whole = (nn.Classifier(class_weight={"cat": 2.0, "ant": 1.0, "bee": 5.0}, **LINEAR) for _ in range(2))
    for _ in range(20):
        parts.partial_fit(X, labels, classes=["cat", "ant", "bee"])
    assert np.array_equal(parts.predict_proba(X), whole.fit(X, labels).predict_proba(X))


def test_parts_need_not_have_all_classes() -> None:
    order = np.argsort(CLASSES)
    classifier = nn.Classifier(**LINEAR)
    for rows in np.array_split(order, 4):
        classifier.partial_fit(X[rows], CLASSES[rows], classes=[0, 1, 2])
    assert classifier.classes_.tolist() == [0, 1, 2]
    assert classifier.predict_proba(X).shape == (80, 3)
    assert classifier.n_iter_ == 4
