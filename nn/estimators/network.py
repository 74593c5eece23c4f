"""What a classifier and a regressor share: a network that is made, trained by `nn.fit`, and asked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

import minigrad as mg
from nn.callbacks.callback import Callback, as_callbacks
from nn.estimators.factories import made_model, made_optimizer
from nn.estimators.scikit_learn import BaseEstimator
from nn.module import Module
from nn.optim.optimizer import Optimizer
from nn.random import seed_of
from nn.training.batches import as_batches
from nn.training.fit import fit
from nn.training.history import History
from nn.training.predict import predict
from nn.typing import Array

__all__ = ["NetworkEstimator", "refuse_lossy", "seed_from"]


class NetworkEstimator(BaseEstimator):
    """The base of `Classifier` and `Regressor`, whose constructors keep the settings as they are given."""

    model: Any
    optimizer: Any
    epochs: int
    batch_size: int | None
    validation_split: float
    metrics: Any
    callbacks: Iterable[Any]
    schedule: Any
    clip_norm: float | None
    compile: bool | str
    random_state: Any
    verbose: bool

    model_: Module
    optimizer_: Optimizer
    history_: History
    input_shape_: tuple[int, ...]
    n_features_in_: int
    feature_names_in_: Array

    @property
    def n_iter_(self) -> int:
        """The number of epochs so far."""
        return len(self.history_.epoch)

    # ------------------------------------------------------------------ what is given

    def _validated(self, X: Any, y: Any, reset: bool, **how: Any) -> tuple[Array, Array]:
        """Inputs and targets as arrays, checked; with `reset`, what is known of earlier inputs is forgotten."""
        from sklearn.utils.validation import validate_data

        refuse_lossy(X, f"{type(self).__name__}: X")
        x, y = validate_data(self, X, y, reset=reset, dtype=_FLOATING, allow_nd=True, **how)
        self._check_shape(x, reset)
        return x, y

    def _check_shape(self, x: Array, reset: bool) -> None:
        """Raise a ValueError for what is neither a table nor images, or differs from what the model was made for."""
        name = type(self).__name__
        if x.ndim not in (2, 4):
            raise ValueError(
                f"{name}: X has shape {x.shape}, expected a table (N, features) or images (N, C, H, W)"
                + ("; for images of one channel write X[:, None]" if x.ndim == 3 else "")
            )
        if not reset and x.shape[1:] != self.input_shape_:
            fitted = ", ".join(str(size) for size in ("N", *self.input_shape_))
            raise ValueError(f"{name}: X has shape {x.shape}, and the model was made for ({fitted})")

    # ------------------------------------------------------------------ training

    def _fit(self, x: Array, t: Array, n_out: int, loss: Any, **known: Any) -> None:
        """Train a new model; until it is trained, that of an earlier fit stays, with what is `known` of its targets."""
        seed, model, optimizer = self._made(x, n_out, loss)
        watch = _Interrupted()
        history = fit(
            *(model, x, _in_precision_of(model, t)),
            epochs=self.epochs,
            batch_size=self.batch_size,
            validation_split=self.validation_split,
            schedule=self.schedule,
            rng=seed,
            **self._how(loss, optimizer, watch),
        )
        self._keep(seed, model, optimizer, history, x.shape[1:], known)
        watch.end()

    def _partial_fit(self, x: Array, t: Array, n_out: int, loss: Any, **known: Any) -> None:
        """Train for one more epoch: calls on the same data are the epochs of a single fit, to the bit.

        Raises:
            ValueError: if a setting is about a whole training.
        """
        whole = {"validation_split": self.validation_split != 0, "schedule": self.schedule is not None}
        if given := next((name for name, is_given in whole.items() if is_given), None):
            raise ValueError(
                f"{type(self).__name__}: partial_fit trains for one epoch on all samples, and {given} is about several "
                f"epochs: call fit, or set_params({given}={0 if given == 'validation_split' else None})"
            )
        if not hasattr(self, "model_"):
            seed, model, optimizer = self._made(x, n_out, loss)
            self._keep(seed, model, optimizer, History(), x.shape[1:], known)
        data = (x, _in_precision_of(self.model_, t))
        loader = as_batches("fit", data, self.batch_size, 32, shuffle=True, rng=self._seed)
        loader.epoch = self.n_iter_  # the order and dropout are those of this epoch
        watch = _Interrupted()
        history = fit(self.model_, loader, rng=self._seed, **self._how(loss, self.optimizer_, watch))
        if history.epoch:  # none if it was interrupted
            self.history_._add(self.n_iter_ + 1, {name: values[0] for name, values in history.history.items()})
        watch.end()

    def _made(self, x: Array, n_out: int, loss: Any) -> tuple[int, Module, Optimizer]:
        """What a training begins with."""
        name, seed = type(self).__name__, seed_from(self.random_state)
        model = made_model(name, self.model, x, n_out, seed)
        return seed, model, made_optimizer(name, self.optimizer, model, loss)

    def _keep(
        self, seed: int, model: Module, optimizer: Optimizer, history: History, shape: Any, known: dict[str, Any]
    ) -> None:
        self._seed, self.model_, self.optimizer_, self.history_ = seed, model, optimizer, history
        self.input_shape_ = shape
        vars(self).update(known)

    def _how(self, loss: Any, optimizer: Optimizer, watch: _Interrupted) -> dict[str, Any]:
        """The arguments of `nn.fit` that an epoch and a whole training share."""
        return {
            "loss": loss,
            "optimizer": optimizer,
            "metrics": self.metrics,
            "callbacks": [*as_callbacks(self.callbacks), watch],
            "clip_norm": self.clip_norm,
            "compile": self.compile,
            "verbose": self.verbose,
        }

    # ------------------------------------------------------------------ asking

    def _outputs(self, X: Any) -> Array:
        """The outputs of the trained model, (N, n_out).

        Raises:
            sklearn.exceptions.NotFittedError: before `fit`.
            FloatingPointError: if outputs are infinite or NaN.
        """
        from sklearn.utils.validation import check_is_fitted, validate_data

        check_is_fitted(self, "model_")
        refuse_lossy(X, f"{type(self).__name__}: X")
        x = validate_data(self, X, reset=False, dtype=_FLOATING, allow_nd=True)
        self._check_shape(x, reset=False)
        outputs = predict(self.model_, x)
        finite = np.isfinite(outputs).all(axis=1)
        if not finite.all():
            raise FloatingPointError(
                f"{type(self).__name__}: the outputs of sample {finite.argmin()} are {outputs[finite.argmin()]}; its "
                f"inputs may be too large: they run up to {abs(x[finite.argmin()]).max():.4g}"
            )
        return outputs


#: Whole numbers become the first of these.
_FLOATING = [np.float64, np.float32]


class _Interrupted(Callback):
    """Whether a training was ended by Ctrl-C, after which a search is to end, too, and not to train the next model."""

    def __init__(self) -> None:
        self.was = False

    def on_train_end(self, run: Any) -> None:
        self.was = run.interrupted

    def end(self) -> None:
        if self.was:
            raise KeyboardInterrupt("the training was interrupted; the estimator is fitted as far as it is")


def _in_precision_of(model: Module, t: Array) -> Array:
    """Targets in the precision of the model's parameters, unless they are class numbers."""
    parameter = next(model.parameters(), None)
    return t if parameter is None or t.dtype.kind != "f" else t.astype(parameter.dtype, copy=False)


def refuse_lossy(value: Any, name: str) -> None:
    """Raise a TypeError for what is more than its numbers, such as an xarray with names of axes.

    Frames and series are left to scikit-learn, which keeps the names of columns, and refuses missing values.
    """
    if type(value).__module__.partition(".")[0] not in ("pandas", "polars"):
        mg.array_checks.refuse_lossy(value, name)


def seed_from(random_state: Any) -> int:
    """The seed that a `random_state` stands for: a whole number is its own; others draw one, as scikit-learn's.

    Raises:
        ValueError: if it is nothing that scikit-learn takes.

    >>> seed_from(7), seed_from(np.random.RandomState(0)) == seed_from(np.random.RandomState(0))
    (7, True)
    """
    from sklearn.utils import check_random_state

    generator = check_random_state(random_state)
    is_seed = isinstance(random_state, int | np.integer)
    return seed_of(int(random_state) if is_seed else int(generator.randint(2**31)))
