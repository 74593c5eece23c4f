"""Loss and metrics over the targets of an epoch so far, and how they are shown."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from nn.distributed.communicator import Communicator, Serial
from nn.distributed.exchange import gathered, summed
from nn.losses.target_weight import is_sum, setting_of, target_weight
from nn.metrics.accuracy import DefaultAccuracy
from nn.metrics.by_name import as_metrics
from nn.metrics.classes import IGNORED, are_class_numbers
from nn.metrics.metric import Metric, arrays_of
from nn.typing import Array

__all__ = ["RunningMetrics", "metric_text"]


class RunningMetrics:
    """The mean loss over the targets so far, and the metrics.

    The mean is over samples, or over pixels where classes are on axis 1 of images; over those that count.

    Arguments:
        loss: the loss function. Class numbers that are its ``ignore_index`` do not count, others by its ``weight``.
        metrics: what `as_metrics` takes: names, functions, metrics, of which copies are used. ``None`` is the accuracy,
            where targets are classes.
        comm: what connects several processes, each of which adds its part of every batch. The numbers are those of the
            whole batches, the same on all of them.

    Attributes:
        count: the number of targets that count; of targets that are not class numbers, that of samples.
        loss: the sum of their losses.
        metrics: the metrics, by name.
    """

    def __init__(self, loss: Any = None, metrics: Any = None, comm: Communicator | None = None) -> None:
        self._loss, self._says = loss, setting_of(loss, "ignore_index") is not None
        self._comm = Serial() if comm is None else comm
        self.metrics = as_metrics(metrics, loss)
        self.count: float = 0
        self.loss = 0.0

    def reset(self) -> None:
        """Forget all samples."""
        self.count, self.loss = 0, 0.0
        for metric in self.metrics.values():
            metric.reset()

    def add(self, loss: float, output: Array | None, target: Array | None) -> None:
        """Take a batch into account, with its mean loss; of an empty part, the output is ``None``."""
        n: float = 0
        if output is not None:
            output, target = arrays_of(output, target)
            n = self._weight(output, target)
        metrics = self._looking()
        if self._comm.size > 1:
            loss, n, metrics = self._of_all_ranks(loss, n, metrics, output, target)
            if metrics:
                output, target = gathered(self._comm, [output, None if output is None else target])
        self.count += n
        self.loss += loss * n
        if output is not None:
            for metric in metrics:
                metric.update(output, target)

    def _weight(self, output: Array, target: Array) -> float:
        """How much the mean loss of a batch counts."""
        if not are_class_numbers(output, target):
            return len(target)
        # A function of one's own around mg.cross_entropy does not say what it ignores.
        return target_weight(self._loss, target) if self._says else int(np.count_nonzero(target != IGNORED))

    def _of_all_ranks(
        self, loss: float, n: float, metrics: list[Metric], output: Array | None, target: Array | None
    ) -> tuple[float, float, list[Metric]]:
        """The loss of the whole batch, how much it counts, and the metrics that have not taken it in.

        Those that count take in the part of this rank, and get the counts of the others. If that is an error on any
        rank, none of them has taken in anything: of the whole batch it is the same error on all ranks.

        Raises:
            ZeroDivisionError: if it is a mean over targets, of which none counts on any rank.
        """
        counting = [metric for metric in metrics if _counts_alone(metric)]
        places = [(metric, name) for metric in counting for name in metric._counts]
        before = [getattr(metric, name) for metric, name in places]
        failed = False
        if output is not None:
            try:
                for metric in counting:
                    metric.update(output, target)
            except Exception:
                failed = True
        own = [getattr(metric, name) - count for (metric, name), count in zip(places, before, strict=True)]
        total = loss if is_sum(self._loss) else loss * n
        total, n, any_failed, *added = summed(self._comm, total, n, failed, *own)
        for (metric, name), count, more in zip(places, before, added, strict=True):
            setattr(metric, name, count if any_failed else count + int(more))
        left = metrics if any_failed else [metric for metric in metrics if not _counts_alone(metric)]
        if is_sum(self._loss):
            return total, n, left
        if not n and self._says:  # as the loss of a single process says
            raise ZeroDivisionError("every target of this batch is ignored or has the weight 0; leave this batch out")
        return (total / n if n else 0.0), n, left

    def _looking(self) -> list[Metric]:
        """The metrics that look at outputs."""
        return [m for m in self.metrics.values() if not isinstance(m, DefaultAccuracy) or m.applies is not False]

    def means(self) -> dict[str, Any]:
        """The mean loss, and the value of each metric; NaN as long as all targets are ignored."""
        means: dict[str, Any] = {"loss": self.loss / self.count if self.count else math.nan}
        for name, metric in self.metrics.items():
            if not (isinstance(metric, DefaultAccuracy) and not metric.applies):
                means[name] = metric.compute()
        return means

    def state_dict(self) -> dict[str, Any]:
        """The sums so far."""
        metrics = {name: metric.state_dict() for name, metric in self.metrics.items()}
        return {"count": self.count, "loss": self.loss, "metrics": metrics}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Take what `state_dict` returned.

        Raises:
            ValueError: if it is that of other metrics.
        """
        given = state_dict["metrics"]
        if set(given) != set(self.metrics):
            raise ValueError(
                f"metrics: the state has {', '.join(given) or 'none'}, and here they are "
                f"{', '.join(self.metrics) or 'none'}; go on with the same metrics"
            )
        self.count, self.loss = state_dict["count"], state_dict["loss"]
        for name, metric in self.metrics.items():
            metric.load_state_dict(given[name])


def _counts_alone(metric: Metric) -> bool:
    """Whether a rank can take in its part alone. The first batch decides whether the default accuracy applies."""
    decided = not isinstance(metric, DefaultAccuracy) or metric.applies
    return bool(decided) and bool(vars(type(metric)).get("_counts"))


def metric_text(name: str, value: Any) -> str:
    """A number as it is shown; learning rates may be tiny. Of an array its size."""
    if np.ndim(value):
        return "×".join(map(str, np.shape(value)))
    return f"{value:.4g}" if name == "lr" else f"{value:.4f}"
