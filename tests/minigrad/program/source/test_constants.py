"""Texts, keys and numbers come back as they were, whatever is in them; nothing in them is run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import minigrad as mg
from tests.helpers.compiled.agrees import agrees

X = np.random.default_rng(0).normal(size=(2, 3))
Y = np.random.default_rng(1).normal(size=(2, 3))
TEXTS = (
    "W1", "😀", "µ", "μ", "\ud800", "\n", "\\", '"', "'", '\\"', '"""', "'''", '""" + 1/0 + """', "\\N{x}", "\x00", "",
    "{x}", "None", "__debug__", "lambda", "a.b", "np", "x y", "\u2028", "é", "é", "ﬁ", "fi",
)  # fmt: skip


@pytest.mark.parametrize("text", TEXTS, ids=ascii)
def test_a_text(text: str, tmp_path: Path) -> None:
    f = lambda p, s: ({text: 2.0 * p[text], "s": s}, text)  # noqa: E731
    agrees(f, ({text: X}, text), ({text: Y}, text), ({text: X}, "other"))
    compiled = mg.compile(f)
    compiled({text: X}, text)
    if text != "\ud800":  # which is in no file
        compiled.save(tmp_path / "program.py")
        saved: dict[str, Any] = {}
        exec((tmp_path / "program.py").read_text(encoding="utf-8"), saved)
        np.testing.assert_array_equal(saved["step"]({text: X}, text)[0][text], 2.0 * X)


@pytest.mark.parametrize(("a", "b"), [("µ", "μ"), ("ﬁ", "fi"), ("𝐱", "x"), ("é", "é"), ("a.b", "a_b"), ("np", "np_2")])
def test_names_that_python_takes_for_the_same(a: str, b: str) -> None:
    """Python compares identifiers in their normal form, where µ (micro) is μ (mu)."""
    agrees(lambda p: p[a] - 2.0 * p[b], ({a: X, b: Y},), ({a: Y, b: X},))
    agrees(lambda x, y: (mg.Tensor(x).named(a) * mg.Tensor(y).named(b) - mg.Tensor(y)).data, (X, Y), (Y, X))
    mg.compile(lambda **words: words[a] - words[b])(**{a: X, b: Y})


@pytest.mark.parametrize(
    "number",
    [np.longdouble("0.1"), np.clongdouble(0.1 - 0.0j), np.float16(0.1), np.float32(0.1), -0.0, np.nan, -np.inf, 1e-320,
     complex(-0.0, -0.0), complex(np.nan, np.inf), -2j, np.uint8(200), np.int64(-(2**63)), True, np.True_],
    ids=repr,
)  # fmt: skip
def test_a_number(number: Any) -> None:
    agrees(lambda x: (number, np.multiply(x, number), np.array([number, number]), {"a": [number]}), (X,), (Y,))
