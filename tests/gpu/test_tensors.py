"""Tensors on a GPU: moving them, errors for mixed devices, and conversions to NumPy and Python."""

from __future__ import annotations

import copy
import pickle
import sys
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest

import minigrad as mg
from minigrad.core.tensor import Tensor
from minigrad.device import device_of
from tests.helpers import fake_cupy


def on_gpu(value: Any, **params: Any) -> Tensor:
    return Tensor(value, device="cuda", **params)


# ---------------------------------------------------------------- making and moving


@pytest.mark.usefixtures("gpu")
def test_tensors_are_made_on_a_device() -> None:
    for value in (2.0, [1.0, 2.0], np.ones((2, 3), dtype=np.float32), Tensor([1.0])):
        t = on_gpu(value, requires_grad=True)
        assert t.device == "cuda:0"
        assert t.dtype == Tensor(value).dtype
        assert t.shape == np.shape(value)
        assert Tensor(t.data, dtype="float32").device == Tensor(t).device == "cuda:0"
        assert Tensor(t, device="cpu").device == Tensor(t.data, device="cpu").device == "cpu"
    assert on_gpu([1, 2], dtype="float32").dtype == np.float32
    data = on_gpu([1.0, 2.0]).data
    assert Tensor(data).data is not data  # arrays are copied


@pytest.mark.usefixtures("gpu")
def test_to_moves_and_its_error_signal_comes_back() -> None:
    x = Tensor([1.0, 2.0], requires_grad=True)
    y = x.to("cuda")
    assert (y.device, y.requires_grad, y.is_leaf) == ("cuda:0", True, False)
    (y * y).sum().backward()
    assert isinstance(x.grad, np.ndarray)
    np.testing.assert_array_equal(x.grad, [2, 4])
    w = on_gpu([3.0], requires_grad=True)
    (x.to("cuda") * w).sum().to("cpu").backward()
    assert device_of(w.grad) == "cuda:0"
    assert w.grad.get() == 3
    assert x.to("cpu") is x
    assert w.to("cuda") is w.to("cuda:0") is w


@pytest.mark.usefixtures("gpu")
def test_through_moves_there_are_derivatives_of_any_order() -> None:
    def f(x: Any) -> Any:
        return (mg.to(mg.exp(mg.to(x, "cuda")), "cpu") * x).sum()

    x = np.array([0.3, -0.7])
    np.testing.assert_allclose(mg.grad(f)(x), np.exp(x) * (1 + x), rtol=1e-12)
    np.testing.assert_allclose(mg.hvp(f, x, np.ones(2)), np.exp(x) * (2 + x), rtol=1e-12)
    np.testing.assert_allclose(mg.jvp(f, (x,), (np.ones(2),))[1], (np.exp(x) * (1 + x)).sum(), rtol=1e-12)


def test_the_second_gpu(monkeypatch: pytest.MonkeyPatch) -> None:

    for name, module in fake_cupy.modules(gpus=2).items():
        monkeypatch.setitem(sys.modules, name, module)
    x = on_gpu([1.0]).to("cuda:1")
    assert x.device == (x * 2).device == "cuda:1"
    assert x.to("cuda:0").device == "cuda:0"
    with fake_cupy.Device(1):
        assert x.to("cuda") is x
    with pytest.raises(TypeError, match=r"(?s)'cuda:0'.*'cuda:1'"):
        on_gpu([1.0]) + x
    with pytest.raises(ValueError, match="2 GPUs, counted from 0"):
        x.to("cuda:2")


def test_no_such_device(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("gpu", "cuda:", "cuda:x", "CUDA", 0, None):
        with pytest.raises(ValueError, match='not known; it is "cpu", "cuda"'):
            mg.to(Tensor(1.0), name)  # type: ignore[arg-type]
    monkeypatch.setitem(sys.modules, "cupy", None)  # as if it were not installed
    with pytest.raises(ImportError, match=r'pip install "cupy-cuda12x'):
        Tensor(1.0, device="cuda")

    def no_driver() -> int:
        raise RuntimeError("driver version is insufficient")

    cupy = ModuleType("cupy")
    cupy.cuda = SimpleNamespace(runtime=SimpleNamespace(getDeviceCount=no_driver))  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "cupy", cupy)
    with pytest.raises(RuntimeError, match=r"'cuda:0': CuPy finds no GPU \(driver version is insufficient\)"):
        Tensor(1.0).to("cuda:0")


# ---------------------------------------------------------------- devices are not mixed

_MIXED = {
    "multiply": lambda t, a: t * a,
    "add": lambda t, a: a + t,
    "matmul": lambda t, a: t @ a,
    "power": lambda t, a: np.power(t, a),
    "linear": lambda t, a: mg.linear(t, a),
    "einsum": lambda t, a: mg.einsum("ij,jk->ik", t, a),
    "where": lambda t, a: mg.where(a > 0, t, 0),
    "concatenate": lambda t, a: np.concatenate([t, a]),
    "stack": lambda t, a: mg.stack([a, t]),
    "solve": lambda t, a: mg.solve(t, a),
    "kron": lambda t, a: mg.kron(t, a),
    "getitem": lambda t, a: t[a.astype(int)],
    "gt": lambda t, a: t > a,
    "equal": lambda t, a: np.equal(a, t),
    "and": lambda t, a: (t > 0) & Tensor(a > 0),
    "backward": lambda t, a: (t * 1).backward(a),
    "cross_entropy": lambda t, a: mg.cross_entropy(t, np.array([0, 1])),
    "cross_entropy of probabilities": lambda t, a: mg.cross_entropy(a, t),
    "conv2d": lambda t, a: mg.conv2d(t.reshape(1, 1, 2, 2), a.reshape(1, 1, 2, 2)),
    "take": lambda t, a: mg.take(t, np.array([0])),
    "vjp": lambda t, a: mg.vjp(mg.exp, t)[1](a),
    "jvp": lambda t, a: mg.jvp(mg.exp, (t,), (a,)),
}


@pytest.mark.usefixtures("gpu")
@pytest.mark.parametrize("name", _MIXED)
@pytest.mark.parametrize("tensor", [False, True])
def test_two_devices_are_refused_by_name(name: str, tensor: bool) -> None:
    if tensor and name in ("getitem", "and", "where", "conv2d"):
        pytest.skip("it has no Tensor in place of the array")
    array: Any = np.array([[1.0, 2.0], [3.0, 5.0]])
    t = on_gpu([[0.5, 1.0], [2.0, 1.0]], requires_grad=True)
    name_in_error = {"take": "getitem"}.get(name, name).partition(" ")[0]
    with pytest.raises(TypeError, match=rf"(?s){name_in_error}.*'c.*:? .*on 'c.*t\.to\('cuda:0'\)") as error:
        _MIXED[name](t, Tensor(array) if tensor else array)
    assert "'cpu'" in str(error.value)


@pytest.mark.usefixtures("gpu")
def test_an_index_on_a_gpu_into_an_array_on_the_cpu() -> None:
    with pytest.raises(TypeError, match=r"getitem: .*'cpu'.*'cuda:0'"):
        Tensor([1.0, 2.0])[on_gpu([1.0, -1.0]) > 0]


@pytest.mark.usefixtures("gpu")
def test_other_mistakes_keep_their_messages() -> None:
    t = on_gpu([[1.0, 2.0]])
    with pytest.raises(ValueError, match="did you mean"):
        t @ t
    with pytest.raises(TypeError, match="holds Tensors"):
        t * [t, t]


@pytest.mark.usefixtures("gpu")
def test_numbers_and_lists_combine_with_any_device() -> None:
    t = on_gpu([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
    for y in (
        *(t * 2, 2 - t, t**2, np.float64(3) * t, t + np.float32(1), t * [[1, 2], [3, 4]], [1.0, 2.0] @ t),
        *(mg.where(True, t, 0.0), mg.where([True, False], t, 1), mg.stack([t[0, 0], 2.0, np.int8(3)])),
        *(np.append(t, 5.0), mg.concatenate([t, [[1.0, 2.0]]]), t[[1, 0]], t[:, np.int64(1)], mg.take(t, [0, 3])),
        *(mg.interp(0.5, [0.0, 1.0], t[0]), mg.trapezoid(t, [0.0, 2.0]), mg.choose([0, 1], [t[0], 7.0])),
        *(mg.compress([True, False], t), mg.take_along_axis(t, [[1], [0]]), mg.cross_entropy(t, [0, 1])),
        *(np.average(t, weights=[1.0, 3.0], axis=0), mg.quantile(t, [0.1, 0.9]), mg.pad(t, 1, mode="wrap")),
    ):
        assert y.device == "cuda:0"
        y.sum().backward()
    (t * 1).backward([[1, 2], [3, 4]])
    assert device_of(t.grad) == "cuda:0"


@pytest.mark.usefixtures("gpu")
def test_a_single_number_of_the_cpu_gets_its_error_signal_from_the_gpu() -> None:
    a, x = Tensor(2.0, requires_grad=True), on_gpu([1.0, 4.0])
    (a * x * a).sum().backward()
    assert isinstance(a.grad, np.generic)
    assert a.grad == 20
    a.zero_grad()
    (a * x * a).sum().backward(create_graph=True)
    assert (a.grad.device, float(a.grad)) == ("cpu", 20)
    value, tangent = mg.jvp(lambda a: a * x * a, (2.0,), (1.0,))
    assert device_of(tangent) == "cuda:0"
    np.testing.assert_array_equal(tangent.get(), [4, 16])
    assert value.shape == (2,)


# ---------------------------------------------------------------- conversions


@pytest.mark.usefixtures("gpu")
def test_conversion_to_numpy_is_refused_and_the_error_says_what_to_write() -> None:
    t = on_gpu([1.0, 2.0], name="w")
    for leave in (Tensor.numpy, np.asarray, np.array):
        with pytest.raises(TypeError, match=r"Tensor 'w' is on 'cuda:0'.*t\.to\(\"cpu\"\)\.numpy\(\)"):
            leave(t)
    np.testing.assert_array_equal(t.to("cpu").numpy(), [1, 2])


@pytest.mark.usefixtures("gpu")
def test_numbers_and_text() -> None:
    s, t = on_gpu(0.5), on_gpu([1.0, 2.0], requires_grad=True)
    assert (s.item(), float(s), int(s), bool(s), complex(s), f"{s:.2f}") == (0.5, 0.5, 0, True, 0.5, "0.50")
    assert (t.item(1), t.tolist(), len(t), 2.0 in t, f"{t:.1f}") == (2.0, [1.0, 2.0], 2, True, "[1.0, 2.0]")
    assert [float(x) for x in t] == [1, 2]
    assert range(10)[on_gpu(3)] == 3
    assert repr(t) == "Tensor([1., 2.], device='cuda:0', requires_grad=True)"
    assert repr(s * 2) == "Tensor(1., device='cuda:0')"
    with pytest.raises(ValueError, match="2 elements"):
        t.item()


@pytest.mark.usefixtures("gpu")
def test_copies_stay_on_their_device() -> None:
    t = on_gpu([1.0, 2.0], requires_grad=True, name="t")
    (t * t).sum().backward()
    for twin in (copy.deepcopy(t), pickle.loads(pickle.dumps(t)), t.copy(), t.detach()):
        assert twin.device == "cuda:0"
        assert twin.tolist() == [1, 2]
    assert pickle.loads(pickle.dumps(t)).grad.tolist() == [2, 4]


@pytest.mark.usefixtures("gpu")
def test_writing_into_a_value_that_a_graph_needs_is_found() -> None:
    t = on_gpu([1.0, 2.0], requires_grad=True)
    y = (t * t).sum()
    t.data -= 0.1
    with pytest.raises(RuntimeError, match="written into"):
        y.backward()


@pytest.mark.usefixtures("gpu")
def test_derivations_and_drawings_show_the_numbers() -> None:
    w, x = on_gpu([[0.5, -0.5]], requires_grad=True, name="w"), on_gpu([1.0, 2.0], name="x")
    loss = mg.sigmoid(w @ x).sum().named("L")
    text = str(mg.explain(loss))
    assert "w = [0.5  −0.5], x = [1, 2]" in text
    assert "0.3775" in text
    assert "0.3775" in str(mg.draw(loss, values=True))
    for again in (lambda: mg.explain(loss).check(), lambda: mg.explain(loss).wrong_order(), lambda: mg.grade(loss, {})):
        with pytest.raises(TypeError, match=r"'cuda:0'.* only be recomputed on the CPU"):
            again()


@pytest.mark.usefixtures("gpu")
def test_formulas_do_not_mention_moves() -> None:
    x = Tensor([1.0, 2.0], requires_grad=True, name="x")
    L = (x.to("cuda") ** 2).sum().to("cpu").named("L")
    text = str(mg.explain(L))
    assert "L = ‖x‖²" in text
    assert "x̄ = 2 L̄ x" in text


@pytest.mark.usefixtures("gpu")
def test_modes_work_on_a_gpu() -> None:
    x = on_gpu([0.5, 0.25], requires_grad=True)
    seen: list[Any] = []
    y = mg.checkpoint(lambda x: mg.tanh(x) * x)(x)
    y.register_hook(seen.append)
    y.sum().backward()
    assert device_of(seen[0]) == device_of(x.grad) == "cuda:0"
    zero = on_gpu(0.0, requires_grad=True)
    with np.errstate(all="ignore"), pytest.raises(FloatingPointError, match="rule of sqrt"), mg.detect_anomaly():
        (x * mg.sqrt(zero)).sum().backward()
    jacobian = mg.jacobian(lambda x: x[0] * x)(x.data)
    np.testing.assert_array_equal(jacobian.get(), [[1, 0], [0.25, 0.5]])
    assert device_of(mg.hessian(lambda x: (x**3).sum())(x.data)) == "cuda:0"
    mg.check_grads(lambda x: mg.exp(x) * x, x)  # on the CPU
