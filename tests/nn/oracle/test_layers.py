"""Layers agree with PyTorch's of the same arguments and state: outputs, gradients, and gradients of gradients."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import minigrad as mg
import nn
from tests.helpers.pytorch import torch

pytestmark = pytest.mark.oracle

numbers = st.floats(-2, 2).map(lambda x: round(x, 2))
axes = st.integers(-3, 2)
widths = st.integers(0, 2)
sizes = st.integers(1, 4)

#: For each layer, what its arguments are drawn from: those by position in order, for it is PyTorch's, too.
ELEMENTWISE: dict[str, tuple[Any, ...]] = {
    **dict.fromkeys(("Hardsigmoid", "Hardswish", "Identity", "LogSigmoid", "Mish", "ReLU", "ReLU6", "SELU"), ()),
    **dict.fromkeys(("SiLU", "Sigmoid", "Softsign", "Tanh", "Tanhshrink"), ()),
    "CELU": (st.sampled_from([0.25, 0.5, 1, 2]),),  # PyTorch inverts others in single precision
    "ELU": (numbers,),
    "GELU": (st.sampled_from(["none", "tanh"]),),
    "Hardtanh": (st.sampled_from([-2.0, -1.0, 0.0]), st.sampled_from([0.5, 1.0, 3.0])),
    "LeakyReLU": (numbers,),
    "PReLU": (st.sampled_from([1, 3]), numbers),
    "Softplus": (st.sampled_from([-0.7, 0.3, 1, 2.5]), st.sampled_from([0.5, 3, 20, math.inf])),
}
ALONG_AXES: dict[str, tuple[Any, ...]] = {
    **dict.fromkeys(("LogSoftmax", "Softmax", "Softmin"), (axes,)),
    "Flatten": (st.sampled_from([0, 1, -3, -2]), st.sampled_from([1, 2, -2, -1])),
    "ReflectionPad2d": (st.tuples(*[widths] * 4) | widths,),
    "Unflatten": (st.sampled_from([2, -1]), st.sampled_from([(2, 2), (4, 1, 1), (-1, 2), (2, -1)])),
    "ZeroPad2d": (st.tuples(*[widths] * 4) | widths,),
}
#: Points where a layer may have a kink, among others.
KINKS = [-3.0, -2.0, -1.0, -0.0, 0.0, 0.5, 1.0, 3.0, 6.0]


def pair(name: str, arguments: Any, **ours: Any) -> tuple[Any, Any]:
    """The layer, and PyTorch's with its state."""
    layer, twin = getattr(nn, name)(*arguments, **ours), getattr(torch.nn, name)(*arguments).double()
    twin.load_state_dict({path: torch.tensor(array) for path, array in layer.state_dict().items()})
    return layer, twin


def agree(layer: Any, twin: Any, *inputs: Any, order: int = 2, atol: float = 1e-11) -> None:
    """Outputs and derivatives up to this order, for inputs and parameters, in random directions."""
    rng = np.random.default_rng(0)
    xs = [mg.Tensor(x, requires_grad=x.dtype.kind == "f") for x in inputs]
    zs = [torch.tensor(x, requires_grad=x.dtype.kind == "f") for x in inputs]
    y, expected = layer(*xs), twin(*zs)
    assert y.shape == tuple(expected.shape)
    np.testing.assert_allclose(y.data, expected.detach().numpy(), rtol=1e-11, atol=atol)
    leaves = [x for x in xs if x.requires_grad] + list(layer.parameters())
    others = [z for z in zs if z.requires_grad] + list(twin.parameters())
    signals: list[Any] = [rng.normal(size=y.shape), *(rng.normal(size=leaf.shape) for leaf in leaves)]
    loss = mg.sum(y * signals[0])
    rival = (expected * torch.tensor(signals[0])).sum()
    for _ in range(order):
        for leaf in leaves:
            leaf.grad = None
        loss.backward(create_graph=True)
        theirs = torch.autograd.grad(rival, others, create_graph=True, allow_unused=True, materialize_grads=True)
        ours = [leaf.grad if leaf.grad is not None else mg.Tensor(np.zeros(leaf.shape)) for leaf in leaves]
        for found, wanted in zip(ours, theirs, strict=True):
            np.testing.assert_allclose(found.data, wanted.detach().numpy(), rtol=1e-10, atol=atol)
        loss = sum((mg.sum(g * s * g) for g, s in zip(ours, signals[1:], strict=True)), mg.Tensor(0.0))
        rival = sum((g * torch.tensor(s) * g).sum() for g, s in zip(theirs, signals[1:], strict=True))
        if not (loss.requires_grad and rival.requires_grad):
            break


@pytest.mark.parametrize("name", ELEMENTWISE)
@settings(max_examples=12)
@given(data=st.data(), seed=st.integers(0, 999))
def test_elementwise(name: str, data: Any, seed: int) -> None:
    arguments = data.draw(st.tuples(*ELEMENTWISE[name]))
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(2, 3, *data.draw(st.lists(st.integers(0, 3), max_size=2)))) * 4
    layer, twin = pair(name, arguments, **({"dtype": np.float64} if name == "PReLU" else {}))
    atol = 1e-6 if name == "Hardsigmoid" else 1e-11  # PyTorch's divides by 6 in single precision
    agree(layer, twin, x, atol=atol)
    agree(layer, twin, rng.choice(KINKS, x.shape), order=1, atol=atol)


@pytest.mark.parametrize("name", ALONG_AXES)
@settings(max_examples=12)
@given(data=st.data(), seed=st.integers(0, 999))
def test_along_axes(name: str, data: Any, seed: int) -> None:
    arguments = data.draw(st.tuples(*ALONG_AXES[name]))
    x = np.random.default_rng(seed).normal(size=(data.draw(sizes), 3, 4))
    agree(*pair(name, arguments), x)


@settings(max_examples=12)
@given(st.tuples(sizes, sizes, sizes, st.booleans()), st.lists(st.integers(0, 3), max_size=2))
def test_bilinear(arguments: Any, batch: Any) -> None:
    rng = np.random.default_rng(0)
    layer, twin = pair("Bilinear", arguments, dtype=np.float64, rng=0)
    agree(layer, twin, rng.normal(size=(*batch, arguments[0])), rng.normal(size=(*batch, arguments[1])))


@settings(max_examples=12)
@given(sizes, st.none() | st.integers(-5, 4), st.lists(st.integers(0, 3), max_size=3))
def test_embedding(length: int, padding_idx: int | None, shape: Any) -> None:
    layer, twin = pair("Embedding", (5, length, padding_idx), dtype=np.float64, rng=0)
    assert layer.padding_idx == twin.padding_idx
    assert padding_idx is None or not layer.weight.data[padding_idx].any()
    agree(layer, twin, np.random.default_rng(1).integers(0, 5, size=shape))


@settings(max_examples=12)
@given(st.sampled_from([0.0, 0.1, 0.5, 0.9, 1.0]), st.sampled_from([-2.0, 0.0, 1.5]))
def test_values_that_dropout_gives(p: float, value: float) -> None:
    """The two values that elements of a constant input get."""
    for name in ("AlphaDropout", "Dropout", "Dropout1d", "Dropout2d", "Dropout3d", "FeatureAlphaDropout"):
        layer, twin = getattr(nn, name)(p, rng=0), getattr(torch.nn, name)(p)
        shape = (20, 10) + (2,) * (int(name[-2]) if name[-1] == "d" else 1)
        found = np.unique(layer(np.full(shape, value)))
        expected = np.unique(twin(torch.full(shape, value, dtype=torch.float64)).numpy())
        np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12)
        assert (layer.eval()(np.full(shape, value)) == value).all()


def test_shapes_of_what_channel_dropout_drops() -> None:
    """Whole channels, of batches and of single samples."""
    for name, shape in (("Dropout1d", (9, 4)), ("Dropout1d", (3, 9, 4)), ("Dropout2d", (3, 9, 2, 4)),
                        ("Dropout3d", (9, 2, 2, 3)), ("Dropout3d", (3, 9, 2, 2, 2))):  # fmt: skip
        y, expected = getattr(nn, name)(0.5, rng=0)(np.ones(shape)), getattr(torch.nn, name)(0.5)(torch.ones(shape))
        per_channel = tuple(range(y.ndim - int(name[-2]), y.ndim))
        for values in (y, expected.numpy()):
            assert (values.max(axis=per_channel) == values.min(axis=per_channel)).all()
            assert 0 < values.mean() < 2


def test_residual_and_concat() -> None:
    conv = {"dtype": np.float64, "rng": 0}
    block = nn.Residual(
        nn.Sequential(
            nn.Conv2d(2, 3, 3, stride=2, padding=1, **conv), nn.Tanh(), nn.Conv2d(3, 3, 3, padding=1, **conv)
        ),
        nn.Conv2d(2, 3, 1, stride=2, **conv),
    )
    branches = nn.Concat(nn.Conv2d(2, 3, 1, **conv), nn.Conv2d(2, 2, 3, padding=1, **conv), nn.Sigmoid(), dim=-3)

    class Twin(torch.nn.Module):
        def __init__(self, join: Any, **parts: Any) -> None:
            super().__init__()
            self.join = join
            for name, part in parts.items():
                self.add_module(name, part)

        def forward(self, x: Any) -> Any:
            return self.join([part(x) for part in self.children()])

    t = torch.nn
    main = t.Sequential(t.Conv2d(2, 3, 3, stride=2, padding=1), t.Tanh(), t.Conv2d(3, 3, 3, padding=1))
    twins = [
        Twin(sum, f=main, shortcut=t.Conv2d(2, 3, 1, stride=2)),
        Twin(
            lambda ys: torch.cat(ys, 1), **{"0": t.Conv2d(2, 3, 1), "1": t.Conv2d(2, 2, 3, padding=1), "2": t.Sigmoid()}
        ),
    ]
    x = np.random.default_rng(0).normal(size=(2, 2, 5, 6))
    for ours, twin in zip((block, branches), twins, strict=True):
        twin = twin.double()
        twin.load_state_dict({path: torch.tensor(array) for path, array in ours.state_dict().items()})
        agree(ours, twin, x)


#: A layer of both libraries with its arguments, and the shape of a sample.
COUNTED: dict[str, tuple[str, tuple[Any, ...], dict[str, Any], tuple[int, ...]]] = {
    "padding": ("Conv2d", (3, 8, 5), {"padding": 2}, (3, 9, 11)),
    "stride": ("Conv2d", (3, 8, (3, 2)), {"stride": (2, 3), "padding": (0, 1)}, (3, 9, 11)),
    "groups and dilation": ("Conv2d", (4, 8, 3), {"groups": 4, "dilation": 2, "padding": 1}, (4, 9, 11)),
    "sound": ("Conv1d", (2, 4, 5), {"stride": 2, "padding": 2}, (2, 20)),
    "volumes": ("Conv3d", (2, 4, 3), {"padding": 1}, (2, 4, 5, 6)),
    "transposed": ("ConvTranspose2d", (4, 6, 3), {"stride": 2, "padding": 1, "output_padding": 1}, (4, 5, 6)),
    "fully connected": ("Linear", (6, 4), {}, (6,)),
    "fully connected, for each token": ("Linear", (6, 4), {}, (5, 7, 6)),
}


@pytest.mark.parametrize("name", COUNTED)
def test_multiply_adds_are_half_of_the_operations_of_pytorch(name: str) -> None:
    from torch.utils.flop_counter import FlopCounterMode

    kind, arguments, settings, shape = COUNTED[name]
    with FlopCounterMode(display=False) as counter:
        getattr(torch.nn, kind)(*arguments, **settings)(torch.zeros(1, *shape))
    layer = getattr(nn, kind)(*arguments, **settings)
    assert 2 * nn.summary(layer, shape).multiply_adds == counter.get_total_flops()
