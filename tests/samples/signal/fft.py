"""Samples of Fourier transforms along an axis."""

from __future__ import annotations

from typing import Any

import numpy as np

import minigrad as mg
from tests.samples.registry import anywhere, real_view, sample

_shapes: list[tuple[tuple[int, ...], dict[str, Any]]] = [
    ((1,), {}),
    ((4,), {}),
    ((5,), {"norm": "ortho"}),
    ((4,), {"n": 3, "norm": "forward"}),
    ((3,), {"n": 5, "norm": "backward"}),
    ((2, 3), {"axis": 0}),
    ((3, 2), {"n": 4, "axis": -2}),
    ((1, 2, 2), {"n": 1, "axis": 1}),
]
for _shape, _params in _shapes:
    for _name in ("fft", "ifft"):
        _ours, _numpys = getattr(mg, _name), getattr(np.fft, _name)
        sample(
            _name,
            lambda x, y, f=_ours, params=_params: real_view(f(x + 1j * y, **params)),
            anywhere(*_shape),
            anywhere(*_shape),
            reference=lambda x, y, f=_numpys, params=_params: real_view(f(x + 1j * y, **params)),
        )
        sample(
            _name,
            lambda x, f=_ours, params=_params: np.abs(f(x, **params) + 3),  # away from the tip of |z|
            anywhere(*_shape),
            reference=lambda x, f=_numpys, params=_params: np.abs(f(x, **params) + 3),
        )
    sample(
        "rfft",
        lambda x, params=_params: real_view(mg.rfft(x, **params) ** 2),
        anywhere(*_shape),
        reference=lambda x, params=_params: real_view(np.fft.rfft(x, **params) ** 2),
    )
    if _shape == (1,):
        _params = {"n": 1}
    sample(
        "irfft",
        lambda x, y, params=_params: mg.irfft(x + 1j * y, **params) ** 2,
        anywhere(*_shape),
        anywhere(*_shape),
        reference=lambda x, y, params=_params: np.fft.irfft(x + 1j * y, **params) ** 2,
    )
for _n in (1, 2, 3, 4, 5, 6):
    sample("irfft", lambda x, n=_n: mg.irfft(x, n), anywhere(3), reference=lambda x, n=_n: np.fft.irfft(x, n))
sample("rfft", lambda x: np.abs(np.fft.rfft(x)) ** 2, anywhere(5))  # the power of each frequency
for _shape, _params in [
    ((4,), {}),
    ((3,), {"n": 5, "norm": "ortho"}),
    ((5,), {"n": 3, "norm": "forward"}),
    ((2, 3), {"axis": 0, "norm": "backward"}),
]:
    sample(
        "ihfft",
        lambda x, params=_params: real_view(mg.ihfft(x, **params) ** 2),
        anywhere(*_shape),
        reference=lambda x, params=_params: real_view(np.fft.ihfft(x, **params) ** 2),
    )
    sample(
        "hfft",
        lambda x, y, params=_params: mg.hfft(x + 1j * y, **params) ** 2,
        anywhere(*_shape),
        anywhere(*_shape),
        reference=lambda x, y, params=_params: np.fft.hfft(x + 1j * y, **params) ** 2,
    )
for _name in ("fftshift", "ifftshift"):
    _ours, _numpys = getattr(mg, _name), getattr(np.fft, _name)
    for _shape, _axes in [((3,), None), ((2, 3), None), ((3, 3), 1), ((2, 3, 1), (0, -2))]:
        sample(
            _name,
            lambda x, f=_ours, axes=_axes: f(x, axes),
            anywhere(*_shape),
            reference=lambda x, f=_numpys, axes=_axes: f(x, axes),
        )
