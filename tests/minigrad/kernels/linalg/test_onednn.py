"""Products of float32 matrices by oneDNN: NumPy's, whatever the order of the matrices in memory."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

from minigrad.kernels.linalg import onednn
from minigrad.kernels.linalg.matmul import linear, matmul
from minigrad.kernels.spatial.onednn import _dnnl, _mine

pytestmark = pytest.mark.skipif(_dnnl() is None, reason="onednn-cpu-gomp is not installed")


def draw(*shape: int) -> Any:
    return np.random.default_rng(sum(shape)).standard_normal(shape, dtype=np.float32)


@pytest.fixture
def computed(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, ...]]:
    """The shapes of the products that oneDNN computes."""
    seen: list[tuple[int, ...]] = []
    real = onednn.matmul

    def watched(x: Any, y: Any, z: Any, bias: Any = None) -> None:
        z[...] = np.nan  # what is in memory before does not count
        real(x, y, z, bias)
        seen.append(z.shape)

    monkeypatch.setattr(onednn, "matmul", watched)
    return seen


@pytest.mark.parametrize("k", [128, 301])
def test_matrices_of_both_orders(k: int, computed: list[tuple[int, ...]]) -> None:
    expected = draw(97, k).astype(float) @ draw(k, 150).astype(float)
    for x in (draw(97, k), np.asfortranarray(draw(97, k))):
        for y in (draw(k, 150), np.asfortranarray(draw(k, 150))):
            np.testing.assert_allclose(matmul(x, y), expected, rtol=1e-4, atol=1e-4)
            np.testing.assert_array_equal(matmul(x, y), matmul(x, y))
    assert set(computed) == {(97, 150)}


@pytest.mark.parametrize(("m", "k", "n"), [(1, 1200, 1500), (1200, 1, 1500), (1200, 1500, 1)])
def test_axes_of_length_1_whose_strides_mean_nothing(m: int, k: int, n: int, computed: list[tuple[int, ...]]) -> None:
    def orders(a: Any) -> list[Any]:
        return [a, np.asfortranarray(a), a.T.copy().T, np.stack([a, a])[0], np.stack([a, a], axis=2)[:, :, 0].copy("K")]

    for x in orders(draw(m, k)):
        for y in orders(draw(k, n)):
            np.testing.assert_allclose(matmul(x, y), x.astype(float) @ y.astype(float), rtol=1e-4, atol=1e-2)
    assert bool(computed) == (m > 1 < n)


def test_long_sums_of_vectors_are_those_of_numpy(computed: list[tuple[int, ...]]) -> None:
    x, y = draw(1, 2_000_000), draw(2_000_000, 1)
    np.testing.assert_allclose(matmul(x, y), x @ y, rtol=1e-5)
    assert not computed


def test_other_matrices_are_left_to_numpy(computed: list[tuple[int, ...]]) -> None:
    x, y = draw(128, 256), draw(256, 128)
    matmul(x.astype(float), y.astype(float))
    np.testing.assert_allclose(matmul(x[:, ::2], y[:128]), x[:, ::2] @ y[:128], rtol=1e-4, atol=1e-4)
    matmul(x[:8], y)
    product = matmul(x, x.T)
    np.testing.assert_array_equal(product, product.T)
    assert not computed


def test_a_bias_is_added_to_each_row(computed: list[tuple[int, ...]]) -> None:
    """To the bits of a sum afterwards; one of another precision, or of another shape, afterwards."""
    x, weight, b = draw(97, 301), draw(150, 301), draw(150)
    product = matmul(x, weight.T)
    for w in (weight, np.asfortranarray(weight)):
        np.testing.assert_allclose(linear(x, w), product, rtol=1e-4, atol=1e-4)
        for bias in (b, b[None], draw(300)[::2], b.astype(np.float64), np.float32(2.0)):
            np.testing.assert_array_equal(linear(x, w, bias), linear(x, w) + bias, strict=True)
    assert set(computed) == {(97, 150)}
    with pytest.raises(ValueError, match="broadcast"):
        linear(x, weight, b[:149])
    with pytest.raises(ValueError, match="mismatch"):
        linear(x, draw(150, 302), b)


def test_many_shapes_share_their_memory() -> None:
    """Each needs up to 0.5 MB beside its result, in the same place."""
    matmul(draw(64, 784), draw(784, 256))
    before = _mine.workspace(0).nbytes
    for n in range(257, 300):
        matmul(draw(64, 784), draw(784, n))
    assert _mine.workspace(0).nbytes <= max(before, 1 << 20)


def test_infinite_numbers() -> None:
    x, y = draw(128, 256), draw(256, 128)
    x[0, 0], x[1, 1], y[3, 5] = np.inf, np.nan, -np.inf
    with np.errstate(invalid="ignore"):
        np.testing.assert_allclose(matmul(x, y), x @ y, rtol=1e-3, atol=1e-3)


def test_several_threads() -> None:
    x, y = draw(128, 256), draw(256, 128)
    expected = matmul(x, y)
    with ThreadPoolExecutor(4) as pool:
        for found in pool.map(lambda _: matmul(x, y), range(40)):
            np.testing.assert_array_equal(found, expected)
