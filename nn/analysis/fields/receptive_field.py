"""The receptive field of every layer: which pixels of the image one of its units sees."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

import minigrad as mg
from nn.analysis.fields.interval import Interval
from nn.analysis.fields.propagate_intervals import seen_pixels
from nn.analysis.forward_record import record_forward
from nn.module import Module
from nn.printed_text import per_axis, text_table
from nn.unsupported import explains_calls

__all__ = ["LayerField", "ReceptiveField", "receptive_field"]


@dataclass(frozen=True)
class LayerField:
    """One row: the layer's dotted path, its type, its output shape without the batch, and what its units see.

    Attributes:
        size: the number of pixels that a unit sees along each axis of the image, including those in the padding
            around it; the largest number, where upsampling makes neighbours differ.
        jump: the distance in pixels from one unit to the next: the product of the strides so far, a fraction after
            upsampling; 0 where all units see the same, and ``None`` where they are in no order, as after `Flatten`.
        offset: the centre of what the first unit sees, counted from the centre of pixel 0. The centre for unit i
            lies at offset + i · jump, and what it sees extends (size − 1) / 2 pixels to both sides.
        intervals: the pixels that each unit sees, for each axis of the image.
        image: the shape of the image.
    """

    name: str
    kind: str
    output_shape: tuple[int, ...]
    size: tuple[int, ...]
    jump: tuple[Fraction | None, ...]
    offset: tuple[float | None, ...]
    intervals: tuple[Interval, ...] = field(repr=False)
    image: tuple[int, ...] = field(repr=False)

    def region(self, *position: int) -> tuple[slice, ...]:
        """The part of the image that the unit at this position sees: ``image[:, *row.region(3, 4)]``.

        Near the border of the image it is smaller than `size` where the unit looks at padding.

        Raises:
            ValueError: if there is not one number for each axis of the image, or the units are in no order.
        """
        if len(position) != len(self.image) or None in self.jump:
            raise ValueError(
                f"region: got the position {position} of a unit of {self.name}, whose output has the shape (N, *"
                f"{self.output_shape}), expected {len(self.image)} numbers, and units arranged like the pixels"
            )
        ends = [x.of(0 if x.axis is None else i) for x, i in zip(self.intervals, position, strict=True)]
        return tuple(
            slice(max(low, 0), max(min(high + 1, n), 0)) for (low, high), n in zip(ends, self.image, strict=True)
        )


@dataclass(frozen=True, repr=False)
class ReceptiveField:
    """The layers in the order of their calls; printing it shows the table. Index it by a layer's name."""

    model: str
    image: tuple[int, ...]
    layers: tuple[LayerField, ...]

    def __getitem__(self, name: str) -> LayerField:
        """The last row of this name.

        Raises:
            KeyError: if there is none.
        """
        for layer in reversed(self.layers):
            if layer.name == name:
                return layer
        raise KeyError(f"there is no layer {name!r}; there are {', '.join(layer.name for layer in self.layers)}")

    def __str__(self) -> str:
        rows = [
            (
                f"{layer.name} ({layer.kind})",
                f"(N, {', '.join(map(str, layer.output_shape))})",
                *map(per_axis, (layer.size, layer.jump, layer.offset)),
            )
            for layer in self.layers
        ]
        header = ("Layer (type)", "Output shape", "Size", "Jump", "Offset")
        image = " × ".join(map(str, self.image))
        return text_table(f"Receptive fields of {self.model}, in an image of {image}", [header, *rows], numbers=3)

    __repr__ = __str__


@explains_calls
def receptive_field(model: Module, input_shape: tuple[int, ...]) -> ReceptiveField:
    """The receptive field of each layer: the size of what one unit sees, its distance to the next, and its offset.

    One sample of zeros passes through the model in evaluation mode, and the fields follow from its recorded graph, with
    all branches and skip connections of `forward`. Where branches meet, a unit sees everything from the first pixel
    that one of them sees to the last. A layer is listed where it is called, and a container where it computes
    something of its own from the outputs of its layers.

    Operations state in their `mg.Axes` what an element of the output sees, and so can your own; one without is taken
    to see the whole image.

    Arguments:
        input_shape: the shape of one sample, without the batch: ``(3, 224, 224)``, or ``(1, 16000)`` for sound. The
            fields of convolutions do not depend on it; those of fully connected layers and adaptive pooling do.

    Raises:
        TypeError: if `model` is not a module.
        ValueError: if the sample has no image axes, or units with different jumps meet.
        RuntimeError: within ``no_grad``, where nothing is recorded.

    >>> import nn
    >>> model = nn.Sequential(nn.Conv2d(1, 8, 3), nn.MaxPool2d(2), nn.Conv2d(8, 8, 3, padding=1), nn.Flatten())
    >>> print(receptive_field(model, (1, 12, 12)))
    Receptive fields of Sequential, in an image of 12 × 12
    ─────────────────────────────────────────────────
    Layer (type)   Output shape    Size  Jump  Offset
    ─────────────────────────────────────────────────
    0 (Conv2d)     (N, 8, 10, 10)     3     1       1
    1 (MaxPool2d)  (N, 8, 5, 5)       4     2     1.5
    2 (Conv2d)     (N, 8, 5, 5)       8     2     1.5
    3 (Flatten)    (N, 200)           8     –       –
    """
    if not isinstance(model, Module):
        raise TypeError(f"receptive_field: expected a model composed of nn.Modules, got {type(model).__name__}")
    image = tuple(input_shape[1:]) if isinstance(input_shape, tuple | list) else ()
    if not image:
        raise ValueError(
            f"receptive_field: got input_shape {input_shape}, expected the channels and the pixels of one sample, "
            "such as (3, 224, 224)"
        )
    paths = {module: path for path, module in model.named_modules()}
    record = record_forward(model, input_shape)
    record.require_graph()
    intervals = seen_pixels(record, image)
    layers: list[LayerField] = []
    listed: set[mg.Tensor] = set()
    for module, output in record.calls:
        is_layer = not any(True for _ in module.named_children())
        if isinstance(output, mg.Tensor) and output in intervals and (is_layer or output not in listed):
            listed.add(output)
            name = paths.get(module) or type(module).__name__.lower()
            layers.append(_row(name, type(module).__name__, output, intervals[output], image))
    return ReceptiveField(type(model).__name__, image, tuple(layers))


def _row(
    name: str, kind: str, output: mg.Tensor, intervals: tuple[Interval, ...], image: tuple[int, ...]
) -> LayerField:
    sizes = tuple(x.size for x in intervals)
    jumps = tuple(None if x.unordered else x.jump for x in intervals)
    offsets = tuple(None if x.unordered else sum(x.of(0)) / 2 for x in intervals)
    return LayerField(name, kind, output.shape[1:], sizes, jumps, offsets, intervals, image)
