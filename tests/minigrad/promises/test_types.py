"""Types, shapes and memory."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn
from minigrad.core.tensor import Tensor
from tests.minigrad.promises import same, slopes


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_dtypes(dtype: type) -> None:
    """dtypes"""
    x = Tensor([1.0, 2.0], dtype=dtype, requires_grad=True)
    y = mg.sum(2 * x**2 + mg.exp(x) / 3.0 - 1)
    assert y.dtype == dtype
    y.backward()
    assert x.grad.dtype == dtype
    assert (x * np.ones(2, np.float64)).dtype == np.float64
    assert (x * np.arange(2, dtype=np.int8)).dtype == dtype
    assert mg.float_power(x, 2).dtype == np.float64
    assert mg.average(x, weights=np.int8([1, 2])).dtype == dtype
    assert np.fabs(Tensor(np.int8([-1]))).dtype == np.float16


def test_precision_that_is_kept() -> None:
    """`interp`, `quantile`, `percentile`, `nanquantile`, `nanpercentile`, `cov`, `corrcoef`, `geomspace`, `vander`"""
    for dtype in (np.float16, np.float32):
        x, gap = Tensor([1.0, 2.0], dtype=dtype), Tensor([1.0, np.nan, 2.0], dtype=dtype)
        for y in (
            *(mg.interp(x, x, x), mg.quantile(x, [0.1, 0.5]), mg.percentile(x, [10, 50])),
            *(mg.nanquantile(gap, [0.1, 0.5]), mg.nanpercentile(gap, [10, 50])),
            *(mg.cov(x), mg.corrcoef([x.data, x.data[::-1]]), mg.geomspace(x, x, 3), mg.vander(x)),
        ):
            assert y.dtype == dtype


def test_mixed_precision() -> None:
    """mixed precision"""
    a, b = Tensor(np.float32([1, 2]), requires_grad=True), Tensor(np.float64([3, 4]), requires_grad=True)
    y = a * b
    assert y.dtype == np.float64
    y.sum().backward()
    assert (a.grad.dtype, b.grad.dtype) == (np.float32, np.float64)


def test_integers_and_booleans() -> None:
    """integers and booleans"""
    i, w = Tensor([1, 2]), Tensor([0.5, 0.5], requires_grad=True)
    mg.sum(i * w * (i > 1)).backward()
    same(w.grad, [0, 2])
    assert i.grad is None
    assert mg.mean(i).dtype == np.float64
    for data in ([1, 2], [True, False]):
        with pytest.raises(TypeError, match="only floating types"):
            Tensor(data, requires_grad=True)


def test_complex_numbers() -> None:
    """complex numbers"""
    x = Tensor([1.0, 2.0], requires_grad=True)
    mg.sum(mg.abs(mg.exp(1j * x) * x)).backward()
    assert x.grad.dtype == np.float64
    np.testing.assert_allclose(x.grad, [1, 1], rtol=1e-12)
    with pytest.raises(TypeError, match="complex number"):
        mg.sum(1j * x).backward()


def test_grad() -> None:
    """`grad`"""
    x, unused = Tensor(np.ones((2, 3), np.float32), requires_grad=True), Tensor(1.0, requires_grad=True)
    assert x.grad is None
    mg.mean(x).backward()
    assert type(x.grad) is np.ndarray
    assert (x.grad.shape, x.grad.dtype) == (x.shape, x.dtype)
    x.grad[0, 0] = 5.0
    x.grad *= 2
    same(x.data, np.ones((2, 3)))
    assert unused.grad is None


def test_accumulation() -> None:
    """several calls of `backward`"""
    x = Tensor([1.0, 2.0], requires_grad=True)
    for _ in range(2):
        mg.sum(x * x).backward()
    same(x.grad, [4, 8])
    x.zero_grad()
    assert x.grad is None


def test_broadcasting() -> None:
    """broadcasting"""
    a_bar, b_bar = slopes(mg.multiply, [[1.0], [2.0]], [10.0, 20.0, 30.0])
    same(a_bar, [[60], [60]])
    same(b_bar, [3, 3, 3])
    same(slopes(lambda c: c + np.ones((2, 3)), 1.0), 6)


def test_layout() -> None:
    """layout in memory"""
    a = np.arange(12.0).reshape(3, 4)
    expected = slopes(lambda x: mg.softmax(x / 10) ** 2, a)
    for view in (np.asfortranarray(a), np.repeat(a, 2, axis=1)[:, ::2], a[::-1].copy()[::-1]):
        x = Tensor(0.0, requires_grad=True)
        x.data = view
        mg.sum(mg.softmax(x / 10) ** 2).backward()
        np.testing.assert_allclose(x.grad, expected, rtol=1e-15, atol=1e-17)


def test_writes_between_the_passes() -> None:
    """`t.data -= …` between forward and backward"""
    w = Tensor([1.0, 2.0], requires_grad=True, name="w")
    loss = mg.sum(w * w)
    w.data -= 0.1
    with pytest.raises(RuntimeError, match=r"Tensor 'w' .* was written into"):
        loss.backward()


def test_other_writes() -> None:
    """other writes into arrays that the graph needs"""
    w = Tensor([1.0, 2.0], requires_grad=True)
    loss = mg.sum(w * w)
    w.data[0] = 5.0
    loss.backward()
    same(w.grad, [10, 4])  # which is wrong
    with mg.detect_anomaly():
        loss = mg.sum(w * w)
        w.data[0] = 6.0
        with pytest.raises(RuntimeError, match="was written into after"):
            loss.backward()


def test_computed_values() -> None:
    """the value of a computed Tensor"""
    y = 2 * Tensor([1.0, 2.0], requires_grad=True)
    with pytest.raises(ValueError, match="read-only"):
        y.data[0] = 1.0


def test_items() -> None:
    """`t[i] = v`"""
    t = Tensor([1.0, 2.0], requires_grad=True)
    with pytest.raises(TypeError, match="cannot be written into"):
        t[0] = 5.0


def test_augmented_assignment_of_a_parameter_within_no_grad() -> None:
    """`w -= …` of a leaf that requires gradients, within `no_grad`"""
    w = Tensor([1.0, 2.0], requires_grad=True)
    before, array = w, w.data
    loss = mg.sum(w * w)
    with mg.no_grad():
        w -= 0.5
    assert w is before
    same(array, [0.5, 1.5])
    with pytest.raises(RuntimeError, match="was written into"):
        loss.backward()


def test_augmented_assignment_of_shared_memory() -> None:
    """the same where a detached Tensor, another leaf or an array shares the memory"""
    w, v = Tensor([1.0, 2.0], requires_grad=True), Tensor([1.0, 1.0], requires_grad=True)
    other = Tensor(0.0, requires_grad=True)
    other.data = w.data[::-1]
    for shared in (w.detach(), other, w.data):
        loss = mg.sum(v * shared)
        with mg.no_grad():
            w -= 0.5
        with pytest.raises(RuntimeError, match="shares memory with a leaf, which was written into"):
            loss.backward()


def test_augmented_assignment_of_a_parameter_while_recording() -> None:
    """`w -= …` of such a leaf elsewhere"""
    w = Tensor([1.0, 2.0], requires_grad=True)
    with pytest.raises(RuntimeError, match=r"with mg\.no_grad\(\)"):
        w -= 0.5
    same(w.data, [1, 2])


def test_augmented_assignment_of_other_tensors() -> None:
    """`t += …` of constants, computed Tensors and arguments of `mg.grad`"""

    def f(x: Tensor) -> Tensor:
        y = x
        y *= x
        y += 1.0
        assert y is not x
        return y * x

    same(mg.grad(f)(2.0), 13)
    t = before = Tensor([1.0, 2.0])
    t += 1.0
    assert t is not before
    same(before.data, [1, 2])


def test_the_dtype_of_a_leaf() -> None:
    """the dtype of a floating leaf"""
    w = Tensor([1.0, 2.0], dtype=np.float32, requires_grad=True)
    w.data = w.data - np.float64(0.5) * np.ones(2)
    with mg.no_grad():
        w -= np.full(2, 0.5)
    assert w.dtype == np.float32
    same(w.data, [0, 1])
    with pytest.raises(TypeError, match="only floating types"):
        w.data = 1j * w.data


def test_another_value_of_a_leaf() -> None:
    """`t.data = a` between forward and backward"""
    w = Tensor([3.0], requires_grad=True, name="w")
    loss = mg.sum(w**3)
    w.data = w.data - 1
    loss.backward(retain_graph=True)
    same(w.grad, [27])
    with pytest.raises(RuntimeError, match=r"Tensor 'w' .* was given another value"):
        loss.backward(create_graph=True)


def test_another_value_of_a_computed_tensor() -> None:
    """`t.data = a` of a computed Tensor"""
    y = mg.exp(Tensor(1.0, requires_grad=True))
    with pytest.raises(RuntimeError, match="made by exp"):
        y.data = 0.0


def test_setting_requires_grad() -> None:
    """`t.requires_grad = True`, and `False`"""
    t = Tensor([1.0, 2.0])
    t.requires_grad = True
    mg.sum(t * t).backward()
    same(t.grad, [2, 4])
    for data in ([1, 2], [True, False], [1j]):
        constant = Tensor(data)
        with pytest.raises(TypeError, match="only floating types"):
            constant.requires_grad = True
    y = t * t
    with pytest.raises(RuntimeError, match=r"t\.detach\(\)"):
        y.requires_grad = False


@pytest.mark.parametrize("subclass", [np.ma.MaskedArray, np.recarray, np.memmap, type("Own", (np.ndarray,), {})])
def test_subclasses_of_arrays(subclass: type) -> None:
    """masked arrays, `np.matrix` and other subclasses of `np.ndarray`"""
    array = np.array([1.0, 2.0]).view(subclass)
    if subclass is np.memmap:
        same(mg.exp(array), np.exp([1, 2]))
        return
    for call in (
        lambda: Tensor(array),
        lambda: mg.exp(array),
        lambda: Tensor(1.0) * [array],
        lambda: mg.grad(mg.sum)(array),
    ):
        with pytest.raises(TypeError, match="got a"):
            call()


@pytest.mark.parametrize("array", [["1.0"], [None], np.array([1.0], object), np.array(["2026"], "M8[Y]")], ids=str)
def test_arrays_of_no_numbers(array: Any) -> None:
    """arrays of text, objects or dates"""
    for call in (Tensor, lambda a: Tensor(a, dtype=float), mg.exp, mg.grad(mg.sum), lambda a: Tensor([1.0]) + a):
        with pytest.raises(TypeError):
            call(array)


def test_frames_of_other_libraries() -> None:
    """frames, labelled arrays and tensors of [other libraries](tutorials/interfaces.md)"""
    pd, xr = pytest.importorskip("pandas"), pytest.importorskip("xarray")
    same(Tensor(pd.Series([1.0, 2.0], index=[9, 8])), [1, 2])
    for given in (
        pd.Series([1, None], dtype="Int64"),
        pd.Series([1.0, 2.0], dtype="category"),
        xr.DataArray([1.0, 2.0], dims=["x"]),
    ):
        for call in (Tensor, mg.exp, mg.grad(mg.sum), lambda a: Tensor([1.0]) + a):
            with pytest.raises(TypeError, match="write x"):
                call(given)


def test_a_parameter_of_a_module() -> None:
    """`m.w = a` where `m.w` is a parameter or a buffer"""
    model = nn.Linear(2, 1)
    model.mean = nn.Buffer([0.0])
    with pytest.raises(TypeError, match=r"mean is a buffer.*nn\.Buffer"):
        model.mean = np.zeros(1)
    for value in (model.weight.data, mg.Tensor(model.weight), 1.0):
        with pytest.raises(TypeError, match=r"weight is a parameter.*nn\.Parameter"):
            model.weight = value  # type: ignore[assignment]
    assert len(list(model.parameters())) == 2


def test_layers_in_containers() -> None:
    """a layer in a list or dictionary of a module"""
    model = nn.Module()
    model.branches = {"left": [nn.Linear(2, 1)]}
    assert list(model.state_dict()) == ["branches.left.0.weight", "branches.left.0.bias"]
    for hidden in ({1: nn.Linear(2, 1)}, {"a.b": nn.Linear(2, 1)}, {nn.Linear(2, 1)}):
        with pytest.raises((TypeError, ValueError), match=r"strings without a dot|is not found"):
            model.others = hidden


def test_conversion_of_a_model() -> None:
    """`model.to(dtype)`, `w.dtype = dtype`"""
    model = nn.Linear(2, 1)
    model.steps = nn.Buffer(3)
    mg.sum(model(np.ones((1, 2), np.float32))).backward()
    weight = model.weight
    model.to(np.float64)
    assert model.weight is weight
    assert (weight.dtype, weight.grad.dtype, model.steps.dtype.kind) == (np.float64, np.float64, "i")
    weight.dtype = np.float32
    assert (weight.dtype, weight.grad.dtype) == (np.float32, np.float32)


@pytest.mark.parametrize("strange", [["a"], [None], [1j], np.ma.array([1.0]), np.array(["2026"], "M8[Y]"), [1.0, 2.0]])
def test_a_state_that_does_not_fit(strange: Any) -> None:
    """`load_state_dict` of what does not fit or is not numbers"""
    model = nn.Linear(2, 1, rng=0)
    before = model.state_dict()
    with pytest.raises((TypeError, ValueError), match=r"load_state_dict: .*bias"):
        model.load_state_dict({"weight": before["weight"] + 1, "bias": strange})
    same(model.weight.data, before["weight"])


def test_a_state_of_which_a_part_fits() -> None:
    """`load_state_dict(state, strict=False)`"""
    model = nn.Linear(2, 1)
    report = model.load_state_dict({"weight": np.ones((2, 2)), "bias": [3.0], "extra": 1.0}, strict=False)
    assert report == ([], ["extra"], {"weight": ((2, 2), (1, 2))})
    same(model.bias.data, [3])
    with pytest.warns(RuntimeWarning, match="nothing was loaded"):
        model.load_state_dict({"module.bias": [3.0]}, strict=False)


def test_a_state_of_tied_weights() -> None:
    """tied weights in a state"""
    model = nn.Sequential(nn.Linear(1, 1), nn.Linear(1, 1))
    model[1].weight = model[0].weight
    state = model.state_dict()
    assert list(state) == ["0.weight", "0.bias", "1.bias"]
    model.load_state_dict({**state, "0.weight": [[2.0]], "1.weight": [[2.0]]})
    same(model[1].weight.data, [[2]])
    with pytest.raises(ValueError, match=r"0\.weight and 1\.weight are one in this Sequential, and differ"):
        model.load_state_dict({**state, "1.weight": [[3.0]]})


def test_a_state_with_generators() -> None:
    """the random generators of a model"""
    dropout, other = nn.Dropout(0.5, rng=0), nn.Dropout(0.5, rng=1)
    other.load_state_dict(dropout.state_dict())
    dropout.load_state_dict({})
    same(dropout(np.ones(100)), other(np.ones(100)))


def test_a_state_that_is_not_finite() -> None:
    """`load_state_dict` of NaN, infinity, and values that overflow the parameter's dtype"""
    model = nn.Linear(1, 2)
    with pytest.warns(RuntimeWarning, match="bias has NaN in 1 of 2 elements; bias has an overflow of float32 in 1"):
        model.load_state_dict({"weight": np.ones((2, 1)), "bias": [np.nan, 1e300]})
    same(model.bias.data, [np.nan, np.inf])


def test_drawing() -> None:
    """Matplotlib's calls with Tensors"""
    figure = pytest.importorskip("matplotlib.figure")
    t = Tensor([1.0, 2.0], requires_grad=True)
    (line,) = figure.Figure().add_subplot().plot(t, t * t)
    same(line.get_xydata(), [[1, 1], [2, 4]])
