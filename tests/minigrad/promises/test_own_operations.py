"""Operations of your own."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import minigrad as mg
from tests.minigrad.promises import same, slopes


def square(x: Any) -> Any:
    return x * x


def test_no_rule() -> None:
    """an argument without a rule, or with `None` in its place"""
    for f in (mg.primitive()(square), mg.primitive(None)(square)):
        with pytest.raises(NotImplementedError, match="has no rule"):
            slopes(f, 2.0)
        with pytest.raises(NotImplementedError, match="has no rule"):
            mg.jvp(f, (2.0,), (1.0,))
        same(slopes(lambda x, f=f: x * f(mg.stop_gradient(x)), 2.0), 4)


def test_wrong_rule() -> None:
    """a rule that returns None, a tuple, or an error signal of another shape"""
    for wrong, error in [(None, TypeError), ((1.0,), TypeError), (np.ones(3), ValueError)]:
        with pytest.raises(error, match=r"^square: its rule gave"):
            slopes(mg.primitive(lambda y_bar, y, x, wrong=wrong: wrong)(square), [1.0, 2.0])


def test_rule_outside_the_graph() -> None:
    """a rule that takes `y_bar` out of the graph"""
    f = mg.primitive(lambda y_bar, y, x: float(y_bar) * 2 * (x.data if isinstance(x, mg.Tensor) else x))(square)
    same(slopes(f, 2.0), 4)
    with pytest.raises(TypeError, match="out of the graph"):
        mg.jvp(f, (2.0,), (1.0,))


def test_tensor_from_outside() -> None:
    """a Tensor that reaches the forward function from outside or by keyword"""
    w = mg.Tensor(3.0, requires_grad=True)
    with pytest.raises(TypeError, match="not among its arguments"):
        mg.primitive(lambda y_bar, y, x: y_bar)(lambda x: x * w)(2.0)
    with pytest.raises(TypeError, match="the parameter w holds a Tensor"):
        mg.primitive(lambda y_bar, y, x, w: y_bar)(lambda x, w: x * float(w))(2.0, w=w)


def test_writing() -> None:
    """a rule or a forward function that writes into its arguments"""
    with pytest.raises(ValueError, match="its rule writes into an argument"):
        slopes(mg.primitive(lambda y_bar, y, x: np.multiply(y_bar, 2, out=y_bar))(square), [1.0, 2.0])
    with pytest.raises(ValueError, match="its forward function writes into an argument"):
        mg.primitive(lambda y_bar, y, x: y_bar)(lambda x: np.multiply(x, 2, out=x))([1.0, 2.0])
