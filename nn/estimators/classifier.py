"""Classifier: a network as scikit-learn's classifier."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Self

import numpy as np

import minigrad as mg
from nn.callbacks.callback import Callback
from nn.estimators.factories import ModelFactory
from nn.estimators.network import NetworkEstimator
from nn.estimators.scikit_learn import ClassifierMixin, available_if
from nn.estimators.settings import explains_settings
from nn.losses.classification import MultiMarginLoss
from nn.metrics.metric import Metric
from nn.optim.lr_scheduler.schedule import Schedule
from nn.optim.optimizer import Optimizer
from nn.training.by_name import loss_of_classes, named_loss
from nn.typing import Array, Loss

__all__ = ["Classifier"]


def _has_probabilities(classifier: Classifier) -> bool:
    """Whether the loss is that of probabilities: scores with margins are not."""
    if classifier.loss is mg.multi_margin_loss or isinstance(classifier.loss, MultiMarginLoss):
        raise AttributeError(
            "Classifier: predict_proba is for losses of probabilities, such as the cross-entropy; with MultiMarginLoss "
            "the outputs are scores, which decision_function returns"
        )
    return True


class Classifier(ClassifierMixin, NetworkEstimator):
    """A network as a classifier of scikit-learn: in a ``Pipeline``, ``GridSearchCV``, ``cross_val_score`` …

    `fit` constructs a new model and trains it by `nn.fit`. Labels may be numbers or texts; inputs are a table,
    (N, features), or images, (N, C, H, W), and become floating-point numbers.

    Arguments:
        model: a function ``model(n_in, n_out, rng)`` that makes a new model: for a table, `n_in` is the number of
            features, for images their shape (C, H, W); `n_out` is the number of classes, each of which has an output;
            `rng` is a generator. It is called with ``rng=rng`` by name, so that ``nn.Linear`` is one, too. If not
            given, a network with 100 hidden units in float64.
        loss: of outputs (N, n_out) and class numbers (N,), as for `nn.fit`.
        optimizer: a name, as for `nn.fit`, or a function that makes one of the model's parameters:
            ``functools.partial(nn.optim.SGD, lr=0.1)``.
        epochs, batch_size, validation_split, metrics, callbacks, schedule, clip_norm, compile: as for `nn.fit`.
        class_weight: a weight for each label, ``{"cat": 1.0, "dog": 5.0}``, or ``"balanced"``, for the cross-entropy.
        random_state: a seed, or what else scikit-learn takes; ``None`` is NumPy's global generator. A whole number is
            the seed of `nn.fit`, and that of the generator that the model is made with.
        verbose: whether to show progress.

    After `fit` it has these attributes:

    - ``classes_``: the labels, sorted; output k is that of ``classes_[k]``.
    - ``model_``: the trained model.
    - ``history_``: a `History` of the epochs; ``n_iter_`` is their number.
    - ``n_features_in_``: the number of features, or of channels; ``input_shape_`` is the shape of a single input.
    - ``feature_names_in_``: the names of the features, if the inputs have any.
    - ``optimizer_``: the optimizer, which `partial_fit` goes on with.

    Raises:
        ImportError: if scikit-learn is not installed.

    To be saved by ``pickle``, it needs a `model` that is a function of a module, not a lambda.

    >>> import nn, numpy as np
    >>> x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    >>> xor = np.array(["equal", "different", "different", "equal"])
    >>> classifier = nn.Classifier(epochs=200, random_state=0).fit(x, xor)
    >>> classifier.predict(x)
    array(['equal', 'different', 'different', 'equal'], dtype='<U9')
    >>> classifier.predict_proba(x).shape, classifier.score(x, xor)
    ((4, 2), 1.0)
    """

    classes_: Array

    @explains_settings
    def __init__(
        self,
        model: ModelFactory | None = None,
        *,
        loss: str | Loss = "cross_entropy",
        optimizer: str | Callable[..., Optimizer] = "adam",
        epochs: int = 100,
        batch_size: int | None = None,
        validation_split: float = 0.0,
        metrics: Sequence[str | Metric | Callable[..., Any]] | None = None,
        class_weight: Mapping[Any, float] | str | None = None,
        callbacks: Iterable[Callback | Callable[[Any], None]] = (),
        schedule: Schedule | Callable[[int], float] | None = None,
        clip_norm: float | None = None,
        compile: bool | str = False,
        random_state: Any = None,
        verbose: bool = False,
    ) -> None:
        self.model = model
        self.loss = loss
        self.optimizer = optimizer
        self.epochs = epochs
        self.batch_size = batch_size
        self.validation_split = validation_split
        self.metrics = metrics
        self.class_weight = class_weight
        self.callbacks = callbacks
        self.schedule = schedule
        self.clip_norm = clip_norm
        self.compile = compile
        self.random_state = random_state
        self.verbose = verbose

    def fit(self, X: Any, y: Any) -> Self:
        """Train a new model on inputs and their labels.

        Raises:
            TypeError, ValueError: if X is neither a table nor images, holds NaN or ∞, or y is not a label for each of
                at least two classes; if `model` or `optimizer` do not make what they should; and as `nn.fit`.
            FloatingPointError: if the training diverges.
            KeyboardInterrupt: after Ctrl-C, which ends the training; the classifier is fitted as far as it is.
        """
        x, y = self._validated(X, _column(y), reset=True)
        classes, t = np.unique(_of_classes(y), return_inverse=True)
        _check_number(classes)
        self._fit(x, t, len(classes), self._loss(classes, y), classes_=classes)
        return self

    def partial_fit(self, X: Any, y: Any, classes: Any = None) -> Self:
        """Train for one epoch on inputs and labels, going on from where the last call or `fit` ended.

        Arguments:
            classes: all labels that there will be; needed in the first call, when the model is made.

        Raises:
            ValueError: if `classes` are missing in the first call, or others later; if y has a label that is not
                among them; if `validation_split` or `schedule` is set, or ``class_weight="balanced"``.
        """
        is_first = not hasattr(self, "classes_")
        known = self._classes(classes, is_first)
        x, y = self._validated(X, _column(y), reset=is_first)
        labels, inverse = np.unique(_of_classes(y), return_inverse=True)
        number = {label: i for i, label in enumerate(known.tolist())}
        if unseen := [label for label in labels.tolist() if label not in number]:
            raise ValueError(
                f"Classifier: y has the label {unseen[0]!r}, which is not one of {known.tolist()}; name all labels in "
                "the first call: partial_fit(X, y, classes=labels)"
            )
        t = np.array([number[label] for label in labels.tolist()])[inverse]
        if isinstance(self.class_weight, str):
            raise ValueError(
                f"Classifier: class_weight={self.class_weight!r} is computed from all labels, and partial_fit gets "
                "some of them at a time; pass a weight for each label: class_weight={label: weight}"
            )
        self._partial_fit(x, t, len(known), self._loss(known, known), classes_=known)
        return self

    def _classes(self, classes: Any, is_first: bool) -> Array:
        """The labels that `partial_fit` is to know."""
        if classes is None and is_first:
            raise ValueError(
                "Classifier: the first call of partial_fit needs classes=, all labels that there will be, as the model "
                "has an output for each"
            )
        if classes is None:
            return self.classes_
        given = np.unique(classes)
        if not is_first and not np.array_equal(given, self.classes_):
            raise ValueError(
                f"Classifier: classes are {given.tolist()} in this call of partial_fit, and were "
                f"{self.classes_.tolist()}; the model has an output for each of those: leave classes out"
            )
        _check_number(given)
        return given

    def _loss(self, classes: Array, y: Array) -> Any:
        """The loss, with the weights of the classes in the order of the outputs."""
        from sklearn.utils.class_weight import compute_class_weight

        loss = named_loss(self.loss, "Classifier")
        if self.class_weight is None:
            return loss
        return loss_of_classes(loss, compute_class_weight(self.class_weight, classes=classes, y=y))

    def predict(self, X: Any) -> Array:
        """The label of each input, (N,): that of the largest output."""
        outputs = self._outputs(X)
        return self.classes_[outputs.argmax(axis=1)]

    @available_if(_has_probabilities)
    def predict_proba(self, X: Any) -> Array:
        """The probability of each class, (N, n_classes): the softmax of the outputs, as the cross-entropy takes it."""
        return np.asarray(mg.softmax(self._outputs(X), axis=1))

    def decision_function(self, X: Any) -> Array:
        """The outputs, (N, n_classes); of two classes that of the second less that of the first, (N,)."""
        outputs = self._outputs(X)
        return outputs[:, 1] - outputs[:, 0] if outputs.shape[1] == 2 else outputs


def _column(y: Any) -> Any:
    """Labels as they are, unless they are rows of numbers, one for each class."""
    shape: tuple[int, ...] = getattr(y, "shape", ())
    if len(shape) == 2 and shape[1] > 1:
        raise ValueError(
            f"Classifier: y has shape {shape}, expected one label for each sample, (N,); of one-hot rows these are "
            "y.argmax(axis=1)"
        )
    return y


def _of_classes(y: Array) -> Array:
    from sklearn.utils.multiclass import check_classification_targets

    check_classification_targets(y)
    return y


def _check_number(classes: Array) -> None:
    if len(classes) < 2:
        raise ValueError(f"Classifier: y has only one class, {classes[0]!r}; expected labels of at least two")
