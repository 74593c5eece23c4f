"""The empirical receptive field: how strongly each pixel moves a unit."""

from __future__ import annotations

from typing import Any

import numpy as np

import minigrad as mg
from nn.analysis.forward_record import tensors_in
from nn.analysis.unchanged import unchanged
from nn.module import Module, device_of, evaluation_mode, observe
from nn.typing import Array
from nn.unsupported import explains_calls

__all__ = ["empirical_receptive_field"]

DRAWS = 32  # error signals in all, shared among the images


@explains_calls
def empirical_receptive_field(
    model: Module, layer: str, images: Array, position: tuple[int, ...] | None = None, channel: int | None = None
) -> Array:
    """How strongly each pixel moves a unit: the root of its mean squared derivative over images and channels.

    `receptive_field` says which pixels a unit can see. Most see it by many ways through the layers in the middle of the
    field, and by few at its border, so what counts is smaller: Luo, Li, Urtasun, Zemel, "Understanding the Effective
    Receptive Field in Deep Convolutional Neural Networks", 2016.

    The error signal 1 is put at the unit, or random ones of variance 1 at all its channels, and carried back to the
    images, of which the channels are added up. The model runs in evaluation mode, and no ``grad`` changes.

    Arguments:
        layer: its dotted path, as `summary` shows it: ``"features.3"``.
        images: shape (N, C, H, W), or of sound (N, C, T): photos, or random numbers.
        position: the unit, one number for each axis of the layer's output after the channels; by default in the middle.
        channel: its channel, by default all of them together.

    Returns:
        An array of the shape (H, W) of the images.

    Raises:
        TypeError: if `model` is not a module.
        ValueError: if there is no such layer, or no such unit in it, or there are no images.

    >>> import nn, numpy as np
    >>> model = nn.Sequential(conv1=nn.Conv2d(1, 4, 3, rng=0), conv2=nn.Conv2d(4, 4, 3, rng=1))
    >>> images = np.random.default_rng(0).normal(size=(8, 1, 9, 9)).astype(np.float32)
    >>> field = empirical_receptive_field(model, "conv2", images, position=(0, 4))
    >>> rows, columns = np.nonzero(field)
    >>> int(rows.max()), int(columns.min()), int(columns.max())
    (4, 4, 8)
    """
    if not isinstance(model, Module):
        raise TypeError(
            f"empirical_receptive_field: expected a model composed of nn.Modules, got {type(model).__name__}"
        )
    shape = np.shape(images)
    if len(shape) < 3 or not shape[0]:
        raise ValueError(
            f"empirical_receptive_field: images have shape {shape}, expected (N, C, H, W) with at least one; one image "
            "is images[None]"
        )
    parameter = next(model.parameters(), None)
    pixels = np.asarray(mg.to(images, "cpu")).astype(np.float32 if parameter is None else parameter.dtype)
    x = mg.to(pixels, device_of(model))
    y, pullback = mg.vjp(lambda x: _output(model, layer, x), x)
    unit = _unit(layer, y.shape, position)
    channels = y.shape[1]
    if channel is not None and not 0 <= channel < channels:
        raise ValueError(f"empirical_receptive_field: got channel={channel}, expected 0 to {channels - 1} of {layer!r}")
    rng = np.random.default_rng(0)
    n = len(y)
    draws = 1 if channel is not None else -(-DRAWS // n)
    squares: Any = 0
    for _ in range(draws):
        signal: Any = np.zeros(y.shape, y.dtype)
        if channel is None:
            signal[:, :, *unit] = rng.normal(size=(n, channels))
        else:
            signal[:, channel, *unit] = 1
        (x_bar,) = pullback(mg.to(signal, device_of(model)))
        squares = squares + (np.asarray(mg.to(x_bar, "cpu")).astype(np.float64) ** 2).sum(axis=(0, 1))
    return np.sqrt(squares / (n * draws))


def _output(model: Module, layer: str, x: Any) -> mg.Tensor:
    """The output of the last call of a layer."""
    modules = dict(model.named_modules())
    if layer not in modules:
        raise ValueError(
            f"empirical_receptive_field: there is no layer {layer!r}; there are {', '.join(filter(None, modules))}"
        )
    found: list[Any] = []
    with (
        unchanged(model),
        evaluation_mode(model),
        observe(lambda module, output: found.append(output) if module is modules[layer] else None),
    ):
        model(x)
    outputs = [tensor for output in found for tensor in tensors_in(output)]
    if not outputs:
        raise ValueError(f"empirical_receptive_field: {layer!r} gave no Tensor; is it called in forward?")
    if outputs[-1].ndim < 2:
        raise ValueError(
            f"empirical_receptive_field: the output of {layer!r} has shape {outputs[-1].shape}, expected (N, C, …)"
        )
    return outputs[-1]


def _unit(layer: str, shape: tuple[int, ...], position: tuple[int, ...] | None) -> tuple[int, ...]:
    """The position of the unit, by default in the middle."""
    sizes = shape[2:]
    if position is None:
        return tuple(n // 2 for n in sizes)
    given = tuple(position)
    if len(given) != len(sizes) or not all(0 <= i < n for i, n in zip(given, sizes, strict=True)):
        raise ValueError(
            f"empirical_receptive_field: got the position {given} in {layer!r}, whose output has shape "
            f"(N, *{shape[1:]}), expected {len(sizes)} numbers, each from 0 to its length less 1"
        )
    return given
