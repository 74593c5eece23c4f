"""Saliency: by which pixels a score changes fastest."""

from __future__ import annotations

from typing import Any

from nn.attribution.class_scores import check_scores, chosen_classes, input_of, one_hot_seed, pulled_back
from nn.module import Module
from nn.typing import Array
from nn.unsupported import explains_calls

__all__ = ["saliency", "score_signal"]


@explains_calls
def saliency(model: Module, x: Array, target: Any = None) -> Any:
    """How fast the score of a class changes with each pixel: the size of ∂S/∂x, the largest of the channels.

    For an image x and the score S of its class, before any softmax::

        M[i, j] = max over k of abs(∂S / ∂x[k, i, j])

    It is one backward pass down to the pixels, by the usual rules. A pixel is bright where a small change of it
    would change the score most; that it made the score large is not said.

    Arguments:
        model: takes a batch, and gives a score of each class, (N, K).
        x: inputs, images ``(N, C, H, W)`` or of any shape.
        target: a class number for all inputs, or one for each, ``(N,)``; the predicted ones if not given.

    Returns:
        ``(N, H, W)`` of images; of other inputs the shape of `x`. Not negative.

    Raises:
        TypeError: if `model` is not a module, `x` not a batch, or `target` not class numbers.
        ValueError: if there is no such class, or the model does not give ``(N, K)``.
        FloatingPointError: if a score is infinite or NaN.

    Source: Simonyan, Vedaldi, Zisserman, "Deep inside convolutional networks", 2014, section 3.

    >>> import nn, numpy as np
    >>> model = nn.Sequential(nn.Flatten(), nn.Linear(4, 2, rng=0))
    >>> model[1].weight.data = np.array([[1.0, -2.0, 0.0, 0.5], [0.0, 0.0, 0.0, 0.0]], np.float32)
    >>> saliency(model, np.ones((1, 1, 2, 2), np.float32), target=0)
    array([[[1. , 2. ],
            [0. , 0.5]]], dtype=float32)
    """
    x_bar = abs(score_signal("saliency", model, x, target))
    return x_bar.max(axis=1) if x_bar.ndim == 4 else x_bar


def score_signal(caller: str, model: Module, x: Array, target: Any, relu: Any = None) -> Any:
    """The error signal of the input if that of the chosen score is 1, with another rule for ReLU if one is given.

    Raises:
        ValueError: if there is another rule for ReLU, and no ReLU.
    """
    given = input_of(caller, model, x)

    def scores_of(x: Any) -> Any:
        scores = model(x)
        check_scores(caller, model, scores)
        return scores

    return pulled_back(
        caller,
        model,
        given,
        scores_of,
        lambda scores: one_hot_seed(scores, chosen_classes(caller, scores, target)),
        relu,
        needs_relu=relu is not None,
    )
