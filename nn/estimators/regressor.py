"""Regressor: a network as scikit-learn's regressor."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Self

from nn.callbacks.callback import Callback
from nn.estimators.factories import ModelFactory
from nn.estimators.network import NetworkEstimator, refuse_lossy
from nn.estimators.scikit_learn import RegressorMixin
from nn.estimators.settings import explains_settings
from nn.metrics.metric import Metric
from nn.optim.lr_scheduler.schedule import Schedule
from nn.optim.optimizer import Optimizer
from nn.training.by_name import named_loss
from nn.typing import Array, Loss

__all__ = ["Regressor"]


class Regressor(RegressorMixin, NetworkEstimator):
    """A network as a regressor of scikit-learn: it predicts a number for each input, or several.

    Arguments:
        All those of `Classifier` but ``class_weight``. The loss is of outputs and targets, both (N, n_out), where n_out
        is how many numbers are to be predicted for each input.

    After `fit` it has the attributes of a `Classifier` but ``classes_``.

    Raises:
        ImportError: if scikit-learn is not installed.

    Targets are learned as they are. If they are far from 0 and 1, scale them: scikit-learn's
    ``TransformedTargetRegressor(nn.Regressor(), transformer=StandardScaler())`` does, and predicts in the old units.

    >>> import nn, numpy as np
    >>> x = np.linspace(-1, 1, 50)[:, None]
    >>> regressor = nn.Regressor(epochs=200, random_state=0).fit(x, x[:, 0] ** 2)
    >>> bool(abs(regressor.predict([[0.5]])[0] - 0.25) < 0.02)
    True
    """

    _target_shape: tuple[int, ...]

    @explains_settings
    def __init__(
        self,
        model: ModelFactory | None = None,
        *,
        loss: str | Loss = "mse",
        optimizer: str | Callable[..., Optimizer] = "adam",
        epochs: int = 100,
        batch_size: int | None = None,
        validation_split: float = 0.0,
        metrics: Sequence[str | Metric | Callable[..., Any]] | None = None,
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
        self.callbacks = callbacks
        self.schedule = schedule
        self.clip_norm = clip_norm
        self.compile = compile
        self.random_state = random_state
        self.verbose = verbose

    def fit(self, X: Any, y: Any) -> Self:
        """Train a new model on inputs and targets, (N,) or (N, n_out).

        Raises:
            TypeError, ValueError: if X is neither a table nor images, or X or y hold NaN or ∞; if `model` or
                `optimizer` do not make what they should; and as `nn.fit`.
            FloatingPointError: if the training diverges.
            KeyboardInterrupt: after Ctrl-C, which ends the training; the regressor is fitted as far as it is.
        """
        x, t = self._numbers(X, y, reset=True)
        rows = _rows(t)
        self._fit(x, rows, rows.shape[1], named_loss(self.loss, "Regressor"), _target_shape=t.shape[1:])
        return self

    def partial_fit(self, X: Any, y: Any) -> Self:
        """Train for one epoch on inputs and targets, going on from where the last call or `fit` ended.

        Raises:
            ValueError: if y has another shape than before; if `validation_split` or `schedule` is set.
        """
        is_first = not hasattr(self, "model_")
        x, t = self._numbers(X, y, reset=is_first)
        rows = _rows(t)
        if not is_first and t.shape[1:] != self._target_shape:
            before = ", ".join(str(size) for size in ("N", *self._target_shape))
            raise ValueError(f"Regressor: y has shape {t.shape} in this call of partial_fit, and ({before}) before")
        loss = named_loss(self.loss, "Regressor")
        self._partial_fit(x, rows, rows.shape[1], loss, _target_shape=t.shape[1:])
        return self

    def _numbers(self, X: Any, y: Any, reset: bool) -> tuple[Array, Array]:
        """Inputs and targets, checked; the targets are numbers, too."""
        refuse_lossy(y, "Regressor: y")
        return self._validated(X, y, reset=reset, multi_output=True, y_numeric=True)

    def predict(self, X: Any) -> Array:
        """The outputs for each input, in the precision of the model: (N,) if the targets were, otherwise (N, n_out)."""
        outputs = self._outputs(X)
        return outputs if self._target_shape else outputs[:, 0]

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.target_tags.multi_output = True
        return tags


def _rows(t: Array) -> Array:
    """Targets as rows, in floating-point numbers."""
    rows = t.reshape(len(t), -1)
    return rows if rows.dtype.kind == "f" else rows.astype(float)
