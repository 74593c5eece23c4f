"""Metrics: what to measure besides the loss, as sums over samples.

`metric` is the base, and `classes` makes class numbers of what outputs and targets may be. `accuracy`,
`precision_recall` and `confusion_matrix` count them, `regression` measures differences, `mean` takes any function.
`by_name` makes metrics of names, and `running_metrics` holds loss and metrics of an epoch.
"""

from nn.metrics.accuracy import Accuracy as Accuracy
from nn.metrics.accuracy import TopKAccuracy as TopKAccuracy
from nn.metrics.confusion_matrix import ConfusionMatrix as ConfusionMatrix
from nn.metrics.mean import Mean as Mean
from nn.metrics.metric import Metric as Metric
from nn.metrics.precision_recall import F1 as F1
from nn.metrics.precision_recall import Precision as Precision
from nn.metrics.precision_recall import Recall as Recall
from nn.metrics.regression import MeanAbsoluteError as MeanAbsoluteError
from nn.metrics.regression import MeanSquaredError as MeanSquaredError

__all__ = [
    "F1",
    "Accuracy",
    "ConfusionMatrix",
    "Mean",
    "MeanAbsoluteError",
    "MeanSquaredError",
    "Metric",
    "Precision",
    "Recall",
    "TopKAccuracy",
]


def __dir__() -> list[str]:
    return __all__
