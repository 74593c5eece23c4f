"""Losses and optimizers by name: ``loss="mse"``, ``optimizer="sgd"``."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

import minigrad as mg
from nn.losses.classification import BCELoss, BCEWithLogitsLoss, CrossEntropyLoss, NLLLoss
from nn.losses.loss import buffer_of
from nn.losses.regression import HuberLoss, L1Loss, MSELoss, SmoothL1Loss, SumSquaredErrorLoss
from nn.module import Module
from nn.optim import SGD, Adadelta, Adagrad, Adam, AdamW, Lion, Optimizer, RMSprop
from nn.training.checks.arguments import check_loss

__all__ = ["loss_of_classes", "named_loss", "named_optimizer"]

LOSSES: dict[str, type[Module]] = {
    "cross_entropy": CrossEntropyLoss,
    "nll": NLLLoss,
    "bce": BCELoss,
    "bce_with_logits": BCEWithLogitsLoss,
    "binary_crossentropy": BCELoss,  # Keras's words, where they mean the same
    "mse": MSELoss,
    "mean_squared_error": MSELoss,
    "l1": L1Loss,
    "mae": L1Loss,
    "mean_absolute_error": L1Loss,
    "huber": HuberLoss,
    "smooth_l1": SmoothL1Loss,
    "sum_squared_error": SumSquaredErrorLoss,
}

OPTIMIZERS: dict[str, Callable[..., Optimizer]] = {
    cls.__name__.lower(): cls for cls in (Adam, AdamW, SGD, RMSprop, Adagrad, Adadelta, Lion)
}


def named_loss(loss: Any, caller: str = "fit") -> Any:
    """The loss that a name stands for, or the one that is given.

    Raises:
        TypeError: if it is neither one of these names nor a function.
        ValueError: if it is a name that means something else in Keras.
    """
    if isinstance(loss, str) and (cls := LOSSES.get(loss.lower())) is not None:
        return cls()
    if isinstance(loss, str) and "categoricalcrossentropy" in mg.unsupported.bare(loss):  # Keras's, of probabilities
        raise ValueError(
            f'{caller}: loss={loss!r} is Keras\'s; write loss="cross_entropy", which takes logits: leave out a softmax '
            "at the end of the model. Targets may be class numbers or one-hot rows"
        )
    check_loss(caller, loss)
    return loss


def loss_of_classes(loss: Any, class_weight: Any) -> Any:
    """The loss with a weight for each class.

    Raises:
        TypeError, ValueError: if the loss takes none or has some, or they are not numbers for classes 0, 1, 2, …
    """
    if class_weight is None:
        return loss
    if not isinstance(loss, CrossEntropyLoss | NLLLoss):
        raise TypeError(
            f"fit: class_weight needs a loss of classes, CrossEntropyLoss or NLLLoss, got {type(loss).__name__}"
        )
    if loss.weight is not None:
        raise ValueError(f"fit: class_weight is given, and {type(loss).__name__} has a weight; leave one of them out")
    if isinstance(class_weight, str):
        raise ValueError(
            f"fit: class_weight is {class_weight!r}, expected a number for each class; for balanced ones write "
            "class_weight=y.size / np.bincount(y) / (y.max() + 1)"
        )
    if hasattr(class_weight, "to_dict") and hasattr(class_weight, "index"):  # of pandas: y.value_counts() is by number
        class_weight = class_weight.to_dict()
    if isinstance(class_weight, Mapping):
        classes = sorted(class_weight)
        if classes != list(range(len(classes))):
            raise ValueError(
                f"fit: class_weight has weights for the classes {classes}, expected one for each of 0, 1, 2, …"
            )
        class_weight = [class_weight[i] for i in classes]
    weights = np.asarray(class_weight, dtype=np.float32)
    if weights.ndim != 1 or not np.isfinite(weights).all() or (weights < 0).any():
        raise ValueError(f"fit: class_weight is {class_weight!r:.80}, expected a number of at least 0 for each class")
    loss = copy.copy(loss)
    loss.weight = buffer_of(loss, "weight", weights)
    return loss


def named_optimizer(optimizer: Any, model: Module, loss: Any) -> Any:
    """The optimizer that a name stands for, of all that is to be trained, or the one that is given.

    Raises:
        ValueError: if no optimizer has this name, or there is nothing to train.
    """
    if not isinstance(optimizer, str):
        return optimizer
    if (cls := OPTIMIZERS.get(optimizer.lower())) is None:
        close = mg.unsupported.closest(optimizer.lower(), OPTIMIZERS)
        hint = f"did you mean {close!r}?" if close else f"the names are {', '.join(OPTIMIZERS)}"
        raise ValueError(f"fit: there is no optimizer {optimizer!r}; {hint}")
    parameters = [p for part in (model, loss) if isinstance(part, Module) for p in part.parameters()]
    if not any(p.requires_grad for p in parameters):
        raise ValueError(
            f"fit: this {type(model).__name__} has no parameters that require gradients, so there is nothing to train"
        )
    return cls(parameters)
