"""From outputs and targets of a classifier to pairs of class numbers, whichever way they are written."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

import minigrad as mg
from nn.hyperparameters import real_number, whole_number
from nn.losses.classification import BCELoss, BCEWithLogitsLoss, CrossEntropyLoss, SoftMarginLoss
from nn.losses.loss import LossModule
from nn.losses.target_weight import setting_of
from nn.metrics.metric import Metric, arrays_of
from nn.typing import Array

__all__ = [
    "IGNORED",
    "ClassMetric",
    "Classes",
    "are_class_numbers",
    "are_one_hot",
    "class_of_row",
    "counted",
    "of_classes",
    "of_decisions",
]

IGNORED = -100  # the default ignore_index of mg.cross_entropy, for functions around it, which do not say theirs

_LOGITS = (mg.binary_cross_entropy_with_logits, mg.soft_margin_loss)
_BINARY = (mg.binary_cross_entropy, mg.binary_cross_entropy_with_logits)


class Classes(NamedTuple):
    """Predicted and true class numbers of the targets that count, arrays of one shape, and the number of classes."""

    predicted: Array
    true: Array
    n_classes: int
    binary: bool


class ClassMetric(Metric):
    """The base of metrics of class numbers: what outputs and targets may be is the same for all of them.

    Arguments:
        threshold: where binary outputs become a 1: above it. If it is not given, 0 for losses of logits, and 0.5 for
            others, which take probabilities.
        ignore_index: the class number of targets that do not count; that of the loss if it is not given.
    """

    def __init__(self, *, threshold: float | None = None, ignore_index: int | None = None) -> None:
        called = type(self).__name__
        self.threshold = None if threshold is None else real_number(f"{called}: threshold", threshold)
        self.ignore_index = (
            None if ignore_index is None else whole_number(f"{called}: ignore_index", ignore_index, least=-(1 << 63))
        )
        self._loss_threshold: float | None = None
        self._loss_ignore_index = IGNORED
        self._decisions = False
        self.reset()

    def for_loss(self, loss: Any) -> None:
        """Take ``ignore_index`` and the threshold from a loss, where they were not given."""
        said = setting_of(loss, "ignore_index")
        self._loss_ignore_index = IGNORED if said is None else said
        if isinstance(loss, BCEWithLogitsLoss | SoftMarginLoss) or loss in _LOGITS:
            self._loss_threshold = 0.0
        elif isinstance(loss, LossModule) or loss in _BINARY:
            self._loss_threshold = 0.5
        self._decisions = of_decisions(loss)

    def _classes(self, output: Any, target: Any) -> Classes:
        """The class numbers of a batch.

        Raises:
            TypeError: if targets are not class numbers, one-hot rows or decisions.
            ValueError: if shapes do not fit, or a target is outside of the classes.
        """
        output, target = arrays_of(output, target)
        called = self._called
        ignored = self._ignored
        if are_class_numbers(output, target):
            return counted(called, output.argmax(axis=1), target, output.shape[1], ignored, binary=False)
        if output.shape == target.shape and output.ndim > 1 and output.shape[1] > 1 and not self._decisions:
            return Classes(output.argmax(axis=1), class_of_row(called, target), output.shape[1], False)
        scores, decided = _same_shape(called, output, target)
        return counted(called, scores > self._limit(scores), _decisions(called, decided), 2, ignored, binary=True)

    @property
    def _called(self) -> str:
        """What errors call it: the name of the public class."""
        return type(self).__name__.removeprefix("Default")

    @property
    def _ignored(self) -> int:
        return self._loss_ignore_index if self.ignore_index is None else self.ignore_index

    def _limit(self, scores: Array) -> float:
        """The threshold; where nothing says whether outputs are probabilities, they have to look like it."""
        known = self._loss_threshold if self.threshold is None else self.threshold
        if known is None and bool(((scores < 0) | (scores > 1)).any()):
            raise ValueError(
                f"{self._called}: got binary outputs outside of 0 … 1, which are not probabilities; for logits "
                f"write nn.metrics.{self._called}(threshold=0), or train with nn.BCEWithLogitsLoss()"
            )
        return 0.5 if known is None else known


def of_decisions(loss: Any) -> bool:
    """Whether each output of this loss is a decision of its own: the binary cross-entropies."""
    return isinstance(loss, BCELoss | BCEWithLogitsLoss) or loss in _BINARY


def of_classes(loss: Any) -> bool:
    """Whether the targets of this loss may be rows of probabilities."""
    return isinstance(loss, CrossEntropyLoss) or loss is mg.cross_entropy


def are_class_numbers(output: Array, target: Array) -> bool:
    """Whether these are class numbers, and outputs with several classes on axis 1: of samples, or of pixels."""
    shape = output.shape
    return target.dtype.kind in "iub" and len(shape) > 1 and shape[1] > 1 and target.shape == (shape[0], *shape[2:])


def are_one_hot(target: Array) -> bool:
    """Whether each row has a single 1, and 0 elsewhere."""
    ones = target == 1
    return bool((ones | (target == 0)).all()) and bool((ones.sum(axis=1) == 1).all())


def counted(called: str, predicted: Array, true: Array, n_classes: int, ignored: int, *, binary: bool) -> Classes:
    """The targets that count, all of which are checked to be classes."""
    low, high = (int(true.min()), int(true.max())) if true.size else (0, 0)
    if low < 0 or high >= n_classes or 0 <= ignored < n_classes:
        counts = true != ignored
        predicted, true = predicted[counts], true[counts]
        low, high = (int(true.min()), int(true.max())) if true.size else (0, 0)
    if low < 0 or high >= n_classes:
        wrong = low if low < 0 else high
        raise ValueError(
            f"{called}: got the target {wrong}, expected class numbers from 0 to {n_classes - 1}, as there are "
            f"{n_classes} classes; " + _mend_of(called, wrong, binary)
        )
    return Classes(predicted, true, n_classes, binary)


def _mend_of(called: str, wrong: int, binary: bool) -> str:
    if binary and wrong == -1:
        return "of targets −1 and 1 measure a function: lambda y, t: (y > 0) == (t > 0)"
    if wrong < 0:
        return f"if these targets are not to count, write metrics=[nn.metrics.{called}(ignore_index={wrong})]"
    return "count the classes from 0, and give the model as many outputs as there are classes"


def class_of_row(called: str, target: Array) -> Array:
    """The class with the greatest probability in each row."""
    sums = target.sum(axis=1)
    if bool((abs(sums - 1) > 1e-2).any()) or bool((target < 0).any()):
        raise ValueError(
            f"{called}: got targets of shape {target.shape}, as the outputs, whose rows are neither one-hot nor "
            "probabilities: they do not sum to 1; for several labels for each sample train with nn.BCEWithLogitsLoss()"
        )
    return target.argmax(axis=1)


def _same_shape(called: str, output: Array, target: Array) -> tuple[Array, Array]:
    """Binary outputs and targets in one shape: an axis of length 1 after the samples may be missing in one of them."""
    for one, other in ((output, target), (target, output)):
        if one.ndim == other.ndim + 1 and one.shape[1] == 1 and (one.shape[0], *one.shape[2:]) == other.shape:
            return output.reshape(other.shape), target.reshape(other.shape)
    if output.shape == target.shape and output.ndim:
        return output, target
    if output.ndim > 1 and target.shape == (output.shape[0], *output.shape[2:]):
        raise TypeError(
            f"{called}: got targets of dtype {target.dtype}, expected whole numbers as class numbers; write "
            "targets.astype(int)"
        )
    raise ValueError(
        f"{called}: outputs of shape {output.shape} and targets of shape {target.shape} do not fit; expected class "
        "numbers (N,) or (N, H, W) for outputs (N, C) or (N, C, H, W), one-hot rows of the outputs' shape, or for "
        "binary outputs (N,) or (N, 1) the targets 0 and 1"
    )


def _decisions(called: str, target: Array) -> Array:
    """Targets 0 and 1 as whole numbers."""
    if target.dtype.kind in "iub":
        return target
    if target.dtype.kind == "f":
        whole = target.astype(np.int64)
        if bool((whole == target).all()):
            return whole
    raise TypeError(f"{called}: got binary targets of dtype {target.dtype}, not all 0 or 1; round them, or measure MSE")
