"""Whole models as files, at other batch sizes than the example's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn
from tests.nn.onnx.runtime import compare, onnx

#: A model, and the shape of one sample.
MODELS: list[tuple[nn.Module, tuple[int, ...]]] = [
    (nn.LeNet(rng=0), (1, 28, 28)),
    (nn.LeNet(classic=True, rng=0), (1, 28, 28)),
    (nn.DigitCNN(rng=0), (1, 28, 28)),
    (nn.ResNet20(rng=0), (3, 32, 32)),
    (nn.ConvNet((1, 8, 8), [[4, 4], [8]], 16, batch_norm=True, rng=0), (1, 8, 8)),
    (nn.Autoencoder([64, 16, 4], rng=0), (64,)),
    (nn.ConvAutoencoder(rng=0), (1, 28, 28)),
    (nn.DenoisingAutoencoder(nn.Autoencoder([8, 4], rng=0), rng=0), (8,)),
    (nn.Inception(4, 2, 2, 3, 2, 3, 2, rng=0), (4, 6, 6)),
    (nn.SmallGoogLeNet(rng=0), (3, 32, 32)),
    (nn.BasicBlock(4, 4, rng=0), (4, 6, 6)),
]


@pytest.mark.parametrize(
    ("model", "sample"), MODELS, ids=[f"{type(m).__name__}-{i}" for i, (m, _) in enumerate(MODELS)]
)
def test_every_model(tmp_path: Path, model: nn.Module, sample: tuple[int, ...]) -> None:
    rng = np.random.default_rng(0)
    for buffer_name, buffer in model.named_buffers():  # as after a training
        if buffer_name.endswith(("running_mean", "running_var")):
            buffer.data[...] = rng.uniform(0.5, 1.5, buffer.shape)
    path = nn.export_onnx(model, np.zeros((1, *sample)), tmp_path / "model.onnx")
    compare(model, path, rng.uniform(size=(3, *sample)).astype(np.float32))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("model", "sample"),
    [
        (nn.VGG(11, 10, 32, rng=0), (3, 32, 32)),
        (nn.ResNet18(10, rng=0), (3, 32, 32)),
        (nn.SmallAlexNet(rng=0), (3, 32, 32)),
        (nn.AlexNet(10, rng=0), (3, 227, 227)),
    ],
    ids=["VGG", "ResNet18", "SmallAlexNet", "AlexNet"],
)
def test_large_models(tmp_path: Path, model: nn.Module, sample: tuple[int, ...]) -> None:
    path = nn.export_onnx(model, np.zeros((1, *sample)), tmp_path / "model.onnx")
    compare(model, path, np.random.default_rng(0).uniform(size=(2, *sample)).astype(np.float32))


def test_weights_have_their_names_and_values(tmp_path: Path) -> None:
    model = nn.ConvNet((1, 8, 8), [[2]], (), 3, batch_norm=True, rng=0)
    file = onnx.load(nn.export_onnx(model, np.zeros((1, 1, 8, 8)), tmp_path / "model.onnx"))
    stored = {x.name: onnx.numpy_helper.to_array(x) for x in file.graph.initializer}
    weights = {name: x.data for name, x in (*model.named_parameters(), *model.named_buffers())}
    weights = {name: x for name, x in weights.items() if not name.endswith("num_batches_tracked")}
    assert weights.keys() <= stored.keys()
    for name, x in weights.items():
        np.testing.assert_array_equal(stored[name], x)
    assert (file.ir_version, file.opset_import[0].version) == (10, 21)
    (given,), (output,) = file.graph.input, file.graph.output
    assert [given.name, output.name] == ["x", "output"]
    assert [d.dim_param or d.dim_value for d in given.type.tensor_type.shape.dim] == ["N", 1, 8, 8]
    assert [d.dim_param or d.dim_value for d in output.type.tensor_type.shape.dim] == ["N", 3]


class Attention(nn.Module):
    """Attention of one head, with the sizes of its input in its shapes, and a mask."""

    def __init__(self, features: int) -> None:
        rng = np.random.default_rng(0)
        self.query, self.key, self.value = (nn.Linear(features, features, rng=rng) for _ in range(3))

    def forward(self, x: Any) -> Any:
        n, length, features = x.shape
        q, k, v = (layer(x).reshape(n, length, 2, features // 2) for layer in (self.query, self.key, self.value))
        scores = mg.einsum("nihd,njhd->nhij", q, k) / np.sqrt(np.float32(features // 2))
        weights = mg.softmax(mg.where(np.tri(length) > 0, scores, -1e9), axis=-1)
        return mg.einsum("nhij,njhd->nihd", weights, v).reshape(n, length, features)


class Recurrent(nn.Module):
    """A recurrent network that starts from zeros, one for each sample."""

    def __init__(self) -> None:
        rng = np.random.default_rng(0)
        self.inner, self.outer = nn.Linear(3, 4, rng=rng), nn.Linear(4, 4, rng=rng)

    def forward(self, x: Any) -> Any:
        h = np.zeros((len(x), 4), np.float32)
        states = []
        for t in range(x.shape[1]):
            h = mg.tanh(self.inner(x[:, t]) + self.outer(h))
            states.append(h)
        return mg.stack(states, axis=1), h


class Branches(nn.Module):
    """Two inputs, two outputs, comparisons, and where the largest is."""

    def forward(self, x: Any, y: Any) -> Any:
        larger = mg.where(x > y, x, y)
        distances = mg.sqrt(mg.sum((x - y) ** 2, axis=1) + 1)
        return larger - larger.mean(), np.argmax(larger, axis=1), distances


@pytest.mark.parametrize(
    ("model", "shapes"),
    [(Attention(4), [(3, 4)]), (Recurrent(), [(5, 3)]), (Branches(), [(4,), (4,)])],
    ids=["attention", "recurrent", "branches"],
)
def test_models_of_ones_own(tmp_path: Path, model: nn.Module, shapes: list[tuple[int, ...]]) -> None:
    rng = np.random.default_rng(0)

    def draw(n: int) -> tuple[Any, ...]:
        return tuple(rng.normal(size=(n, *shape)).astype(np.float32) for shape in shapes)

    path = nn.export_onnx(model, draw(2), tmp_path / "model.onnx")
    for n in (1, 5):
        compare(model, path, *draw(n))


@pytest.mark.parametrize("dtype", [np.float64, np.float16])
def test_other_precisions(tmp_path: Path, dtype: Any) -> None:
    model = nn.MLP(4, [6], 3, dtype=dtype, rng=0)
    x = np.random.default_rng(0).normal(size=(3, 4))
    path = nn.export_onnx(model, x[:1], tmp_path / "model.onnx")
    compare(model, path, x.astype(dtype), tolerance=1e-12 if dtype == np.float64 else 1e-2)


def test_a_convolution_of_float64_is_valid_onnx(tmp_path: Path) -> None:
    """onnxruntime has none; the package onnx computes it."""
    from onnx.reference import ReferenceEvaluator

    model = nn.Sequential(nn.Conv2d(1, 2, 3, dtype=np.float64, rng=0), nn.MaxPool2d(2))
    x = np.random.default_rng(0).normal(size=(2, 1, 6, 6))
    path = nn.export_onnx(model, x[:1], tmp_path / "model.onnx")
    (y,) = ReferenceEvaluator(str(path)).run(None, {"x": x})
    np.testing.assert_allclose(y, np.asarray(model(x)), rtol=1e-12)
