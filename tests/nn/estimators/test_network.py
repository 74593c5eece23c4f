"""What both estimators obey: they train as nn.fit does, to the bit, and copies of them as well."""

from __future__ import annotations

import pickle
import signal
from functools import partial
from typing import Any

import numpy as np
import pytest

import nn

pytest.importorskip("sklearn")
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

RNG = np.random.default_rng(0)
X = RNG.normal(size=(60, 4))
LABELS = np.array(["a", "b", "c"])
Y = LABELS[np.argmax(X[:, :3], axis=1)]
NUMBERS = X @ [1.0, 2.0, -1.0, 0.5]


def dropping(n_in: Any, n_out: int, rng: Any, hidden: int = 8) -> nn.Module:
    """In float32, with dropout, whose numbers are those of the epoch."""
    return nn.MLP(n_in, hidden, n_out, dropout=0.5, rng=rng)


SETTINGS: dict[str, Any] = {"model": dropping, "epochs": 3, "batch_size": 16, "random_state": 7}
KINDS = pytest.mark.parametrize(
    ("estimator", "y"),
    [(nn.Classifier(**SETTINGS), Y), (nn.Regressor(**SETTINGS), NUMBERS), (nn.Regressor(**SETTINGS), X[:, :2])],
    ids=["classifier", "regressor", "multi-output"],
)


def weights(estimator: Any) -> list[Any]:
    return [parameter.data for parameter in estimator.model_.parameters()]


def same(a: Any, b: Any) -> bool:
    return all(np.array_equal(v, w) for v, w in zip(weights(a), weights(b), strict=True))


@KINDS
def test_fit_is_that_of_nn_to_the_bit(estimator: Any, y: Any) -> None:
    """With the arguments that it passes on, each of which changes the training."""
    settings: dict[str, Any] = {"epochs": 4, "batch_size": 8, "validation_split": 0.2, "clip_norm": 0.5}
    settings |= {"schedule": nn.optim.CosineAnnealingLR(4), "compile": True}
    fitted = clone(estimator).set_params(**settings, optimizer="sgd").fit(X, y)
    is_classifier = y is Y
    t = np.searchsorted(LABELS, y) if is_classifier else y.reshape(60, -1).astype(np.float32)
    model = dropping(4, 3 if is_classifier else t.shape[1], rng=np.random.default_rng(7))
    loss = "cross_entropy" if is_classifier else "mse"
    history = nn.fit(model, X, t, loss=loss, optimizer="sgd", rng=7, verbose=False, **settings)
    assert all(np.array_equal(v, w.data) for v, w in zip(weights(fitted), model.parameters(), strict=True))
    assert fitted.history_.history == history.history
    assert fitted.n_iter_ == 4
    outputs = nn.predict(model, X)
    expected = LABELS[outputs.argmax(axis=1)] if is_classifier else outputs.reshape(y.shape)
    assert np.array_equal(fitted.predict(X), expected)


@KINDS
def test_epochs_one_by_one_are_a_single_fit(estimator: Any, y: Any) -> None:
    labels = {"classes": LABELS} if y is Y else {}
    whole, parts = clone(estimator).fit(X, y), clone(estimator)
    for _ in range(3):
        parts.partial_fit(X, y, **labels)
        parts = pickle.loads(pickle.dumps(parts))
    assert same(whole, parts)
    assert parts.history_ == whole.history_
    assert parts.n_iter_ == 3
    assert np.array_equal(parts.predict(X), whole.predict(X))
    whole.partial_fit(X, y)
    assert whole.n_iter_ == 4
    assert not same(whole, parts)
    assert same(whole, parts.partial_fit(X, y))
    whole.fit(X, y)  # anew
    assert whole.n_iter_ == 3


@KINDS
def test_the_seed_decides(estimator: Any, y: Any) -> None:
    first = clone(estimator).fit(X, y)
    assert same(first, clone(first).fit(X, y))
    assert same(first, pickle.loads(pickle.dumps(estimator)).fit(X, y))
    assert same(first, clone(estimator).set_params(random_state=np.int64(7)).fit(X, y))
    assert not same(first, clone(estimator).set_params(random_state=8).fit(X, y))
    state = np.random.RandomState(7)
    drawing = clone(estimator).set_params(random_state=state)
    assert same(drawing.fit(X, y), clone(estimator).set_params(random_state=np.random.RandomState(7)).fit(X, y))
    again = clone(estimator)
    again.random_state = drawing.random_state
    assert not same(drawing, again.fit(X, y))  # it has gone on
    free = clone(estimator).set_params(random_state=None)
    np.random.seed(3)  # noqa: NPY002, scikit-learn draws from this generator if it is given no random_state
    a = clone(free).fit(X, y)
    b = clone(free).fit(X, y)
    np.random.seed(3)  # noqa: NPY002
    assert same(a, clone(free).fit(X, y))
    assert not same(a, b)


@KINDS
def test_a_pickled_estimator_predicts_the_same(estimator: Any, y: Any) -> None:
    fitted = clone(estimator).fit(X, y)
    read = pickle.loads(pickle.dumps(fitted))
    assert np.array_equal(read.predict(X), fitted.predict(X))
    assert read.score(X, y) == fitted.score(X, y)
    assert repr(read.get_params()) == repr(fitted.get_params())


@KINDS
def test_in_a_pipeline_in_searches_and_in_processes(estimator: Any, y: Any) -> None:
    pipeline = make_pipeline(StandardScaler(), clone(estimator))
    name = type(estimator).__name__.lower()
    scores = cross_val_score(pipeline, X, y, cv=3)
    assert np.array_equal(scores, cross_val_score(pipeline, X, y, cv=3))
    assert scores.shape == (3,)
    widths = [partial(dropping, hidden=1), partial(dropping, hidden=32)]
    grid = {f"{name}__model": widths, f"{name}__optimizer": [partial(nn.optim.Adam, lr=0.05)], f"{name}__epochs": [15]}
    search = GridSearchCV(pipeline, grid, cv=2, error_score="raise").fit(X, y)
    assert search.best_params_[f"{name}__model"].keywords == {"hidden": 32}
    assert search.best_estimator_[-1].model_[0].weight.shape[0] == 32
    scores = search.cv_results_["mean_test_score"]
    if y is not NUMBERS:  # once is enough: processes take seconds to start
        return
    grid[f"{name}__model"] = [  # functions without a name: these are sent with what they name, nn
        lambda n_in, n_out, rng: nn.MLP(n_in, 1, n_out, dropout=0.5, rng=rng),
        lambda n_in, n_out, rng: nn.MLP(n_in, 32, n_out, dropout=0.5, rng=rng),
    ]
    parallel = GridSearchCV(pipeline, grid, cv=2, n_jobs=2, error_score="raise").fit(X, y)
    np.testing.assert_array_equal(parallel.cv_results_["mean_test_score"], scores)


@KINDS
@pytest.mark.filterwarnings("ignore:(overflow|invalid value) encountered:RuntimeWarning")
def test_a_fit_that_fails_leaves_the_model_before_it(estimator: Any, y: Any) -> None:
    fitted = clone(estimator).fit(X, y)
    before = fitted.predict(X)
    with pytest.raises(FloatingPointError, match="smaller learning rate"):
        fitted.set_params(optimizer=partial(nn.optim.SGD, lr=1e30)).fit(X, y)
    assert np.array_equal(fitted.predict(X), before)


@pytest.mark.usefixtures("ctrl_c_is_pythons")
def test_ctrl_c_ends_the_search_and_keeps_what_is_trained() -> None:
    def interrupt(run: Any) -> None:
        if run.epoch == 2:
            signal.raise_signal(signal.SIGINT)

    classifier = nn.Classifier(dropping, epochs=50, callbacks=[interrupt], random_state=0)
    with pytest.raises(KeyboardInterrupt, match="fitted as far as it is"):
        GridSearchCV(classifier, {"clip_norm": [1.0, 2.0]}, cv=2).fit(X, Y)
    with pytest.raises(KeyboardInterrupt):
        classifier.fit(X, Y)
    assert classifier.n_iter_ == 2
    assert set(classifier.predict(X)) <= set(LABELS)


def test_early_stopping_and_the_history() -> None:
    stop = nn.callbacks.EarlyStopping("loss", patience=1, min_delta=10.0)
    regressor = nn.Regressor(dropping, callbacks=[stop], metrics=["mae"], random_state=0).fit(X, NUMBERS)
    assert regressor.n_iter_ == 2
    assert list(regressor.history_.history) == ["loss", "mae"]


def test_progress_is_shown_if_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    nn.Classifier(dropping, epochs=1).fit(X, Y)
    assert capsys.readouterr().out == ""
    nn.Classifier(dropping, epochs=1, verbose=True).fit(X, Y)
    assert "epoch 1/1" in capsys.readouterr().out


def test_images_have_four_axes() -> None:
    images = RNG.normal(size=(24, 2, 6, 5))
    y = images.mean(axis=(1, 2, 3))
    shapes = []

    def convolving(n_in: Any, n_out: int, rng: Any) -> nn.Module:
        shapes.append(n_in)
        return nn.Sequential(nn.Conv2d(n_in[0], 3, 3, rng=rng), nn.GlobalAvgPool(), nn.Linear(3, n_out, rng=rng))

    for model in (convolving, None):
        classifier = nn.Classifier(model, epochs=2, random_state=0).fit(images, y > 0)
        assert classifier.predict_proba(images).shape == (24, 2)
        assert 0 <= classifier.score(images, y > 0) <= 1
        regressor = nn.Regressor(model, epochs=2, random_state=0).fit(images, y)
        assert regressor.predict(images[:3]).shape == (3,)
        assert regressor.n_features_in_ == 2
        assert regressor.input_shape_ == (2, 6, 5)
    assert shapes == [(2, 6, 5), (2, 6, 5)]
    with pytest.raises(ValueError, match=r"X has shape \(24, 2, 5, 5\), and the model was made for \(N, 2, 6, 5\)"):
        classifier.predict(images[:, :, :5])
    with pytest.raises(ValueError, match=r"X has shape \(4, 2\), and the model was made for \(N, 2, 6, 5\)"):
        classifier.predict(images[:4, :, 0, 0])


def test_names_of_features() -> None:
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(X, columns=["a", "b", "c", "d"])
    classifier = nn.Classifier(dropping, epochs=1, random_state=0).fit(frame, pandas.Series(Y))
    assert classifier.feature_names_in_.tolist() == ["a", "b", "c", "d"]
    assert np.array_equal(classifier.predict(frame), classifier.fit(X, Y).predict(X))
    with pytest.raises(ValueError, match="feature names should match"):
        classifier.fit(frame, Y).predict(frame[["b", "a", "c", "d"]])


def test_before_fit_there_is_nothing_to_ask() -> None:
    classifier = nn.Classifier()
    assert not hasattr(classifier, "n_iter_")
    for ask in (classifier.predict, classifier.predict_proba, classifier.decision_function):
        with pytest.raises(NotFittedError, match="Classifier instance is not fitted yet"):
            ask(X)
