"""Grad-CAM: which places of a layer's feature maps a score comes from."""

from __future__ import annotations

from typing import Any

import numpy as np

import minigrad as mg
from nn.attribution.class_scores import check_scores, chosen_classes, input_of, one_hot_seed, pulled_back
from nn.attribution.layer_outputs import layer_of, run_and_keep
from nn.module import Module
from nn.typing import Array
from nn.unsupported import explains_calls

__all__ = ["grad_cam"]


@explains_calls
def grad_cam(model: Module, x: Array, layer: Module | str, target: Any = None) -> Any:
    """Where in the image the feature maps of a layer speak for a class.

    For the maps Aᵏ of the layer and the score S of the class, each map has as its weight the mean of its error signal,
    and the weighted sum of the maps is rectified and enlarged to the size of the image::

        wᵏ = mean over i, j of ∂S / ∂Aᵏ[i, j]
        L[i, j] = relu(Σₖ wᵏ Aᵏ[i, j])

    The last layer with feature maps is the usual one: its maps say most about the class, and least about the place.
    Where global average pooling and one linear layer follow it, this is the class activation map of Zhou et al.,
    rectified and divided by the number of positions.

    Arguments:
        model: takes images, and gives a score of each class, (N, K).
        x: images, shape ``(N, C, H, W)``.
        layer: of feature maps ``(N, K, h, w)``, as a module of the model or by its dotted name, such as ``"conv2"``.
        target: a class number for all images, or one for each, ``(N,)``; the predicted ones if not given.

    Returns:
        ``(N, H, W)``, not negative; enlarged by bilinear interpolation.

    Raises:
        TypeError: if `model` is not a module, `x` not a batch, `layer` neither a module nor a name, or `target` not
            class numbers.
        ValueError: if `x` are not images, there is no such layer or class, the layer gives no feature maps or is called
            several times, or the score does not depend on it.
        FloatingPointError: if a score is infinite or NaN.

    Source: Selvaraju et al., "Grad-CAM: visual explanations from deep networks via gradient-based localization", ICCV
    2017, section 3. Zhou et al., "Learning deep features for discriminative localization", CVPR 2016.

    >>> import nn, numpy as np
    >>> conv, fc = nn.Conv2d(1, 2, 1, bias=False, rng=0), nn.Linear(2, 2, rng=0)
    >>> model = nn.Sequential(conv=conv, pool=nn.GlobalAvgPool(), fc=fc).double()
    >>> model.conv.weight.data, model.fc.weight.data = np.array([1.0, -1.0]).reshape(2, 1, 1, 1), 4 * np.eye(2)
    >>> grad_cam(model, np.array([[[[1.0, 0.0], [0.0, 2.0]]]]), "conv", target=0)
    array([[[1., 0.],
            [0., 2.]]])
    """
    given = input_of("grad_cam", model, x)
    if given.ndim != 4:
        raise ValueError(f"grad_cam: x has shape {given.shape}, expected images (N, C, H, W)")
    name, module = layer_of("grad_cam", model, layer)
    kept: dict[str, Any] = {}

    def scores_of(x: Any) -> Any:
        scores, maps = run_and_keep("grad_cam", model, x, name, module)
        check_scores("grad_cam", model, scores)
        if maps.ndim != 4:
            raise ValueError(
                f"grad_cam: the layer {name} gives shape {maps.shape}, expected feature maps (N, K, h, w); take a "
                "convolution or pooling"
            )
        kept["maps"] = np.asarray(mg.to(maps.data, "cpu"))
        kept["hook"] = maps.register_hook(lambda signal: kept.update(signal=np.array(mg.to(signal, "cpu"))))
        return scores

    try:
        pulled_back(
            "grad_cam",
            model,
            given,
            scores_of,
            lambda scores: one_hot_seed(scores, chosen_classes("grad_cam", scores, target)),
        )
    finally:
        if "hook" in kept:
            kept["hook"].remove()
    if "signal" not in kept:
        raise ValueError(f"grad_cam: the score of the class does not depend on the layer {name}; take one before it")
    weights = kept["signal"].mean(axis=(2, 3), keepdims=True)
    rectified = np.maximum((weights * kept["maps"]).sum(axis=1, keepdims=True), 0)
    return mg.upsample(rectified, size=given.shape[2:], mode="bilinear")[:, 0]
