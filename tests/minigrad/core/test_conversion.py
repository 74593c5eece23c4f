"""Tensors leave for NumPy, for other libraries and for texts; and nothing is half of a graph there."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from minigrad.core.tensor import Tensor


def leaf(dtype: Any = np.float32) -> Tensor:
    x = Tensor([1.0, 2.0], requires_grad=True, name="w", dtype=dtype)
    (x * x).sum().backward()
    return x


# ---------------------------------------------------------------- arrays


def test_asarray_shares_memory_and_array_copies() -> None:
    x = Tensor([1.0, 2.0], requires_grad=True)
    assert np.shares_memory(np.asarray(x), x.data)
    assert np.shares_memory(x.numpy(), x.data)
    assert not np.shares_memory(np.array(x), x.data)
    assert np.asarray(x, dtype=np.float32).dtype == np.float32
    assert np.asarray(Tensor(2.0)).shape == ()


def test_copy_means_what_it_means_to_numpy() -> None:
    x = Tensor([1.0, 2.0])
    assert np.shares_memory(np.asarray(x, copy=False), x.data)
    assert np.shares_memory(np.asarray(x, dtype=float, copy=False), x.data)
    assert not np.shares_memory(np.asarray(x, copy=True), x.data)
    with pytest.raises(ValueError, match="Unable to avoid copy"):
        np.asarray(x, dtype=np.float32, copy=False)


def test_other_libraries_share_the_memory() -> None:
    x = Tensor([1.0, 2.0])
    assert np.shares_memory(np.from_dlpack(x), x.data)
    assert np.from_dlpack(Tensor(2.0)) == 2.0
    with pytest.raises(BufferError, match=r"Tensor 'w' requires gradients.*t\.detach\(\)"):
        np.from_dlpack(leaf())
    assert np.shares_memory(np.from_dlpack((y := leaf()).detach()), y.data)


def test_pytorch_takes_tensors() -> None:
    torch = pytest.importorskip("torch")
    x = Tensor([[1.0, 2.0], [3.0, 4.0]])
    theirs = torch.from_dlpack(x)
    theirs[0, 0] = 7
    assert x.data[0, 0] == 7
    np.testing.assert_array_equal(np.from_dlpack(theirs), x.data)


# ---------------------------------------------------------------- texts


def test_repr_tells_what_matters() -> None:
    w = Tensor([1.0, 2.0], requires_grad=True, name="w", dtype=np.float32)
    assert repr(w) == "Tensor([1., 2.], name='w', dtype=float32, requires_grad=True)"
    assert repr(w * 2) == "Tensor([2., 4.], dtype=float32, made by multiply)"
    assert repr(Tensor(3)) == str(Tensor(3)) == f"{Tensor(3)}" == "Tensor(3)"


def test_where_the_elements_do_not_show_the_shape_repr_tells_it() -> None:
    text = repr(Tensor(np.zeros((100, 200)), name="W"))
    assert len(text) < 500
    assert text.endswith("shape=(100, 200), name='W')")
    assert repr(Tensor(np.zeros((0, 3)))) == "Tensor([], shape=(0, 3))"


def test_formats_are_those_of_the_number_or_of_each() -> None:
    loss = Tensor(1.25, requires_grad=True)
    assert f"{loss:.1f}, {loss:8.3f}, {Tensor([[1.5]]):g}, {Tensor(3):03d}" == "1.2,    1.250, 1.5, 003"
    assert f"{Tensor([1.0, 2.375]):.2f}" == "[1.00, 2.38]"
    assert f"{Tensor([[1.0], [2.0]]):.1e}" == "[[1.0e+00],\n [2.0e+00]]"
    with pytest.raises(ValueError, match="format"):
        f"{loss:nonsense}"
