"""Every module of nn, and how it is constructed."""

from __future__ import annotations

from typing import Any

import nn

__all__ = ["ARGUMENTS", "MODULES", "construct"]

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
    "Unflatten": (1, (2, 2)),
    "Upsample": (2,),
    "VGG": (11, 10, 32),
}

#: All but AlexNet, each copy of whose 61 million parameters takes a second; SmallAlexNet has the same kinds of layers.
MODULES = [
    name
    for name in nn.__all__
    if isinstance(found := getattr(nn, name), type) and issubclass(found, nn.Module) and name != "AlexNet"
]


def construct(name: str, **settings: Any) -> Any:
    """A module of this name."""
    return getattr(nn, name)(*ARGUMENTS.get(name, ()), **settings)
