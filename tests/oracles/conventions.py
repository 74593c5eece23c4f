"""Where another library's error signals differ by convention, and why minigrad's are as they are.

Only at points where a function, or a formula for its derivative, is not defined. No sample is at such a point.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from numpy import inf, nan

import minigrad as mg
from tests.oracles.hips import HIPS
from tests.oracles.library import Library
from tests.oracles.pytorch import PYTORCH

__all__ = ["CONVENTIONS", "Convention"]


@dataclass(frozen=True)
class Convention:
    """The error signals of the arguments at a point, for the error signal 1 of the value: ours and theirs."""

    operation: str
    library: Library
    f: Callable[..., Any]
    at: tuple[Any, ...]
    ours: tuple[Any, ...]
    theirs: tuple[Any, ...]
    reason: str


_TIE = "elements that tie share the error signal equally, as in maximum and max"
_TIP = "at the tip of a cone no direction is steepest"
_ANGLE = "the angle is not defined at the origin, so nothing there gets an error signal"

# fmt: off
CONVENTIONS = [
    Convention("fmax",      PYTORCH, mg.fmax,      (1, 1),                 (0.5, 0.5), (1, 0), _TIE),
    Convention("fmin",      PYTORCH, mg.fmin,      (1, 1),                 (0.5, 0.5), (1, 0), _TIE),
    Convention("hypot",     PYTORCH, mg.hypot,     (0, 0),                 (0, 0),     (nan, nan), _TIP),
    Convention("logaddexp", PYTORCH, mg.logaddexp, (inf, inf),             (0.5, 0.5), (nan, nan),
               "two equal infinities share the error signal equally, as two equal numbers do"),
    Convention("det",       PYTORCH, mg.det,       ([[1, 2], [2, 4]],),    ([[4, -2], [-2, 1]],), ([[0, 0], [0, 0]],),
               "the derivative of a determinant is the matrix of cofactors, which a singular matrix has too"),
    Convention("std",       HIPS,    mg.std,       ([1, 1],),              ([0, 0],),  ([nan, nan],),      _TIP),
    Convention("arctan2",   HIPS,    mg.arctan2,   (0, 0),                 (0, 0),     (nan, nan), _ANGLE),
    Convention("logaddexp", HIPS,    mg.logaddexp, (inf, inf),             (0.5, 0.5), (nan, nan),
               "two equal infinities share the error signal equally, as two equal numbers do"),
]
# fmt: on
