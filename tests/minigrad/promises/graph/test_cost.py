"""Time and memory."""

from __future__ import annotations

import platform
from time import process_time, sleep
from typing import Any

import numpy as np
import pytest

import minigrad as mg
from minigrad.core.tensor import Tensor
from minigrad.kernels.spatial import onednn
from tests.helpers.growth import check_linear
from tests.helpers.memory.page_faults import faults_of_a_step
from tests.helpers.threads import at_once
from tests.minigrad.promises import same


def test_joins() -> None:
    """joins of n arrays"""

    def f(xs: Any) -> Any:
        return mg.sum(mg.stack(xs) ** 2 * mg.hstack(xs))

    check_linear(lambda n: list(np.ones((n, 1, 1))), mg.grad(f))
    check_linear(lambda n: list(np.ones((n, 1, 1))), lambda xs: mg.hvp(f, xs, xs))
    same(mg.grad(lambda xs: mg.sum(mg.stack(xs) ** 2))([1.0, 2.0]), [2, 4])


def squares(n: int) -> Tensor:
    total: Any = 0.0
    for i in range(n):
        w = Tensor(1 + i / n, requires_grad=True)
        total = total + w * w
    return total  # type: ignore[no-any-return]


def test_explain() -> None:
    """`explain` of n operations, and what it can do"""
    check_linear(squares, mg.explain, number=40)
    for use in (str, lambda derivation: derivation.latex(), lambda derivation: derivation.check()):
        check_linear(lambda n: mg.explain(squares(n)), use, number=40)


def test_check() -> None:
    """`check()` of more than 32 leaves"""
    derivation = mg.explain(squares(100))
    assert "100 error signals compared with finite differences: all agree" in derivation.check()
    leaf = next(iter(derivation.replay.leaves))
    derivation.replay.leaves[leaf] = leaf.data + 0.5  # so its error signal is wrong there
    with pytest.raises(AssertionError):
        derivation.check()


needs_onednn = pytest.mark.skipif(onednn._dnnl() is None, reason="onednn-cpu-gomp is not installed")


def conv_step(n: int, width: int) -> list[Any]:
    x, w = (Tensor(np.ones(shape, np.float32), requires_grad=True) for shape in ((n, 8, 16, width), (16, 8, 3, 3)))
    mg.sum(mg.conv2d(x, w) ** 2).backward()
    return [x.grad, w.grad]


def dense_step(n: int, width: int) -> list[Any]:
    x, w = (Tensor(np.ones(shape, np.float32), requires_grad=True) for shape in ((n * width, 256), (256, 256)))
    mg.sum(mg.relu(x @ w) ** 2).backward()
    return [x.grad, w.grad]


def normalization_step(n: int, width: int) -> list[Any]:
    given = np.sin(np.arange(4 * n * 8 * 16 * width, dtype=np.float32)).reshape(-1, 8, 16, width)
    x, weight = Tensor(given, requires_grad=True), Tensor(np.ones(8, np.float32), requires_grad=True)
    mg.sum(mg.group_norm(x, 2, weight) ** 2).backward()
    return [x.grad, weight.grad]


@needs_onednn
def test_threads_of_onednn() -> None:
    """threads of oneDNN, in convolutions, products, normalization and relu"""

    def spent_asleep(step: Any) -> float:
        step(32, 16)
        before = process_time()
        sleep(0.005)
        return process_time() - before

    for step in (conv_step, dense_step, normalization_step):
        assert min(spent_asleep(step) for _ in range(10)) < 0.001
        expected = step(32, 16)
        for outcome in at_once(lambda _: step(32, 16)):  # noqa: B023
            for found, grad in zip(outcome.result(), expected, strict=True):
                np.testing.assert_array_equal(found, grad)


def test_memory_that_a_step_frees() -> None:
    """memory that a step frees"""
    if platform.libc_ver()[0] == "glibc":
        assert faults_of_a_step("import minigrad") < 100 < 1000 < faults_of_a_step("")


@needs_onednn
def test_memory_of_onednn(monkeypatch: pytest.MonkeyPatch) -> None:
    """memory that oneDNN keeps for each thread of yours"""
    assert (onednn._LAYERS, onednn._FORGET) == (256, 1000)
    monkeypatch.setattr(onednn, "_LAYERS", 6)
    before = len(onednn._primitives)

    def kept() -> int:
        for width in range(100, 130):
            conv_step(4, width)
        return len(onednn._primitives) - before

    [outcome] = at_once(lambda _: kept(), 1)
    assert outcome.result() <= 6
