"""``w=0.5 x=[1,2]``: the values given, and carets under invalid ones."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from minigrad.cli.source import InputError
from minigrad.cli.variables import read_variables


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("w=0.5", 0.5),
        ("w=1e-3", 1e-3),
        ("w=-2", -2),
        ("w=1/3", 1 / 3),
        (" w = 7 ", 7),
        ("w=−2", -2),
        ("w=pi/2", math.pi / 2),
        ("w=sqrt(4)", 2),
        ("w=[1,2]", [1, 2]),
        ("w=[[1,2],[3,-4/2]]", [[1, 2], [3, -2]]),
        ("w=\n[1,\n 2]", [1, 2]),
    ],
)
def test_values_are_tensors_with_a_name_and_an_error_signal(word: str, expected: Any) -> None:
    (w,) = read_variables([word]).values()
    assert w.data.dtype == np.float64
    assert (w.name, w.requires_grad) == ("w", True)
    np.testing.assert_array_equal(w.data, expected)


def test_constants_have_no_error_signal() -> None:
    variables = read_variables(["w=1", "x=2", "t=3"], constants="x, t")
    assert {name: x.requires_grad for name, x in variables.items()} == {"w": True, "x": False, "t": False}


_A_VALUE = "a value is a number such as 0.5 or 1/3, or a list such as [1, 2] or [[1, 2], [3, 4]]"


@pytest.mark.parametrize(
    ("word", "carets", "message"),
    [
        ("w=abc", "  ^^^", f"abc is not a number; {_A_VALUE}"),
        ("w = 2*x", "      ^", f"x is not a number; {_A_VALUE}"),
        ("w=", "  ^", _A_VALUE),
        ("w=1;2", "    ^", _A_VALUE),
        ("w=a=2", "  ^^^", _A_VALUE),
        ("w=[1,", "  ^", "this cannot be read: '[' was never closed"),
        ("w=1e999", "  ^^^^^", f"this is not a finite number; {_A_VALUE}"),
        ("w=[1, 0/0]", "      ^^^", f"this is not a finite number; {_A_VALUE}"),
        ("w=[[1],2]", "  ^^^^^^^", "the rows differ in shape: (1,), ()"),
        ("w==2", "  ^", "this cannot be read: invalid syntax"),
        ("w", "^", "expected NAME=VALUE, such as w=0.5; put an expression with spaces in quotes"),
        ("*", "^", "expected NAME=VALUE, such as w=0.5; put an expression with spaces in quotes"),
        ("=3", "^", "this cannot be the name of a variable; names are words such as w, x1 or L_reg"),
        ("w x=3", "^^^", "this cannot be the name of a variable; names are words such as w, x1 or L_reg"),
        (" 2w =3", " ^^", "this cannot be the name of a variable; names are words such as w, x1 or L_reg"),
        ("None=3", "^^^^", "this cannot be the name of a variable; names are words such as w, x1 or L_reg"),
        ("lambda=3", "^^^^^^", "lambda is a Python keyword; call λ lam instead: lam=0.1"),
        ("__w=3", "^^^", "a name must not begin with two underscores; choose another"),
        ("sigmoid=3", "^^^^^^^", "sigmoid is a function; choose another name for this variable"),
        ("b=3", "^", "b is given a value twice; drop one of the two"),
    ],
)
def test_mistakes_in_values(word: str, carets: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        read_variables(["b=1", word])
    assert str(caught.value) == f"{word}\n{carets}\n{message}"


@pytest.mark.parametrize(
    ("constants", "carets", "message"),
    [
        ("w,xx", "             ^^", "xx is not given; constants are among w, x; did you mean x?"),
        ("w,", "             ^", "a name is missing here; constants are among w, x"),
    ],
)
def test_mistakes_in_constants(constants: str, carets: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        read_variables(["w=1", "x=2"], constants)
    assert str(caught.value) == f"--constant {constants}\n{carets}\n{message}"
