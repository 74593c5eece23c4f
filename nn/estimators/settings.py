"""Constructors of estimators: errors that say what to write in place of scikit-learn's and Keras's words."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec

import minigrad as mg
from nn.estimators.scikit_learn import require_scikit_learn
from nn.unsupported_words import KEYWORDS

__all__ = ["explains_settings"]

_P = ParamSpec("_P")

_LR = "the optimizer has it: optimizer=functools.partial(nn.optim.Adam, lr=0.01)"
_MLP = "write model=lambda n_in, n_out, rng: nn.MLP(n_in, (100, 50), n_out, rng=rng)"
_STOP = "write validation_split=0.1, callbacks=[nn.callbacks.EarlyStopping(patience=10)]"

#: Words of scikit-learn's own networks, of skorch and of `nn.fit`.
_WORDS = {
    **KEYWORDS,
    "activation": _MLP,
    "alpha": "write optimizer=functools.partial(nn.optim.AdamW, weight_decay=0.01)",
    "build_fn": "model",
    "early_stopping": _STOP,
    "hidden_layer_sizes": _MLP,
    "learning_rate": _LR,
    "learning_rate_init": _LR,
    "lr": _LR,
    "max_epochs": "epochs",
    "max_iter": "epochs",
    "module": "model",
    "n_iter_no_change": _STOP,
    "random_state": "random_state",
    "rng": "random_state",
    "seed": "random_state",
    "solver": "optimizer",
    "validation_data": "write validation_split=0.1, a part of the data that fit gets",
    "validation_fraction": "validation_split",
    "warm_start": "partial_fit(X, y) goes on from the weights as they are",
}


def explains_settings(init: Callable[_P, None]) -> Callable[_P, None]:
    """A constructor that needs scikit-learn, and whose errors for wrong settings say what to write instead."""

    @wraps(init)
    def called(*args: _P.args, **kwargs: _P.kwargs) -> None:
        estimator: Any = args[0]
        name = type(estimator).__name__
        require_scikit_learn(name)
        try:
            init(*args, **kwargs)
        except TypeError:
            mg.unsupported.refuse_call(name, init.__get__(estimator), args[1:], kwargs, _WORDS)
            raise

    return called
