"""Samples of complex numbers between real arguments and a real output."""

from __future__ import annotations

import numpy as np

import minigrad as mg
from tests.samples.registry import anywhere, positive, real_view, sample

for _shape in [(), (3,), (2, 2)]:
    _x, _y = anywhere(*_shape), anywhere(*_shape)
    sample("real", lambda x, y: mg.real((x + 1j * y) ** 2), _x, _y, reference=lambda x, y: np.real((x + 1j * y) ** 2))
    sample("imag", lambda x, y: mg.imag((x + 1j * y) ** 2), _x, _y, reference=lambda x, y: np.imag((x + 1j * y) ** 2))
    sample(
        "conj",
        lambda x, y: real_view(mg.conj(x + 1j * y) ** 2),
        _x,
        _y,
        reference=lambda x, y: real_view((x + 1j * y) ** 2) + 4 * np.imag((x + 1j * y) ** 2),
    )
    sample("modulus", lambda x, y: mg.abs(x + 1j * y), _x, _y, reference=lambda x, y: np.abs(x + 1j * y))
    for _deg in (False, True):
        sample(
            "angle",
            lambda x, y, deg=_deg: mg.angle(x + 1j * y, deg),
            _x,
            _y,
            reference=lambda x, y, deg=_deg: np.angle(x + 1j * y, deg),
        )
    sample("imag", lambda x: mg.imag(1 / (2 + 1j * x)), _x, reference=lambda x: np.imag(1 / (2 + 1j * x)))

# The rules of the other tables hold for complex numbers unchanged.
for _f in (
    lambda z, w: z * w + z - w / z,
    lambda z, w: np.exp(z) * np.sqrt(w + 9) + np.log(z + 9),
    lambda z, w: np.sin(z) * np.cos(w) + np.tanh(w / 9),
    lambda z, w: z**3 + (w + 9) ** 1.5 + 2**w,
    lambda z, w: (z * w).sum() + np.mean(z),
    lambda z, w: np.where(np.real(z) > 0, z * w, w),
):
    sample(
        "real",
        lambda x, y, f=_f: real_view(f(x + 1j * y, x * (2 - 0.5j) + y)),
        positive(2),
        positive(2),
    )
sample("real", lambda x, y: real_view((x + 1j * y) @ (y - 1j * x).T), anywhere(2, 2), anywhere(2, 2))
sample(
    "imag",
    lambda x, y: np.imag(np.exp(1j * x) * y),
    anywhere(),
    anywhere(2),
    reference=lambda x, y: np.imag(np.exp(1j * x) * y),
)
for _shape in [(), (2,)]:
    sample("real_if_close", lambda x: np.real_if_close(x), anywhere(*_shape))
    sample(
        "real_if_close",
        lambda x: np.real_if_close(mg.exp(x * (1 + 1e-18j))),
        anywhere(*_shape),
        reference=lambda x: np.real_if_close(np.exp(x * (1 + 1e-18j))),
    )
