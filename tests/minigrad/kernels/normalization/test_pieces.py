"""The sums of pieces by oneDNN, and the error signals that are computed from them."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from minigrad.kernels.normalization import onednn
from tests.minigrad.kernels.normalization.test_standardize import arrays, formula, kernel

pytestmark = pytest.mark.usefixtures("needs_onednn")

#: N, G, K and S: short and long pieces, one in a row, long rows, a single group, a length that cannot be divided.
SHAPES = [(32, 2, 4, 256), (5, 3, 7, 784), (2, 8, 1, 4096), (3, 1, 5, 1 << 14), (300, 1, 2, 272), (9, 2, 4, 16 * 127)]
SETTINGS: dict[str, Any] = {"axis": (2, 3), "eps": 1e-5}


@pytest.fixture
def sums(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, ...]]:
    """The shapes of the pieces that oneDNN sums."""
    seen, compiled = [], onednn.piece_sums

    def piece_sums(y_bar: Any, x: Any, threads: int) -> Any:
        seen.append(x.shape)
        return compiled(y_bar, x, threads)

    monkeypatch.setattr(onednn, "piece_sums", piece_sums)
    return seen


@pytest.mark.parametrize(
    ("n", "d"), [(1, 256), (3, 16 * 67), (4096, 256), (700, 784), (2, 1 << 14), (5, 1040), (3, 1 << 17)]
)
def test_sums(n: int, d: int) -> None:
    """To the last digits, even where products have the same sign: parts of a piece are added in double precision."""
    y_bar, x = np.random.default_rng(0).uniform(0.5, 1, size=(2, n, d)).astype(np.float32)
    assert onednn.takes_pieces(x)
    wide = y_bar.astype(np.float64)
    found = onednn.piece_sums(y_bar, x, threads=2)
    np.testing.assert_allclose(found, ((wide * x).sum(axis=1), wide.sum(axis=1)), rtol=2e-6)


@pytest.mark.parametrize("d", [16, 196, 24, 16 * 257, 0])
def test_pieces_that_are_not_taken(d: int) -> None:
    """Channels would not fill blocks, or images be short, or long: 257 pixels cannot be divided."""
    assert not onednn.takes_pieces(np.ones((9, d), np.float32))


def test_pieces_in_double_precision_are_not_taken() -> None:
    assert not onednn.takes_pieces(np.ones((9, 256)))


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("centered", [True, False])
@pytest.mark.parametrize("mean", [0.0, 3.0])  # a large one is subtracted first
def test_the_formula(shape: tuple[int, ...], centered: bool, mean: float, sums: list[Any]) -> None:
    n, g, k, s = shape
    x, weight, bias, y_bar = arrays(shape, (g, k, 1), np.float32)
    x += np.float32(mean)
    found = kernel(x, weight, bias, y_bar, **SETTINGS, centered=centered)
    assert set(sums) == {(n * g * k, s)}
    for value, wanted in zip(found, formula(x, weight, bias, y_bar, **SETTINGS, centered=centered), strict=True):
        np.testing.assert_allclose(value, wanted, atol=2e-6 * abs(wanted).max())


@pytest.mark.parametrize(
    ("groups", "size", "as_elements"), [(1, 49, True), (1, 255, True), (1, 256, False), (2, 49, False)]
)
def test_short_pieces_of_a_single_group_are_rows_of_elements(
    groups: int, size: int, as_elements: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """γ and β are repeated for oneDNN's layer normalization, and their error signals are summed."""
    seen, compiled = [], onednn.gradients
    monkeypatch.setattr(onednn, "gradients", lambda *given: (seen.append(given[1].shape), compiled(*given)))
    x, weight, bias, y_bar = arrays((40, groups, 60, size), (groups, 60, 1), np.float32)
    x += np.float32(3)
    found = kernel(x, weight, bias, y_bar, **SETTINGS, centered=True)
    assert seen == [(40, 60 * size)] * as_elements
    for value, wanted in zip(found, formula(x, weight, bias, y_bar, **SETTINGS, centered=True), strict=True):
        assert value.shape == wanted.shape
        np.testing.assert_allclose(value, wanted, atol=2e-6 * abs(wanted).max())


@pytest.mark.parametrize("centered", [True, False])
@pytest.mark.parametrize("mean", [0.0, 3.0])
def test_rows_of_short_pieces(centered: bool, mean: float, sums: list[Any]) -> None:
    """What has one γ for each element is summed over the rows."""
    x, weight, bias, y_bar = arrays((300, 3, 5, 16), (3, 5, 1), np.float32)
    x += np.float32(mean)
    found = kernel(x, weight, bias, y_bar, **SETTINGS, centered=centered)
    assert sums == [(300 * 3, 5 * 16)]
    for value, wanted in zip(found, formula(x, weight, bias, y_bar, **SETTINGS, centered=centered), strict=True):
        np.testing.assert_allclose(value, wanted, atol=2e-6 * abs(wanted).max())


@pytest.mark.parametrize("weight", [None, (1, 1, 1)])
def test_long_rows_without_a_weight_for_each_piece(weight: Any, sums: list[Any]) -> None:
    """Rows that are too long for oneDNN's layer normalization."""
    x, weight, bias, y_bar = arrays((2, 1, 7, 1 << 14), weight, np.float32)
    found = kernel(x, weight, bias, y_bar, **SETTINGS, centered=True)
    assert len(sums) == 2
    for value, wanted in zip(found, formula(x, weight, bias, y_bar, **SETTINGS, centered=True), strict=True):
        if wanted is not None:
            np.testing.assert_allclose(value, wanted, atol=2e-6 * abs(wanted).max())


@pytest.mark.parametrize("faint", [0.0, 1e-42, 1e-20, 1e-5, 1.0])
def test_a_faint_weight_is_not_divided_by(faint: float, sums: list[Any]) -> None:
    x, weight, bias, y_bar = arrays((5, 3, 7, 784), (3, 7, 1), np.float32)
    weight[0, 1], weight[1] = faint, faint
    found = kernel(x, weight, bias, y_bar, **SETTINGS, centered=True)
    assert sums
    for value, wanted in zip(found, formula(x, weight, bias, y_bar, **SETTINGS, centered=True), strict=True):
        np.testing.assert_allclose(value, wanted, atol=8e-7 * abs(wanted).max())


def test_numbers_that_are_not_finite_stay_in_their_group() -> None:
    x, weight, bias, y_bar = arrays((5, 3, 7, 784), (3, 7, 1), np.float32)
    clean = kernel(x, weight, bias, y_bar, **SETTINGS, centered=True)[1]
    y_bar[2, 1, 3, 5] = np.nan
    x_bar = kernel(x, weight, bias, y_bar, **SETTINGS, centered=True)[1]
    assert np.isnan(x_bar[2, 1]).all()
    x_bar[2, 1] = clean[2, 1]
    np.testing.assert_allclose(x_bar, clean, atol=1e-6)


@pytest.mark.parametrize("shape", [(1, 5, 51, 256), (300, 2, 1, 196), (1, 2, 9, 16 * 257)])
def test_what_is_left_to_numpy(shape: tuple[int, ...], sums: list[Any]) -> None:
    """Few elements, short pieces, and long ones that cannot be divided."""
    x, weight, bias, y_bar = arrays(shape, (*shape[1:3], 1), np.float32)
    kernel(x, weight, bias, y_bar, **SETTINGS, centered=True)
    assert not sums


def test_a_processor_with_vectors_of_eight_numbers() -> None:
    """oneDNN's blocks have as many channels as a vector register has lanes."""
    script = """if True:
        import numpy as np
        from minigrad.kernels.normalization import onednn
        y_bar, x = np.random.default_rng(0).normal(size=(2, 70, 264)).astype(np.float32)
        assert onednn._lanes() == 8 and onednn.takes_pieces(x)
        found = onednn.piece_sums(y_bar, x, threads=2)
        np.testing.assert_allclose(found, ((y_bar * x).sum(1), y_bar.sum(1)), atol=5e-5)
    """
    environment = os.environ | {"ONEDNN_MAX_CPU_ISA": "AVX2"}
    subprocess.run([sys.executable, "-c", script], env=environment, check=True)
