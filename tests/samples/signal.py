"""Samples of transforms, convolutions of sequences, and interpolation."""

from __future__ import annotations

from typing import Any

import numpy as np

import minigrad as mg
from tests.samples.complex import seen
from tests.samples.registry import anywhere, beside, sample

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
for _shape, _how in _shapes:
    for _name in ("fft", "ifft"):
        _mine, _numpys = getattr(mg, _name), getattr(np.fft, _name)
        sample(
            _name,
            lambda x, y, f=_mine, how=_how: seen(f(x + 1j * y, **how)),
            anywhere(*_shape),
            anywhere(*_shape),
            reference=lambda x, y, f=_numpys, how=_how: seen(f(x + 1j * y, **how)),
        )
        sample(
            _name,
            lambda x, f=_mine, how=_how: np.abs(f(x, **how) + 3),  # away from the tip of |z|
            anywhere(*_shape),
            reference=lambda x, f=_numpys, how=_how: np.abs(f(x, **how) + 3),
        )
    sample(
        "rfft",
        lambda x, how=_how: seen(mg.rfft(x, **how) ** 2),
        anywhere(*_shape),
        reference=lambda x, how=_how: seen(np.fft.rfft(x, **how) ** 2),
    )
    if _shape == (1,):
        _how = {"n": 1}
    sample(
        "irfft",
        lambda x, y, how=_how: mg.irfft(x + 1j * y, **how) ** 2,
        anywhere(*_shape),
        anywhere(*_shape),
        reference=lambda x, y, how=_how: np.fft.irfft(x + 1j * y, **how) ** 2,
    )
for _n in (1, 2, 3, 4, 5, 6):
    sample("irfft", lambda x, n=_n: mg.irfft(x, n), anywhere(3), reference=lambda x, n=_n: np.fft.irfft(x, n))
sample("rfft", lambda x: np.abs(np.fft.rfft(x)) ** 2, anywhere(5))  # the power of each frequency

for _name, _shape, _how in [
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
    _mine, _numpys = getattr(mg, _name), getattr(np.fft, _name)
    sample(
        _name,
        lambda x, y, f=_mine, how=_how: seen(f(x + 1j * y, **how)),
        anywhere(*_shape),
        anywhere(*_shape),
        reference=lambda x, y, f=_numpys, how=_how: seen(f(x + 1j * y, **how)),
    )

for _name in ("fftshift", "ifftshift"):
    _mine, _numpys = getattr(mg, _name), getattr(np.fft, _name)
    for _shape, _axes in [((3,), None), ((2, 3), None), ((3, 3), 1), ((2, 3, 1), (0, -2))]:
        sample(
            _name,
            lambda x, f=_mine, axes=_axes: f(x, axes),
            anywhere(*_shape),
            reference=lambda x, f=_numpys, axes=_axes: f(x, axes),
        )

for _name in ("convolve", "correlate"):
    _mine, _numpys = getattr(mg, _name), getattr(np, _name)
    for _n, _m in [(1, 1), (4, 1), (1, 3), (3, 3), (4, 2), (2, 5), (5, 3)]:
        for _mode in ("full", "same", "valid"):
            sample(
                _name,
                lambda a, v, f=_mine, mode=_mode: f(a, v, mode),
                anywhere(_n),
                anywhere(_m),
                reference=lambda a, v, f=_numpys, mode=_mode: f(a, v, mode),
            )
    for _n, _m in [(3, 2), (2, 4)]:
        for _mode in ("full", "valid"):
            sample(
                _name,
                lambda a, v, f=_mine, mode=_mode: seen(f(a * (1 + 2j), v + 1j * v[::-1], mode)),
                anywhere(_n),
                anywhere(_m),
                reference=lambda a, v, f=_numpys, mode=_mode: seen(f(a * (1 + 2j), v + 1j * v[::-1], mode)),
            )


def _interp(interp: Any, **ends: float) -> Any:
    """With knots that increase wherever they are moved: the tests call functions at other places, too."""
    knots = np.array([-1.5, -0.42, 0.36, 1.7])
    return lambda x, moved, fp: interp(x, beside(knots.astype(moved.dtype), moved) + 0.1 * moved, fp, **ends)


for _x in (0.1, [0.11], [-2.1, -1.2, -0.6, -0.1, 0.2, 1.4, 2.1], [[0.15, 0.22], [-3.1, 1.1]]):
    sample("interp", _interp(mg.interp), _x, anywhere(4), anywhere(4), reference=_interp(np.interp))
_ends = {"left": 2.5, "right": -9.5}
sample(
    "interp",
    _interp(mg.interp, **_ends),
    [-2.1, 0.2, 2.1],
    anywhere(4),
    anywhere(4),
    reference=_interp(np.interp, **_ends),
)
sample(
    "interp",
    lambda x, moved, fp: seen(_interp(mg.interp)(x, moved, fp * (1 - 3j))),
    [-0.9, 0.1],
    anywhere(4),
    anywhere(4),
    reference=lambda x, moved, fp: seen(_interp(np.interp)(x, moved, fp * (1 - 3j))),
)
