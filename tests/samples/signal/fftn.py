"""Samples of Fourier transforms along several axes."""

from __future__ import annotations

import numpy as np

import minigrad as mg
from tests.samples.registry import anywhere, real_view, sample

for _name, _shape, _params in [
    ("fftn", (2, 3), {}),
    ("fftn", (2, 2, 2), {"axes": (0, -1), "norm": "ortho"}),
    ("fftn", (2, 3), {"s": (3, 2), "axes": (0, 1)}),
    ("fftn", (2, 3), {"s": (-1, 2), "axes": (1, 0)}),
    ("ifftn", (2, 3), {}),
    ("ifftn", (2, 3), {"axes": (1,), "norm": "forward"}),
    ("fft2", (2, 2, 3), {}),
    ("fft2", (2, 3), {"s": (1, 4)}),
    ("ifft2", (2, 3), {"norm": "ortho"}),
]:
    _ours, _numpys = getattr(mg, _name), getattr(np.fft, _name)
    sample(
        _name,
        lambda x, y, f=_ours, params=_params: real_view(f(x + 1j * y, **params)),
        anywhere(*_shape),
        anywhere(*_shape),
        reference=lambda x, y, f=_numpys, params=_params: real_view(f(x + 1j * y, **params)),
    )
for _name, _shape, _params in [
    ("rfftn", (2, 3), {}),
    ("rfftn", (3,), {}),
    ("rfftn", (2, 2, 3), {"axes": (-1, 0), "norm": "ortho"}),
    ("rfftn", (2, 3), {"s": (3, 4), "axes": (0, 1), "norm": "forward"}),
    ("rfftn", (2, 3), {"s": (-1, 2), "axes": (1, 0)}),
    ("rfft2", (2, 2, 3), {}),
    ("rfft2", (3, 2), {"s": (2, 3)}),
]:
    _ours, _numpys = getattr(mg, _name), getattr(np.fft, _name)
    sample(
        _name,
        lambda x, f=_ours, params=_params: real_view(f(x, **params) ** 2),
        anywhere(*_shape),
        reference=lambda x, f=_numpys, params=_params: real_view(f(x, **params) ** 2),
    )
for _name, _shape, _params in [
    ("irfftn", (2, 3), {}),
    ("irfftn", (2, 2, 2), {"axes": (-1, 0), "norm": "ortho"}),
    ("irfftn", (2, 3), {"s": (3, 5), "axes": (0, 1), "norm": "forward"}),
    ("irfftn", (2, 3), {"s": (-1, 3), "axes": (1, 0)}),
    ("irfft2", (2, 2, 3), {}),
    ("irfft2", (2, 3), {"s": (2, 5)}),
]:
    _ours, _numpys = getattr(mg, _name), getattr(np.fft, _name)
    sample(
        _name,
        lambda x, y, f=_ours, params=_params: f(x + 1j * y, **params) ** 2,
        anywhere(*_shape),
        anywhere(*_shape),
        reference=lambda x, y, f=_numpys, params=_params: f(x + 1j * y, **params) ** 2,
    )
