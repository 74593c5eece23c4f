"""Every module of nn, and how it is constructed."""

from __future__ import annotations

import copy
import inspect
from typing import Any

import numpy as np

import nn

__all__ = ["ARGUMENTS", "LAYERS", "MODULES", "construct", "example"]

#: Arguments for the modules that cannot do without; a new one gets its row here.
ARGUMENTS: dict[str, tuple[Any, ...]] = {
    "Autoencoder": ([4, 2],),
    "BasicBlock": (2, 2),
    "Bilinear": (4, 3, 2),
    "Concat": (nn.Linear(4, 2), nn.Linear(4, 3)),
    "DenoisingAutoencoder": (nn.Linear(4, 4),),
    **{f"BatchNorm{n}d": (2,) for n in (1, 2, 3)},
    "Embedding": (5, 3),
    "Inception": (4, 2, 2, 2, 2, 2, 2),
    **{f"InstanceNorm{n}d": (2,) for n in (1, 2, 3)},
    "GroupNorm": (2, 4),
    "LayerNorm": (4,),
    "RMSNorm": (4,),
    "LocalResponseNorm": (3,),
    "Linear": (4, 2),
    "MLP": (4, [3], 2),
    "Maxout": (4, 2),
    **{f"Conv{n}d": (1, 2, 3) for n in (1, 2, 3)},
    "ConvNet": ((1, 8, 8), [[2]]),
    **{f"ConvTranspose{n}d": (1, 2, 3) for n in (1, 2, 3)},
    **{f"{kind}Pool{n}d": (2,) for kind in ("Avg", "Max") for n in (1, 2, 3)},
    **{f"Adaptive{kind}Pool{n}d": (2,) for kind in ("Avg", "Max") for n in (1, 2, 3)},
    **{f"LPPool{n}d": (2, 2) for n in (1, 2, 3)},
    **{f"MaxUnpool{n}d": (2,) for n in (1, 2, 3)},
    "Perceptron": (3,),
    **{f"{kind}Pad2d": (1,) for kind in ("Reflection", "Zero")},
    "PixelShuffle": (2,),
    "Reshape": (2, 2),
    "Residual": (nn.Linear(4, 4),),
    "Sequential": (nn.Linear(4, 3), nn.Tanh()),
    "Unflatten": (1, (2, 2)),
    **dict.fromkeys(("LogSoftmax", "Softmax", "Softmin"), (1,)),
    "Upsample": (2,),
    "VGG": (11, 10, 32),
}

#: All but AlexNet, each copy of whose 61 million parameters takes a second; SmallAlexNet has the same kinds of layers.
MODULES = [
    name
    for name in nn.__all__
    if isinstance(found := getattr(nn, name), type) and issubclass(found, nn.Module) and name != "AlexNet"
]


#: The modules of nn/layers that can be called.
LAYERS = [
    name
    for name in MODULES
    if getattr(nn, name).__module__.startswith("nn.layers.")
    and name not in ("ModuleDict", "ModuleList", "ParameterDict", "ParameterList")
]


def construct(name: str, dtype: type | None = None, **settings: Any) -> Any:
    """A module of this name, with parameters of this dtype where it takes one."""
    if dtype is not None and "dtype" in inspect.signature(getattr(nn, name)).parameters:
        settings["dtype"] = dtype
    return getattr(nn, name)(*ARGUMENTS.get(name, ()), **settings)


class Halved(nn.Module):
    """A layer of two inputs, which are the halves of one."""

    def __init__(self, layer: nn.Module) -> None:
        self.layer = layer

    def forward(self, x: Any) -> Any:
        return self.layer(x[..., :4], x[..., 4:])


class Unpooled(nn.Module):
    """A max-pooling, and the unpooling that takes its indices."""

    def __init__(self, layer: nn.Module, axes: int) -> None:
        self.pool = getattr(nn, f"MaxPool{axes}d")(2, return_indices=True)
        self.layer = layer

    def forward(self, x: Any) -> Any:
        return self.layer(*self.pool(x))


#: The shape of a sample, where it is none of the usual ones.
SHAPES: dict[str, tuple[int, ...]] = {
    **dict.fromkeys(("Concat", "Linear", "MLP", "Maxout", "Reshape", "Residual", "Sequential", "Unflatten"), (4,)),
    "Bilinear": (7,),
    "Embedding": (3,),
    "DenoisingAutoencoder": (4,),
    "GroupNorm": (4, 6, 6),
    **dict.fromkeys(("LayerNorm", "RMSNorm"), (2, 5, 4)),
    "PixelShuffle": (4, 3, 3),
}


def example(name: str, dtype: type = np.float32) -> tuple[Any, Any]:
    """A model that consists of this layer, and a batch of two for it."""
    layer = construct(name, dtype, **({"rng": 0} if "rng" in inspect.signature(getattr(nn, name)).parameters else {}))
    layer = copy.deepcopy(layer).to(dtype=dtype)  # those of a container come from the table
    axes = int(name[-2]) if name[-2:] in ("1d", "2d", "3d") else 2
    channels = 1 if name.startswith("Conv") else 2
    shape = SHAPES.get(name, (channels, *(6,) * axes))
    rng = np.random.default_rng(1)
    if name == "Embedding":
        return layer, rng.integers(0, 5, size=(2, *shape))
    model = Halved(layer) if name == "Bilinear" else Unpooled(layer, axes) if "Unpool" in name else layer
    return model, rng.normal(size=(2, *shape)).astype(dtype)
