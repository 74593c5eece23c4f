"""What PyTorch saves is read without it: all kinds of tensors, states of optimizers, and networks there and back."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings

import nn
from nn.serialization.damaged_file import DamagedFileError
from tests.helpers.pytorch import torch
from tests.nn.oracle.test_pytorch_weights import TorchResNet18, batch_norm_cnn
from tests.nn.serialization.pytorch.files import WRITTEN
from tests.nn.serialization.pytorch.write_files import checkpoint

pytestmark = pytest.mark.oracle

WAYS: list[dict[str, Any]] = [{}, {"pickle_protocol": 5}, {"_use_new_zipfile_serialization": False}]
DTYPES = ["float64", "float32", "float16", "bfloat16", "complex64", "complex128", "bool", "uint8", "int8"]
DTYPES += ["int16", "int32", "int64", "uint16", "uint32", "uint64"]


def require_same(theirs: Any, ours: Any, where: str = "") -> None:
    """What PyTorch has and what was read: equal to the bit, with the same strides, in the same order."""
    if isinstance(theirs, torch.Tensor):
        expected = theirs.detach()
        expected = (expected.float() if theirs.dtype == torch.bfloat16 else expected).numpy()
        assert isinstance(ours, np.ndarray), where
        assert (ours.dtype, ours.shape) == (expected.dtype, expected.shape), where
        assert ours.tobytes() == expected.tobytes(), where
        steps = [step // expected.itemsize for step, n in zip(ours.strides, ours.shape, strict=True) if n > 1]
        assert not ours.size or steps == [step for step, n in zip(theirs.stride(), ours.shape, strict=True) if n > 1]
    elif isinstance(theirs, dict):
        assert type(ours) is dict, where
        assert list(ours) == list(theirs), where
        for key, value in theirs.items():
            require_same(value, ours[key], f"{where}.{key}")
    elif isinstance(theirs, list | tuple):
        assert isinstance(ours, list | tuple), where
        for i, (one, other) in enumerate(zip(theirs, ours, strict=True)):
            require_same(one, other, f"{where}.{i}")
    elif isinstance(theirs, torch.device | torch.dtype):
        assert ours == str(theirs), where
    else:
        assert type(ours) is type(theirs), where
        assert ours == theirs, where


def saved(path: Path, value: Any, **how: Any) -> Path:
    torch.save(value, path, **how)
    return path


@pytest.mark.parametrize("how", WAYS, ids=str)
def test_each_dtype_in_each_memory_layout(tmp_path: Path, how: dict[str, Any]) -> None:
    tensors = {}
    for dtype in DTYPES:
        x = torch.tensor(np.random.default_rng(0).integers(0, 2, (2, 3, 4, 5))).to(getattr(torch, dtype))
        tensors[dtype] = [x, x.permute(3, 0, 2, 1), x[1, :, 1:3], x[:, :, ::2, 1:], x[0, 0, 0, 0], x[:0]]
        tensors[dtype] += [x.contiguous(memory_format=torch.channels_last), x[:, :1]]
    found = nn.read_torch(saved(tmp_path / "x.pt", tensors, **how))
    require_same(tensors, found)
    assert np.shares_memory(found["float32"][0], found["float32"][1])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(1, 4), max_size=4), st.integers(0, 3), st.randoms(use_true_random=False))
def test_views_of_views(tmp_path_factory: Any, shape: list[int], offset: int, random: Any) -> None:
    x = torch.arange(int(np.prod(shape)) + offset, dtype=torch.float32)[offset:].reshape(shape)
    for axis in range(x.ndim):
        first = random.randrange(x.shape[axis])
        x = x.narrow(axis, first, random.randint(0, x.shape[axis] - first))
    axes = list(range(x.ndim))
    random.shuffle(axes)
    x = x.permute(axes)
    require_same({"x": x}, nn.read_torch(saved(tmp_path_factory.mktemp("files") / "x.pt", {"x": x})))


def test_the_files_that_other_tests_read() -> None:
    expected = checkpoint(torch)
    for path in WRITTEN.glob("*.pt"):
        require_same(expected, nn.read_torch(path), path.name)


OPTIMIZERS = ["SGD", "Adam", "AdamW", "RMSprop", "Adagrad", "Adadelta", "NAdam", "RAdam", "Adamax", "LBFGS"]


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_checkpoints_of_trainings(tmp_path: Path, name: str) -> None:
    model = batch_norm_cnn(torch.nn)
    optimizer = getattr(torch.optim, name)(model.parameters(), lr=0.01, **({"momentum": 0.9} if name == "SGD" else {}))
    scheduled = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)
    schedules = torch.optim.lr_scheduler

    def loss() -> Any:
        optimizer.zero_grad()
        value = model(torch.ones(2, 3, 16, 16)).square().mean()
        value.backward()
        return value

    for _ in range(2):
        optimizer.step(loss)
    state = {
        "model": model.state_dict(),
        "optimizer": optimizer.state_dict(),
        "schedules": [
            schedules.StepLR(scheduled, 3).state_dict(),
            schedules.MultiStepLR(scheduled, [3, 5]).state_dict(),
            schedules.CosineAnnealingLR(scheduled, 10).state_dict(),
            schedules.ReduceLROnPlateau(scheduled).state_dict(),
            schedules.LambdaLR(scheduled, lambda t: 1 / (t + 1)).state_dict(),
        ],
        "rng": torch.get_rng_state(),
    }
    for schedule in state["schedules"]:
        for key in [key for key, value in schedule.items() if callable(value)]:
            del schedule[key]
    state["schedules"][1]["milestones"] = dict(state["schedules"][1]["milestones"])  # for the comparison alone
    require_same(state, nn.read_torch(saved(tmp_path / "x.pt", state)))


def lenet(lib: Any) -> Any:
    layers = {"conv1": lib.Conv2d(1, 6, 5, padding=2), "relu1": lib.ReLU(), "pool1": lib.MaxPool2d(2)}
    layers |= {"conv2": lib.Conv2d(6, 16, 5), "relu2": lib.ReLU(), "pool2": lib.MaxPool2d(2), "flatten": lib.Flatten()}
    layers |= {"fc1": lib.Linear(400, 120), "relu3": lib.ReLU(), "fc2": lib.Linear(120, 84), "relu4": lib.ReLU()}
    model = lib.Sequential()
    for name, layer in {**layers, "fc3": lib.Linear(84, 10)}.items():
        model.add_module(name, layer)
    return model


NETWORKS: dict[str, tuple[Any, Any, tuple[int, ...]]] = {
    "LeNet": (nn.LeNet, lambda: lenet(torch.nn), (4, 1, 28, 28)),
    "ResNet-18": (nn.ResNet18, TorchResNet18, (1, 3, 64, 64)),
    "batch-norm CNN": (lambda: batch_norm_cnn(nn), lambda: batch_norm_cnn(torch.nn), (4, 3, 16, 16)),
}


@pytest.mark.parametrize("how", WAYS[::2], ids=str)
@pytest.mark.parametrize("name", NETWORKS)
def test_from_pytorch_to_minigrad_and_back(tmp_path: Path, name: str, how: dict[str, Any]) -> None:
    """The weights are the same bits after the round trip, and so are PyTorch's predictions; ours agree to 1e-6."""
    for_torch = pytest.importorskip("safetensors.torch")
    ours, theirs, shape = NETWORKS[name]
    torch.manual_seed(0)
    before, after, model = theirs(), theirs(), ours()
    x = torch.randn(shape)
    before.train()(torch.randn((4, *shape[1:])))  # so that running values are not the initial ones
    before.eval()
    model.load_state_dict(nn.read_torch(saved(tmp_path / "theirs.pt", before.state_dict(), **how)))
    nn.save(model, tmp_path / "ours.safetensors")
    after.load_state_dict(for_torch.load_file(tmp_path / "ours.safetensors"))
    require_same(before.state_dict(), {key: value.numpy() for key, value in after.state_dict().items()})
    with torch.no_grad():
        assert torch.equal(after.eval()(x), before(x))
        expected = before.double()(x.double()).numpy()
    np.testing.assert_allclose(nn.predict(model.double(), x.double().numpy()), expected, rtol=1e-6, atol=1e-6)


class WithAttribute(torch.Tensor):
    """A subclass of a user."""


def refused() -> dict[str, tuple[Any, str]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        quantized = torch.quantize_per_tensor(torch.ones(3), 0.1, 0, torch.qint8)
    return {
        "a whole module": (
            batch_norm_cnn(torch.nn),
            r"asks for torch\.nn\.modules\.container\.Sequential, .*state_dict",
        ),
        "a module within": ({"model": torch.nn.Linear(2, 3)}, r"torch\.nn\.modules\.linear\.Linear"),
        "an optimizer": (torch.optim.SGD([torch.ones(1, requires_grad=True)], lr=0.1), r"torch\.optim\.sgd\.SGD"),
        "sparse": ({"x": torch.eye(3).to_sparse()}, r"_rebuild_sparse_tensor, .*tensor\.to_dense\(\)"),
        "quantized": ({"x": quantized}, r"_rebuild_qtensor, .*tensor\.dequantize\(\)"),
        "float8": ({"x": torch.ones(3).to(torch.float8_e4m3fn)}, r"torch\.float8_e4m3fn, .*tensor\.float\(\)"),
        "a subclass": ({"x": torch.ones(3).as_subclass(WithAttribute)}, r"torch\._tensor\._rebuild_from_type_v2"),
        "expanded": ({"x": torch.ones(1).expand(1000)}, r"has 1000 elements .* 1, *|has 1; .*tensor\.contiguous\(\)"),
        "a conjugate": ({"x": torch.ones(2, dtype=torch.complex64).conj()}, r"tensor\.resolve_conj\(\)"),
        "NumPy's number": ({"best": np.float64(0.5)}, r"multiarray\.scalar, .*float\(x\)"),
        "NumPy's array": ({"x": np.ones(3)}, r"numpy\._core\.multiarray\._reconstruct"),
        "a storage": ({"x": torch.ones(3).untyped_storage()}, "a storage without a tensor"),
        "on no device": ({"x": torch.ones(3, device="meta")}, "_rebuild_meta_tensor_no_storage, .*without numbers"),
        "a function": ({"x": torch.relu}, "the pickle asks for "),
        "a set": ({"x": {1, 2}}, r"__builtin__\.set, .*sorted\(x\)"),
    }


@pytest.mark.parametrize("case", refused())
def test_what_is_refused_by_its_name(tmp_path: Path, case: str) -> None:
    value, said = refused()[case]
    for i, how in enumerate(WAYS[::2]):
        try:
            path = saved(tmp_path / f"{i}.pt", value, **how)
        except Exception:  # PyTorch does not save it in its old format
            assert i
            continue
        with pytest.raises(DamagedFileError, match=said):
            nn.read_torch(path)


def test_other_files_of_pytorch(tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.jit.save(torch.jit.script(torch.nn.Linear(2, 3)), tmp_path / "script.pt")
    with pytest.raises(DamagedFileError, match="a program of TorchScript"):
        nn.read_torch(tmp_path / "script.pt")
    before = torch.serialization.get_crc32_options()
    torch.serialization.set_crc32_options(False)
    try:
        path = saved(tmp_path / "x.pt", {"x": torch.ones(3)})
    finally:
        torch.serialization.set_crc32_options(before)
    with pytest.raises(DamagedFileError, match=r"set_crc32_options\(False\): save it without"):
        nn.read_torch(path)
