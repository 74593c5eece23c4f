"""Arithmetic that pandas does with the numbers of a Tensor, because its object stands on the left."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import minigrad as mg

DATA = np.array([[1.0, 2.0], [3.0, 4.0]])


@pytest.mark.parametrize(
    "product",
    [
        lambda x, t: x @ t,
        lambda x, t: x.dot(t),
        lambda x, t: np.matmul(x, t),
        lambda x, t: x[0].dot(t),
        lambda x, t: x[0].where(x[0] > 1, t),
        lambda x, t: x[0].clip(t),
    ],
)
def test_what_pandas_would_compute_on_numbers_alone_is_refused(product: Callable[[Any, Any], Any]) -> None:
    pd = pytest.importorskip("pandas")
    x, t = pd.DataFrame(DATA), mg.Tensor([1.0, 2.0], requires_grad=True)
    with pytest.raises(TypeError, match=r"pandas copies the numbers of .*mg\.Tensor\(x\) @ t"):
        product(x, t)
    np.testing.assert_array_equal(np.asarray(product(x, t.detach())), product(x, t.numpy()))
    y = mg.Tensor(x) @ t
    assert y.requires_grad


def test_a_table_of_a_tensor_is_a_record_that_is_free() -> None:
    pd, t = pytest.importorskip("pandas"), mg.Tensor([1.0, 2.0], requires_grad=True)
    frame = pd.DataFrame({"y": t})
    frame["z"] = t
    assert frame.to_numpy().tolist() == [[1.0, 1.0], [2.0, 2.0]]
