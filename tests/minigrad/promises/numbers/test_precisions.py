"""Half and extended precision."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn
from minigrad.core.tensor import Tensor
from tests.minigrad.promises import same, slopes

MANY = 5000  # more than 2048, from which on float16 has no odd numbers
DTYPES = pytest.mark.parametrize("dtype", [np.float16, np.longdouble])


def test_half() -> None:
    """float16"""
    x = Tensor([1.0, 2.0], dtype=np.float16, requires_grad=True)
    y = mg.sum(mg.exp(x) * 2.0 / x)  # that of every operation is a law of the registry
    y.backward()
    assert (y.dtype, x.grad.dtype) == (np.float16, np.float16)
    assert mg.jvp(mg.exp, (x.data,), (x.data,))[1].dtype == np.float16
    assert mg.abs(mg.exp(1j * x)).dtype == np.float32


def test_sums_are_numpys() -> None:
    """sums, products and means of float16"""
    rng = np.random.default_rng(0)
    x, W = rng.normal(size=(300, 40)).astype(np.float16), rng.normal(size=(40, 3)).astype(np.float16)
    for f in (np.sum, np.mean, np.var, np.prod, lambda x: np.sum(x, axis=0), lambda x: np.cumsum(x, axis=0)):
        same(f(Tensor(x)).data, f(x))
    same((Tensor(x) @ W).data, x @ W)


def test_error_signals_are_added_in_single_precision() -> None:
    """the error signal of a float16 value that is used thousands of times in one operation"""
    ones, first = np.ones((MANY, 2), np.float16), np.zeros(MANY, int)
    for f, shape in [
        (lambda b: ones + b, (2,)),
        (lambda W: mg.linear(ones, W), (3, 2)),
        (lambda x: mg.einsum("ij,j->ij", ones, x), (2,)),
        (lambda x: mg.kron(ones[:, :1], x), (1, 2)),
        (lambda x: mg.tile(x, (MANY, 1)), (2,)),
        (lambda x: mg.repeat(x, MANY, axis=0), (1, 2)),
        (lambda table: mg.embedding(first, table), (1, 2)),
        (lambda x: x[first], (1,)),
        (lambda x: mg.conv2d(ones[:, :1, None, None], x[:, None, None, None]), (1,)),
        (lambda b: mg.conv2d(ones[:, :1, None, None], ones[:1, :1, None, None], b), (1,)),
    ]:
        same(slopes(f, np.ones(shape, np.float16)), np.full(shape, MANY, np.float16))
    same(slopes(lambda x: mg.cumsum(x, axis=0), ones)[0], [MANY, MANY])


def test_extended() -> None:
    """longdouble"""
    x = Tensor([1.0, 2.0], dtype=np.longdouble, requires_grad=True)
    mg.sum(mg.exp(x) / 3).backward()
    assert x.grad.dtype == np.longdouble
    np.testing.assert_allclose(x.grad, np.exp(x.data) / 3, rtol=4 * np.finfo(np.longdouble).eps)
    same(slopes(mg.exp2, np.longdouble(1)), 2 * np.longdouble(float(np.log(2))))


def test_libraries_that_have_neither() -> None:
    """linear algebra in float16 and longdouble; `erf`, `gelu` and `interp` in longdouble"""
    half, extended = (Tensor(np.eye(2, dtype=dtype)) for dtype in (np.float16, np.longdouble))
    for f in (mg.inv, mg.det, mg.svd, mg.eigh, mg.qr, mg.cholesky, lambda a: mg.solve(a, a)):
        for a, wider in ((half, "float32"), (extended, "float64")):
            with pytest.raises(TypeError, match=rf"takes float32 and float64, got {a.dtype}.*astype\('{wider}'\)"):
                f(a)
    for f in (mg.erf, mg.gelu, lambda x: mg.interp(x[0], x[1], x[1])):
        assert f(half).dtype == np.float16
        with pytest.raises(TypeError, match=f"takes float32 and float64, got {extended.dtype}"):
            f(extended)


def test_types_of_packages() -> None:
    """bfloat16 and the other types of `ml_dtypes`"""
    bfloat16 = pytest.importorskip("ml_dtypes").bfloat16
    a, t = np.ones(2, bfloat16), Tensor([1.0, 2.0], requires_grad=True)
    for refused in (
        lambda: Tensor(a),
        lambda: Tensor([1.0], dtype=bfloat16),
        lambda: t * a,
        lambda: a * t,
        lambda: mg.exp(a),
        lambda: t.astype(bfloat16),
        lambda: t.backward(a),
        lambda: mg.grad(mg.sum)(a),
        lambda: mg.vjp(mg.exp, t.data)[1](a),
        lambda: nn.Linear(2, 1, dtype=bfloat16),
        lambda: nn.Linear(2, 1).to(bfloat16),
        lambda: nn.Linear(2, 1)(a[None]),
    ):
        with pytest.raises(TypeError, match="bfloat16"):
            refused()
    same((t * a.astype(np.float32)).data, [1, 2])
    assert t.detach().astype(bfloat16).dtype == bfloat16


@DTYPES
def test_networks(dtype: Any) -> None:
    """layers, losses and optimizers in float16 and longdouble"""
    rng = np.random.default_rng(0)
    model = nn.Sequential(
        *(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.LayerNorm(18)),
        nn.Linear(18, 3),
    ).to(dtype)
    loss = nn.CrossEntropyLoss()(model(rng.normal(size=(4, 1, 8, 8)).astype(dtype)), [0, 1, 2, 0])
    loss.backward()
    assert loss.dtype == dtype
    for optimizer in (nn.optim.Adam(model.parameters()), nn.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)):
        optimizer.step()
    assert {p.dtype for p in model.parameters()} == {p.grad.dtype for p in model.parameters()} == {np.dtype(dtype)}


@DTYPES
def test_images(dtype: Any) -> None:
    """convolution, pooling and normalization of many images in float16 and longdouble"""
    rng = np.random.default_rng(0)
    x, w = rng.normal(size=(4, 4, 24, 24)).astype(np.float16), (rng.normal(size=(8, 4, 3, 3)) / 6).astype(np.float16)

    def network(x: Any, w: Any) -> Any:
        return mg.group_norm(mg.max_pool2d(mg.relu(mg.conv2d(x, w, padding=1)), 2), 4)

    signal = rng.normal(size=(4, 8, 12, 12)).astype(np.float16)
    found, right = (slopes(network, x.astype(d), w.astype(d), signal=signal.astype(d)) for d in (dtype, float))
    for part, expected in zip(found, right, strict=True):
        assert part.dtype == dtype
        tolerance = 0.02 if dtype == np.float16 else 1e-14
        np.testing.assert_allclose(part, expected, rtol=0, atol=tolerance * abs(expected).max())


@DTYPES
def test_views(dtype: Any) -> None:
    """`mg.explain`, `mg.draw`, `mg.compile` and `print` of float16 and longdouble"""
    x = Tensor([1.5, 2.5], dtype=dtype, requires_grad=True, name="x")
    y = mg.sum(mg.exp(x) * x / 3).named("y")
    assert mg.explain(y).check().endswith("all agree")
    assert "12.39" in str(mg.draw(y))
    assert f"dtype={np.dtype(dtype)}" in repr(x)
    gradient = mg.grad(lambda x: mg.sum(mg.exp(x) * x / dtype(3)))
    same(mg.compile(gradient)(x.data), gradient(x.data))


@DTYPES
def test_files(dtype: Any, tmp_path: Path) -> None:
    """`nn.save` of float16 and longdouble"""
    model = nn.Linear(2, 1).to(dtype)
    model.weight.data = np.array([[1, 2]], dtype) / dtype(3)
    for suffix in ("safetensors", "npz"):
        path = tmp_path / f"weights.{suffix}"
        if suffix == "safetensors" and dtype is np.longdouble:
            with pytest.raises(TypeError, match=r"float128|longdouble"):
                nn.save(model, path)
            continue
        nn.save(model, path)
        other = nn.Linear(2, 1).to(dtype)
        nn.load(path, into=other)
        same(other.weight.data, model.weight.data)
        assert other.weight.dtype == dtype
