"""Every layer of nn, as a file that computes the same, also of other numbers of samples; or it is refused by name."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nn
from tests.nn.onnx.runtime import compare

_RNG = np.random.default_rng(0)


def _some(*shape: int) -> Any:
    return _RNG.normal(size=shape).astype(np.float32)


IMAGES, ROWS, TOKENS = _some(2, 4, 6, 6), _some(2, 8), np.array([[1, 2], [3, 0]])

#: A layer, and its inputs: two samples.
LAYERS: list[tuple[nn.Module, tuple[Any, ...]]] = [
    *((getattr(nn, name)(), (IMAGES,)) for name in (
        "CELU", "ELU", "GELU", "SELU", "SiLU", "Mish", "Hardswish", "Hardsigmoid", "Hardtanh", "LogSigmoid", "Sigmoid",
        "Softsign", "Tanh", "Tanhshrink", "ReLU", "ReLU6", "LeakyReLU", "Softplus", "Identity", "Flatten", "Dropout",
        "Dropout1d", "Dropout2d", "Dropout3d", "AlphaDropout", "FeatureAlphaDropout", "GlobalAvgPool", "GlobalMaxPool",
    )),
    (nn.CELU(0.7), (IMAGES,)),
    (nn.GELU("tanh"), (IMAGES,)),
    (nn.Softplus(2, 1.0), (IMAGES,)),
    (nn.PReLU(4), (IMAGES,)),
    (nn.Maxout(8, 3, 2, rng=0), (ROWS,)),
    (nn.Softmax(1), (IMAGES,)),
    (nn.LogSoftmax(-1), (IMAGES,)),
    (nn.Softmin(1), (IMAGES,)),
    (nn.Linear(8, 3, rng=0), (ROWS,)),
    (nn.Linear(6, 3, bias=False, rng=0), (IMAGES,)),
    (nn.Bilinear(8, 8, 3, rng=0), (ROWS, _some(2, 8))),
    (nn.MLP(8, 5, 3, rng=0), (ROWS,)),
    (nn.Embedding(5, 3, rng=0), (TOKENS,)),
    (nn.Embedding(5, 3, padding_idx=0, rng=0), (TOKENS,)),
    (nn.Embedding(5, 3, padding_idx=0, rng=0), (TOKENS.astype(np.uint8),)),
    (nn.Reshape(12, 12), (IMAGES,)),
    (nn.Unflatten(1, (2, 2)), (IMAGES,)),
    (nn.PixelShuffle(2), (IMAGES,)),
    (nn.ReflectionPad2d(2), (IMAGES,)),
    (nn.ZeroPad2d((1, 0, 2, 1)), (IMAGES,)),
    (nn.GroupNorm(2, 4), (IMAGES,)),
    (nn.LayerNorm(6), (IMAGES,)),
    (nn.LayerNorm((6, 6), bias=False), (IMAGES,)),
    (nn.RMSNorm(6), (IMAGES,)),
    (nn.LocalResponseNorm(3), (IMAGES,)),
    (nn.LocalResponseNorm(2, k=2), (IMAGES,)),
    (nn.Upsample(scale_factor=2), (IMAGES,)),
    (nn.Upsample(size=(5, 11)), (IMAGES,)),
    (nn.Upsample(scale_factor=0.7), (IMAGES,)),
    (nn.Upsample(scale_factor=1.3, mode="bilinear"), (IMAGES,)),
    (nn.Upsample(size=(5, 3), mode="bilinear", align_corners=True), (IMAGES,)),
    (nn.Concat(nn.Identity(), nn.ReLU()), (IMAGES,)),
    (nn.Residual(nn.Conv2d(4, 4, 3, padding=1, rng=0)), (IMAGES,)),
    (nn.Sequential(nn.Conv2d(4, 2, 3, rng=0), nn.Flatten()), (IMAGES,)),
]  # fmt: skip
for _axes in (1, 2, 3):
    _x = _some(2, 4, *[5] * _axes)

    def _layer(name: str, *args: Any, axes: int = _axes, x: Any = _x, **how: Any) -> None:
        LAYERS.append((getattr(nn, f"{name}{axes}d")(*args, **how), (x,)))

    _layer("Conv", 4, 6, 3, stride=2, padding=1, groups=2, rng=0)
    _layer("Conv", 4, 2, 2, dilation=2, bias=False, rng=0)
    _layer("ConvTranspose", 4, 3, 3, stride=2, padding=1, output_padding=1, rng=0)
    _layer("MaxPool", 2)
    _layer("MaxPool", 3, 2, 1, ceil_mode=True)
    _layer("AvgPool", 3, 2, 1)
    _layer("AvgPool", 3, 2, 1, ceil_mode=True, count_include_pad=False)
    _layer("LPPool", 2, 2)
    _layer("LPPool", 3, 2)
    _layer("AdaptiveAvgPool", 3)
    _layer("AdaptiveMaxPool", 1)
    _layer("BatchNorm", 4)
    _layer("BatchNorm", 4, track_running_stats=False)
    _layer("InstanceNorm", 4, affine=True)
    _layer("InstanceNorm", 4, track_running_stats=True)

#: Layers that no operator of ONNX can compute, with inputs, and what the error names.
REFUSED: list[tuple[nn.Module, tuple[Any, ...], str]] = [
    *(
        (getattr(nn, f"MaxUnpool{axes}d")(2), (_some(2, 1, *[2] * axes), np.zeros((2, 1, *[2] * axes), int)), "where")
        for axes in (1, 2, 3)
    ),
    (nn.AdaptiveMaxPool2d(4), (IMAGES,), "getitem"),  # bins of different sizes
]

#: Without a forward pass of their own; models are in test_models.
_CONTAINERS = {"Module", "ModuleDict", "ModuleList", "ParameterDict", "ParameterList"}


@pytest.mark.parametrize(
    ("layer", "arrays"), LAYERS, ids=[f"{type(m).__name__}-{i}" for i, (m, _) in enumerate(LAYERS)]
)
def test_every_layer_computes_the_same_at_other_batch_sizes(
    tmp_path: Path, layer: nn.Module, arrays: tuple[Any, ...]
) -> None:
    path = nn.export_onnx(layer, arrays, tmp_path / "layer.onnx")
    compare(layer, path, *(np.concatenate([x[:1], x]) for x in arrays))
    compare(layer, path, *(x[1:] for x in arrays))


@pytest.mark.parametrize(("layer", "arrays", "named"), REFUSED, ids=[type(m).__name__ for m, *_ in REFUSED])
def test_what_onnx_cannot_compute_is_refused_by_name(
    tmp_path: Path, layer: nn.Module, arrays: tuple[Any, ...], named: str
) -> None:
    with pytest.raises((NotImplementedError, ValueError), match=f"export_onnx: {named}: "):
        nn.export_onnx(layer, arrays, tmp_path / "layer.onnx")
    assert not list(tmp_path.iterdir())


def test_no_layer_is_left_out() -> None:
    layers = {
        name
        for name in nn.__all__
        if inspect.isclass(value := getattr(nn, name)) and issubclass(value, nn.Module) and not name.endswith("Loss")
    }
    models = {name for name in layers if getattr(nn, name).__module__.startswith("nn.models.")}
    tried = {type(layer).__name__ for layer, *_ in (*LAYERS, *REFUSED)}
    assert layers - models - _CONTAINERS - tried == set()
