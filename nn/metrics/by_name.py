"""Metrics from what `fit` and `evaluate` are given: names, functions and metrics."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, TypeAlias

import minigrad as mg
from nn.metrics.accuracy import Accuracy, DefaultAccuracy, TopKAccuracy
from nn.metrics.confusion_matrix import ConfusionMatrix
from nn.metrics.mean import Mean
from nn.metrics.metric import Metric
from nn.metrics.precision_recall import F1, Precision, Recall
from nn.metrics.regression import MeanAbsoluteError, MeanSquaredError
from nn.typing import Array

__all__ = ["GivenMetrics", "as_metrics"]

#: One metric: a name, a metric, or a function of outputs and targets.
GivenMetric: TypeAlias = "str | Metric | Callable[[Array, Array], Any]"
#: Several, by names of one's own or without; ``None`` is the accuracy, where targets are classes.
GivenMetrics: TypeAlias = "GivenMetric | Iterable[GivenMetric] | Mapping[str, GivenMetric] | None"

_TOP_K = partial(TopKAccuracy, 5)  # Keras's default

_NAMES: dict[str, Callable[[], Metric]] = {
    "accuracy": Accuracy,
    "acc": Accuracy,
    "binary_accuracy": Accuracy,
    "categorical_accuracy": Accuracy,
    "sparse_categorical_accuracy": Accuracy,
    "top_k_categorical_accuracy": _TOP_K,
    "sparse_top_k_categorical_accuracy": _TOP_K,
    "top_5_accuracy": _TOP_K,
    "precision": Precision,
    "recall": Recall,
    "f1": F1,
    "f1_score": F1,
    "confusion_matrix": ConfusionMatrix,
    "mse": MeanSquaredError,
    "mean_squared_error": MeanSquaredError,
    "mae": MeanAbsoluteError,
    "mean_absolute_error": MeanAbsoluteError,
}

_OTHERS = {  # what history and progress have besides metrics
    "loss": "the loss, which is always measured",
    "lr": "the learning rate",
    "epoch": "the number of the epoch",
}


def as_metrics(given: GivenMetrics, loss: Any = None) -> dict[str, Metric]:
    """New metrics by their names in the history, with what the loss says about targets.

    Arguments:
        given: names such as ``"accuracy"``, metrics, functions of outputs and targets, in a list or alone; or a
            dictionary with names of your own. ``None`` is the accuracy, where targets are classes.
        loss: the loss function.

    Raises:
        TypeError: if one is something else, such as a class that has to be constructed.
        ValueError: if a name is not known, or two are the same.

    >>> list(as_metrics(["accuracy", "top_3_accuracy", lambda y, t: abs(y - t)]))
    ['accuracy', 'top_3_accuracy', 'lambda']
    """
    named: dict[str, Metric] = {"accuracy": DefaultAccuracy()} if given is None else _named(given)
    for metric in named.values():
        metric.for_loss(loss)
    return named


def _named(given: Any) -> dict[str, Metric]:
    if isinstance(given, Mapping):
        pairs = [(name, _metric(one)) for name, one in given.items()]
    else:
        one_alone = isinstance(given, str | Metric) or callable(given)
        if not (one_alone or isinstance(given, Iterable)):
            raise TypeError(f'metrics: expected a list such as ["accuracy"], got {given!r:.80}')
        several = [given] if one_alone else list(given)
        metrics = [_metric(one) for one in several]
        pairs = [
            (one if isinstance(one, str) else metric.name, metric) for one, metric in zip(several, metrics, strict=True)
        ]
    named: dict[str, Metric] = {}
    for name, metric in pairs:
        if not isinstance(name, str) or not name:
            raise TypeError(f"metrics: the name {name!r} is not a text")
        if name in _OTHERS or name.startswith("val_"):
            what = _OTHERS.get(name, "that of the validation data")
            raise ValueError(f"metrics: {name!r} is {what}; give the metric another name: metrics={{name: metric}}")
        if name in named:
            raise ValueError(
                f"metrics: two are named {name!r}; give them names of your own: "
                f'metrics={{"{name}": …, "other_{name}": …}}'
            )
        named[name] = metric
    return named


def _metric(one: Any) -> Metric:
    """A metric of its own: a copy, without samples."""
    if isinstance(one, str):
        return _by_name(one)
    if isinstance(one, Metric):
        metric = copy.deepcopy(one)
        metric.reset()
        return metric
    if isinstance(one, type):
        raise TypeError(f"metrics: got the class {one.__name__}, which has to be constructed: {one.__name__}()")
    if callable(one):
        return Mean(one)
    raise TypeError(
        f'metrics: got {one!r:.80}, expected a name such as "accuracy", a metric such as nn.metrics.F1(), or a '
        "function of outputs and targets"
    )


def _by_name(name: str) -> Metric:
    if name in _NAMES:
        return _NAMES[name]()
    if found := re.fullmatch(r"top_([1-9]\d*)_accuracy", name):
        return TopKAccuracy(int(found[1]))
    close = mg.unsupported.closest(name, _NAMES)
    hint = f"did you mean {close!r}?" if close else f"the names are {', '.join(map(repr, _NAMES))}"
    raise ValueError(f"metrics: there is no metric {name!r}; {hint}")
