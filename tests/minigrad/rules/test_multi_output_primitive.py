"""Several outputs take one forward pass, and none backward."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import minigrad as mg
from minigrad.core.tensor import Tensor
from minigrad.rules.linalg import determinant
from minigrad.rules.linalg.decompositions import eig, eigh, qr, svd
from minigrad.rules.multi_output_primitive import MultiOutput

rng = np.random.default_rng(0)


@pytest.mark.parametrize(
    ("f", "operation", "fields"),
    [
        (np.linalg.eigh, eigh._eigh, ("eigenvalues", "eigenvectors")),
        (np.linalg.eig, eig._eig, ("eigenvalues", "eigenvectors")),
        (lambda a: np.linalg.svd(a, full_matrices=False), svd._svd, ("U", "S", "Vh")),
        (np.linalg.qr, qr._qr, ("Q", "R")),
        (np.linalg.slogdet, determinant._slogdet, ("sign", "logabsdet")),
    ],
)
def test_several_outputs_take_one_forward_pass_and_none_backward(
    f: Any, operation: MultiOutput, fields: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = []
    forward = operation.forward
    monkeypatch.setattr(operation, "forward", lambda x: (calls.append(1), forward(x))[1])
    a = rng.normal(size=(3, 3))
    x = Tensor(a + a.T, requires_grad=True)
    result = f(x)
    assert result._fields == fields == f(a)._fields
    loss = sum((part**2).sum() for part in result)
    loss.backward(retain_graph=True)
    assert len(calls) == 1
    for part, expected in zip(f(x.data), f(np.array(x.data)), strict=True):
        np.testing.assert_array_equal(part, expected)
    with mg.no_grad():
        assert not any(part.requires_grad for part in f(x))
    assert not any(part.requires_grad for part in f(Tensor(x.data)))


@pytest.mark.parametrize("function", [np.linalg.eigh, np.linalg.svd, np.linalg.qr, np.linalg.slogdet])
def test_errors_are_in_the_name_of_the_function(function: Any) -> None:
    name = function.__name__
    with pytest.raises(TypeError, match=rf"^{name}: got a list, \[\['a', 'b'\], \['c', 'd'\]\]"):
        getattr(mg, name)([["a", "b"], ["c", "d"]])
    for f in (function, getattr(mg, name)):
        with pytest.raises(TypeError, match=rf"^{name}: takes float32 and float64, got float16; convert it"):
            f(Tensor(np.eye(2, dtype=np.float16)))
