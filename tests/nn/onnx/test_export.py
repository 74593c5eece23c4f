"""export_onnx: what it refuses and how it says so, and what else is in the file."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import minigrad as mg
import nn
from tests.nn.onnx.runtime import compare, computed, onnx

_NOT_A_MODULE: Any = mg.exp
_NOT_A_PATH: Any = 3
X = np.random.default_rng(0).normal(size=(2, 3)).astype(np.float32)


class Of(nn.Module):
    """A function as a model."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function

    def forward(self, *arrays: Any) -> Any:
        return self.function(*arrays)


@mg.primitive(lambda y_bar, y, x: 3 * x**2 * y_bar)
def cube(x: Any) -> Any:
    """x³."""
    return x**3


@mg.primitive(lambda y_bar, y, x: y_bar)
def relu(x: Any) -> Any:
    """Not minigrad's, but of the same name."""
    return x + 1


@pytest.mark.parametrize(
    ("function", "error", "message"),
    [
        (
            lambda x: mg.gamma(x),
            NotImplementedError,
            r"gamma: there is no rule .*\ncalled in .*test_export\.py, line \d+",
        ),
        (cube, NotImplementedError, r"cube: there is no rule .* rules=\{cube: rule\}"),
        (relu, NotImplementedError, r"relu: there is no rule "),
        (lambda x: x * float(x.data[0, 0]), ValueError, r"float\(…\) .*asks for a number .*test_export\.py"),
        (lambda x: x * mg.Tensor(x.data * 2), ValueError, r"multiply: its argument 1 was computed from the input"),
        (lambda x: x + x.data[:1], ValueError, r"add: its argument 1 was computed from the input"),
        (lambda x: x / len(x), ValueError, r"divide: a number in it depends on the input: it is 2, and 4"),
        (lambda x: x[: len(x) // 2], ValueError, r"getitem: a number depends on the batch size \(it is 1, and 2"),
        (lambda x: x if x.data.mean() > 0 else -x, ValueError, r"a branch on a value .* asks for a number"),
        (lambda x: mg.exp(x) if len(x) < 3 else mg.log(x), ValueError, r"exp: the model computes something else"),
        (lambda x: np.nansum(x, axis=1), ValueError, r"sum: the model computes something else for one sample with NaN"),
        (lambda x: mg.squeeze(x), ValueError, r"reshape: its (shape=|output) .*for one sample"),
        (lambda x: np.asarray(x) * 2, ValueError, r"a plain array is asked for"),
        (
            lambda x: mg.matmul(x, np.ones((3, 2)))[np.arange(len(x))[::-1]],
            ValueError,
            r"getitem: its index= was computed",
        ),
        (lambda x: mg.reshape(mg.matmul(x, x.T), -1) * 1j, ValueError, r"multiply: it gives numbers of complex64"),
        (lambda x: x[x > 0], ValueError, r"getitem: .*(axes|mask)"),
        (
            lambda x: np.std(x, axis=0) if len(x) == 2 else 1 / 0,
            ValueError,
            r"takes 2 samples, but not 4 .*ZeroDivision",
        ),
        (lambda x: mg.roll(x, 1, axis=0), ValueError, r"roll: it needs the number of elements along axis 0"),
        (lambda x: mg.repeat(x, len(x), axis=1), ValueError, r"repeat: a number depends on the batch size \(it is 2"),
        (lambda x: mg.tile(x, (1, len(x))), ValueError, r"tile: a number depends on the batch size"),
        (lambda x: mg.pad(x, ((0, len(x)), (0, 0))), ValueError, r"pad: a number depends on the batch size"),
        (
            lambda x: mg.power(x, 2) * (len(x) + 0.5),
            ValueError,
            r"multiply: its argument 1 is 2\.5, and 1\.5 for one",
        ),
        (lambda x: 3.0, TypeError, r"the model returned a float"),
        (lambda x: np.ones((2, 2)), ValueError, r"the output of the model was not recorded"),
        (lambda x: "no", TypeError, r"the model returned a str"),
    ],
)
def test_what_would_be_right_for_one_input_alone_is_refused(
    tmp_path: Path, function: Callable[..., Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=f"(?s)export_onnx: .*{message}"):
        nn.export_onnx(Of(function), X, tmp_path / "model.onnx")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("function", "shape"),
    [
        (lambda x: x.reshape(len(x), 3, 1), (2, 3)),
        (lambda x: x.reshape(-1), (2, 3)),
        (lambda x: x.reshape(len(x) * 3, 1), (2, 3)),
        (lambda x: mg.matmul(x, x.T).reshape(len(x), len(x), 1), (2, 3)),
        (lambda x: mg.broadcast_to(mg.mean(x, axis=0), x.shape), (2, 3)),
        (lambda x: mg.concatenate([x, np.ones((len(x), 1), np.float32)], axis=1), (2, 3)),
        (lambda x: mg.var(x, axis=0, ddof=0.5), (2, 3)),
        (lambda x: mg.std(x), (2, 3)),
        (lambda x: x[: len(x)], (2, 3)),
        (lambda x: x[::-1][-1], (2, 3)),
        (lambda x: mg.sum(x[:, 5:8:-1], axis=1), (2, 8)),
        (lambda x: x[:, 8:3:-2] + x[:, 7:1:-3].sum(axis=1, keepdims=True) + x[:, 3:8:2].sum(), (2, 8)),
        (lambda x: mg.concatenate([x, x]), (2, 3)),
        (lambda x: mg.sort(x, axis=0), (2, 3)),
        (lambda x: mg.repeat(x, 2, axis=0), (2, 3)),
        (lambda x: mg.tile(x, (2, 1)), (2, 3)),
        (lambda x: mg.softmax(x, axis=0), (2, 3)),
        (lambda x: mg.cumsum(x, axis=0), (2, 3)),
        (lambda x: mg.flip(x, axis=0), (2, 3)),
        (lambda x: mg.pad(x, ((1, 2), (0, 1))), (2, 3)),
        (lambda x: np.take_along_axis(x, np.argmax(x, axis=1, keepdims=True), axis=1), (2, 3)),
        (lambda x: x.mean(axis=(2, 3), keepdims=True) * x, (1, 2, 3, 3)),
        (mg.checkpoint(lambda x: mg.tanh(x) * 2), (2, 3)),
        (lambda x: x, (2, 3)),
        (lambda x: [x, mg.exp(x), x], (2, 3)),
    ],
)
def test_batch_sizes_in_shapes(tmp_path: Path, function: Callable[..., Any], shape: tuple[int, ...]) -> None:
    """Also where the batch is 1 in the example, and is not to be taken for an axis of length 1."""
    rng = np.random.default_rng(0)
    model = Of(function)
    for n in (1, 3):
        path = nn.export_onnx(model, rng.normal(size=(n, *shape[1:])).astype(np.float32), tmp_path / "model.onnx")
        for m in (2, 5):
            compare(model, path, rng.normal(size=(m, *shape[1:])).astype(np.float32))


def test_a_rule_for_an_operation_of_ones_own(tmp_path: Path) -> None:
    model = Of(lambda x: cube(mg.tanh(x)) + relu(x))
    rules: dict[Any, Any] = {cube: lambda g, x: g("Pow", x, 3.0), relu: lambda g, x: g("Add", x, 1.0)}
    compare(model, nn.export_onnx(model, X, tmp_path / "model.onnx", rules=rules), X)
    with pytest.raises(TypeError, match="cube: its rule gave a NoneType, expected what g"):
        nn.export_onnx(model, X, tmp_path / "other.onnx", rules={cube: lambda g, x: None})


def test_a_rule_with_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"export_onnx: the package onnx refuses the graph: .*NoSuch"):
        nn.export_onnx(Of(cube), X, tmp_path / "x.onnx", rules={cube: lambda g, x: g("NoSuch", x)})
    with pytest.raises(ValueError, match="export_onnx: the package onnx refuses the graph: "):
        nn.export_onnx(Of(cube), X, tmp_path / "x.onnx", rules={cube: lambda g, x: g("ReduceSum", x, keepdims=0)})
    assert not list(tmp_path.iterdir())


def test_the_model_is_left_as_it_was(tmp_path: Path) -> None:
    model = nn.Sequential(nn.Linear(3, 4, rng=0), nn.BatchNorm1d(4), nn.Dropout(0.5, rng=0))
    model[0].weight.requires_grad = False
    state = {name: np.array(x) for name, x in model.state_dict().items()}
    nn.export_onnx(model, X, tmp_path / "model.onnx")
    assert model.training
    assert not model[0].weight.requires_grad
    assert model[1].weight.requires_grad
    for name, x in model.state_dict().items():
        np.testing.assert_array_equal(x, state[name])
    compare(model, tmp_path / "model.onnx", X)


class Noisy(nn.Module):
    """Draws in evaluation mode, too, numbers whose shape does not tell it."""

    def __init__(self) -> None:
        self.rng = np.random.default_rng(0)

    def forward(self, x: Any) -> Any:
        return x + self.rng.normal(size=3)


def test_random_numbers_are_not_written_as_constants(tmp_path: Path) -> None:
    model = Noisy()
    before = model.rng.bit_generator.state
    with pytest.raises(ValueError, match=r"add: .*its argument 1 was computed"):
        nn.export_onnx(model, X, tmp_path / "model.onnx")
    assert model.rng.bit_generator.state == before


@given(st.integers(1, 9), st.integers(1, 20), st.sampled_from(["nearest", "linear"]), st.booleans())
@settings(max_examples=12, deadline=None)
def test_sizes_of_resampling(
    tmp_path_factory: pytest.TempPathFactory, n: int, m: int, mode: str, align_corners: bool
) -> None:
    model = nn.Upsample(size=m, mode=mode, align_corners=align_corners and mode == "linear")
    x = np.random.default_rng(0).normal(size=(2, 1, n)).astype(np.float32)
    compare(model, nn.export_onnx(model, x, tmp_path_factory.mktemp("onnx") / "model.onnx"), x)


@given(st.integers(1, 12), st.floats(0.1, 4), st.sampled_from(["nearest", "linear"]))
@settings(max_examples=12, deadline=None)
def test_scales_of_resampling(tmp_path_factory: pytest.TempPathFactory, n: int, scale: float, mode: str) -> None:
    model = nn.Upsample(scale_factor=max(scale, 1 / n), mode=mode)
    x = np.random.default_rng(0).normal(size=(2, 1, n)).astype(np.float32)
    compare(model, nn.export_onnx(model, x, tmp_path_factory.mktemp("onnx") / "model.onnx"), x)


def test_classes_and_preprocessing_are_metadata(tmp_path: Path) -> None:
    model = nn.Linear(3, 2, rng=0)
    preprocessing = nn.data.Preprocessing(8, mean=0.5, std=0.25)
    path = nn.export_onnx(model, X, tmp_path / "model.onnx", classes=["cat", "dog"], preprocessing=preprocessing)
    found = {entry.key: json.loads(entry.value) for entry in onnx.load(path).metadata_props}
    assert found["minigrad.classes"] == ["cat", "dog"]
    assert found["minigrad.preprocessing"] == preprocessing.as_dict()


def test_the_same_model_gives_the_same_bytes(tmp_path: Path) -> None:
    model = nn.MLP(3, [4], 2, rng=0)
    one, two = (nn.export_onnx(model, X, tmp_path / name).read_bytes() for name in ("a.onnx", "b.onnx"))
    assert one == two


def test_dictionaries_name_the_outputs(tmp_path: Path) -> None:
    path = nn.export_onnx(Of(lambda x: {"mean": x.mean(axis=1), "pair": (x, 2 * x)}), X, tmp_path / "model.onnx")
    assert [x.name for x in onnx.load(path).graph.output] == ["mean", "pair_0", "pair_1"]
    np.testing.assert_allclose(computed(path, X)[2], 2 * X)


def test_an_example_in_another_precision_becomes_that_of_the_parameters(tmp_path: Path) -> None:
    path = nn.export_onnx(nn.Linear(3, 2, rng=0), X.astype(np.float64), tmp_path / "model.onnx")
    assert computed(path, X)[0].dtype == np.float32


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda path: nn.export_onnx(_NOT_A_MODULE, X, path), TypeError, "model is a .*, expected an nn.Module"),
        (lambda path: nn.export_onnx(nn.ReLU(), X, path.with_suffix(".pt")), ValueError, r"'x\.pt' must end in \.onnx"),
        (lambda path: nn.export_onnx(nn.ReLU(), X, _NOT_A_PATH), TypeError, "path is a int, expected the name"),
        (lambda path: nn.export_onnx(nn.ReLU(), X[:0], path), ValueError, r"shape \(0, 3\); expected .* at least one"),
        (lambda path: nn.export_onnx(nn.Bilinear(3, 3, 1), (X, X[:1]), path), ValueError, r"\(2, 3\) and \(1, 3\)"),
        (lambda path: nn.export_onnx(nn.ReLU(), X * 1j, path), TypeError, "example 0 has numbers of complex64"),
        (lambda path: nn.export_onnx(nn.ReLU(), X, path, classes="no"), TypeError, "classes is 'no', expected a list"),
    ],
)
def test_wrong_arguments(tmp_path: Path, call: Callable[[Path], Any], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        call(tmp_path / "x.onnx")
    assert not list(tmp_path.iterdir())


def test_without_the_package_onnx(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnx", None)
    with pytest.raises(ImportError, match=r'needs the package onnx: pip install "minigrad-autograd\[onnx\]"'):
        nn.export_onnx(nn.ReLU(), X, tmp_path / "x.onnx")


def test_nn_does_not_import_onnx() -> None:
    program = "import sys, nn; print([name for name in sys.modules if re.match('onnx', name)])"
    done = subprocess.run([sys.executable, "-c", f"import re; {program}"], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["[]"]


def test_an_old_file_stays_where_the_new_one_is_refused(tmp_path: Path) -> None:
    path = nn.export_onnx(nn.ReLU(), X, tmp_path / "model.onnx")
    before = path.read_bytes()
    with pytest.raises(NotImplementedError):
        nn.export_onnx(Of(mg.gamma), X, path)
    assert path.read_bytes() == before


def decorated(f: Callable[..., Any]) -> Callable[..., Any]:
    return wraps(f)(lambda *args: f(*args))


def test_inputs_are_named_after_the_arguments_of_forward(tmp_path: Path) -> None:
    class Static(nn.Module):
        @staticmethod
        def forward(pixels: Any, other: Any) -> Any:
            return pixels * other

    class Wrapped(nn.Module):
        @decorated
        def forward(self, pixels: Any, other: Any) -> Any:
            return pixels * other

    class Several(nn.Module):
        def forward(self, *arrays: Any) -> Any:
            return arrays[0] * arrays[1]

    rows, names = np.ones((2, 3), np.float32), ["pixels", "other"]
    for model, expected in ((Static(), names), (Wrapped(), names), (Several(), ["input_0", "input_1"])):
        inputs = onnx.load(nn.export_onnx(model, (rows, rows), tmp_path / "model.onnx")).graph.input
        assert [value.name for value in inputs] == expected


def test_values_are_named_after_the_layers(tmp_path: Path) -> None:
    path = nn.export_onnx(nn.LeNet(rng=0), np.zeros((1, 1, 28, 28)), tmp_path / "model.onnx")
    names = [node.name for node in onnx.load(path).graph.node]
    assert names[:3] == ["conv1.conv2d_Conv", "relu1.relu_Relu", "pool1.max_pool2d_MaxPool"]
    assert all(re.fullmatch(r"[\w.]+", name) for name in names)


# ---------------------------------------------------------------- models that are drawn


def _blocks(channels: int) -> st.SearchStrategy[Callable[[], nn.Module]]:
    """Layers that keep the shape of their input, of 4 channels and 6 × 6 pixels."""
    return st.sampled_from(
        [
            lambda: nn.Conv2d(channels, channels, 3, padding=1, rng=0),
            lambda: nn.Conv2d(channels, channels, 3, padding=2, dilation=2, groups=2, bias=False, rng=0),
            lambda: nn.BatchNorm2d(channels),
            lambda: nn.GroupNorm(2, channels),
            lambda: nn.InstanceNorm2d(channels),
            lambda: nn.MaxPool2d(3, 1, 1),
            lambda: nn.AvgPool2d(3, 1, 1),
            nn.ReLU,
            nn.GELU,
            lambda: nn.PReLU(channels),
            lambda: nn.Softmax(1),
            nn.Dropout,
            lambda: nn.Residual(nn.ReLU()),
            lambda: nn.Sequential(nn.MaxPool2d(2), nn.Upsample(scale_factor=2)),
            lambda: nn.Sequential(nn.ReflectionPad2d(1), nn.Conv2d(channels, channels, 3, rng=0)),
            lambda: nn.Sequential(nn.Conv2d(channels, 4 * channels, 1, stride=2, rng=0), nn.PixelShuffle(2)),
        ]
    )


_HEADS: list[Callable[[], nn.Module]] = [
    lambda: nn.Flatten(),
    lambda: nn.Sequential(nn.Flatten(), nn.Linear(144, 3, rng=0), nn.LogSoftmax(-1)),
    lambda: nn.GlobalAvgPool(),
    lambda: nn.Sequential(nn.AdaptiveAvgPool2d(4), nn.Flatten(), nn.LayerNorm(64)),
    lambda: nn.ConvTranspose2d(4, 2, 3, stride=2, rng=0),
]


@settings(max_examples=10, deadline=None)
@given(st.data())
def test_models_of_random_layers(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    layers = data.draw(st.lists(_blocks(4), min_size=1, max_size=5))
    model = nn.Sequential(*(make() for make in layers), data.draw(st.sampled_from(_HEADS))())
    n, m = data.draw(st.integers(1, 3)), data.draw(st.integers(1, 4))
    rng = np.random.default_rng(data.draw(st.integers(0, 99)))
    path = nn.export_onnx(model, np.zeros((n, 4, 6, 6), np.float32), tmp_path_factory.mktemp("onnx") / "model.onnx")
    compare(model, path, rng.normal(size=(m, 4, 6, 6)).astype(np.float32))
