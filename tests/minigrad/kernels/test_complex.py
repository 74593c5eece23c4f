"""The refusal of complex numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import minigrad as mg
from minigrad.kernels.complex import is_complex, require_real

COMPLEX = [1j, np.complex64(1j), np.complex128(2), np.array([1, 2j]), np.zeros(0, complex)]


@pytest.mark.parametrize("x", [1, 2.0, True, np.float32(1), np.array([1, 2]), np.array([True]), mg.Tensor([1.0])])
def test_real_numbers_pass(x: Any) -> None:
    assert not is_complex(x)
    require_real(x, "f")


@pytest.mark.parametrize("x", [*COMPLEX, mg.Tensor([1j])])
def test_complex_numbers_are_refused_with_a_hint(x: Any) -> None:
    assert is_complex(x)
    dtype = getattr(x, "dtype", "complex128")
    hint = rf"takes real numbers only, got {dtype}; pass mg\.real\(z\), mg\.imag\(z\) or mg\.abs\(z\)$"
    with pytest.raises(TypeError, match=f"^f: {hint}"):
        require_real(x, "f")
    with pytest.raises(TypeError, match=f"^{hint}"):
        require_real(x)


@pytest.mark.parametrize("name", ["arctan2", "hypot", "copysign", "fmod", "floor_divide", "logaddexp"])
def test_numpys_refusals_are_put_in_these_words(name: str) -> None:
    f = getattr(mg, name)
    for args in ((mg.Tensor(1j), 2.0), (2.0, mg.Tensor([1j])), (mg.Tensor([2.0]), 1j)):
        with pytest.raises(TypeError, match=rf"^{name}: takes real numbers only, got complex128; pass mg"):
            f(*args)


def test_other_errors_of_complex_arguments_keep_their_words() -> None:
    with pytest.raises(ValueError, match="could not be broadcast"):
        mg.add(mg.Tensor([1j, 2]), [1.0, 2.0, 3.0])
    with pytest.raises(TypeError, match="unexpected keyword"):
        mg.sum(mg.Tensor([1j]), dims=0)
