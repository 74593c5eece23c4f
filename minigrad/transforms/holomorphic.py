"""Functions of complex numbers that have one derivative: holomorphic ones.

A step dz = dx + i dy can go in any direction of the plane. For a holomorphic function all directions give the same
derivative: df = f′(z) dz. For others, such as z̄ or |z|, the two parts of z have derivatives of their own, and a single
number f′(z) would be wrong. The sweeps tell which it is: they are linear in each part of an error signal, and those of
a holomorphic function also commute with i.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from minigrad.core.tensor import Tensor
from minigrad.device import to_device, to_host
from minigrad.recorder import effect, writer
from minigrad.transforms.traced_function import TracedCall

__all__ = [
    "refuse_complex_to_complex",
    "refuse_jacobian_unless_holomorphic",
    "refuse_unless_holomorphic",
    "require_complex",
]


def require_complex(caller: str, run: TracedCall) -> None:
    """Raise a TypeError for a real argument or a real result of a function that is said to be holomorphic."""
    for x in run.xs:
        if x.dtype.kind != "c":
            raise TypeError(
                f"{caller}: holomorphic=True, and an argument has dtype {x.dtype}, expected complex numbers; write "
                "z + 0j, or leave out holomorphic"
            )
    for y in run.ys:
        if y.dtype.kind != "c":
            raise TypeError(
                f"{caller}: holomorphic=True, and the function returned {y.dtype}, expected complex numbers; for a "
                "real function leave out holomorphic"
            )


def refuse_complex_to_complex(caller: str, run: TracedCall) -> None:
    """Raise a TypeError if complex results depend on complex arguments: a step of each is two numbers."""
    if any(x.dtype.kind == "c" for x in run.xs) and any(y.dtype.kind == "c" for y in run.ys):
        raise TypeError(
            f"{caller}: complex results of complex arguments have a single complex derivative only if the function is "
            "holomorphic; pass holomorphic=True if it is. Otherwise split the arguments, "
            f"mg.{caller}(lambda x, y: f(x + 1j * y), argnums=(0, 1)), or take mg.vjp and mg.jvp"
        )


def refuse_unless_holomorphic(caller: str, run: TracedCall, seeds: Sequence[Any], signals: Sequence[Any]) -> None:
    """Raise a ValueError if the backward sweep does not commute with i; in a program, that is a line of it.

    Arguments:
        signals: the error signals of the arguments for these seeds.
    """
    straight = [x_bar._data if isinstance(x_bar, Tensor) else x_bar for x_bar in signals]
    turned = run.plain_pull([1j * seed for seed in seeds])
    if writer() is None:
        check_cauchy_riemann(caller, straight, turned)
    else:
        effect(check_cauchy_riemann, (caller, straight, turned))


def refuse_jacobian_unless_holomorphic(run: TracedCall) -> None:
    """The same for all elements of the results at once: what does not hold for one shows in a mixture of all."""
    seeds = [to_device(_without_symmetries(y), y.device) for y in run.ys]
    refuse_unless_holomorphic("jacobian", run, seeds, run.plain_pull(seeds))


def _without_symmetries(y: Tensor) -> Any:
    real, imaginary = np.random.default_rng(0).normal(size=(2, *y.shape))
    return (real + 1j * imaginary).astype(y.dtype)[()]


def check_cauchy_riemann(caller: str, straight: Sequence[Any], turned: Sequence[Any]) -> None:
    """Raise a ValueError if the sweep of i times the seeds did not give i times what the sweep of the seeds gave.

    What is infinite or NaN is not compared: it can be seen.
    """
    a, b = (np.concatenate([[], *[np.ravel(to_host(part)) for part in parts]]) for parts in (straight, turned))
    rounding = max((np.finfo(part.dtype).eps for part in straight), default=0.0) ** 0.5
    with np.errstate(invalid="ignore"):
        differs = np.max(np.abs(b - 1j * a), initial=0) > rounding * np.max(np.abs([a, b]), initial=0)
    if differs:
        raise ValueError(
            f"{caller}: holomorphic=True, but the function is not holomorphic here: a step along i does not change it "
            "by i times what a step along 1 does (the Cauchy-Riemann equations do not hold), as with conj, abs, real "
            "and imag. Take the derivative of a real loss without holomorphic=True, or of both parts by mg.vjp"
        )
