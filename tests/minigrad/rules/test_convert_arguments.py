"""Arguments of operations: their shapes, and integers of any kind."""

from __future__ import annotations

import re

import numpy as np
import pytest

from minigrad.core.tensor import Tensor
from minigrad.rules.convert_arguments import as_integers, shape_of


def test_everything_has_a_shape() -> None:
    assert [shape_of(x) for x in (Tensor(np.ones((2, 3))), np.ones(2), [[1.0], [2.0]], 3.0)] == [
        (2, 3),
        (2,),
        (2, 1),
        (),
    ]


def test_integers_of_any_kind() -> None:
    assert (
        as_integers("f", 2)
        == as_integers("f", np.int8(2))
        == as_integers("f", np.array(2))
        == as_integers("f", Tensor(2))
        == 2
    )
    assert as_integers("f", [1, 2]) == as_integers("f", (1, np.int8(2))) == as_integers("f", Tensor([1, 2])) == (1, 2)
    for other in (0.5, [1, 0.5], "2"):
        with pytest.raises(TypeError, match=f"f: expected whole numbers, got {re.escape(repr(other))}"):
            as_integers("f", other)
