"""What a formula calls by a name or a sign, said below it: σ′(z), conv2dᵀ, ∘."""

from __future__ import annotations

import re
from collections.abc import Iterator

from minigrad.notation import Expression, write
from minigrad.notation import operations as ops
from minigrad.notation.expression import Call, parts
from minigrad.walkthrough.formats.pieces import formula, in_math, numbers
from minigrad.walkthrough.formats.text import explained

__all__ = ["meanings"]

_EQUALS = "<mo>=</mo>"
_SUMS = {"Σₙᵢⱼ": "n, i and j count examples, rows and columns", "Σₙ": "n counts the examples"}
_IN_WORDS = {
    ops.sigmoid: "σ(x) = 1 / (1 + e<sup>−x</sup>)",
    ops.relu: "relu(x) = max(0, x)",
    **dict.fromkeys(
        (ops.conv1d, ops.conv2d, ops.conv3d),
        "at each position, the filter is multiplied with the elements below it, and the products are added",
    ),
    **dict.fromkeys((ops.max_pool1d, ops.max_pool2d, ops.max_pool3d), "of each window the largest element is kept"),
    **dict.fromkeys(
        (ops.conv1d_input_grad, ops.conv2d_input_grad, ops.conv3d_input_grad),
        "each error signal times the filter is added to the elements that the filter saw",
    ),
    **dict.fromkeys(
        (ops.conv1d_weight_grad, ops.conv2d_weight_grad, ops.conv3d_weight_grad),
        "at each position p of the filter, its error signal times the elements that the filter saw there",
    ),
    **dict.fromkeys(
        (ops.unpool1d, ops.unpool2d, ops.unpool3d),
        "argmax is the element that was the maximum of its window: it gets the error signal, the others 0",
    ),
    **dict.fromkeys(
        (ops.sum_unpool1d, ops.sum_unpool2d, ops.sum_unpool3d),
        "each element of a window gets the error signal of their sum",
    ),
}


def meanings(e: Expression) -> str:
    """As HTML: ``where σ′(z) = y (1 − y) = 0.3775 · (1 − 0.3775)``; empty where a formula needs no words.

    >>> import minigrad as mg
    >>> x = mg.Tensor(2.0, requires_grad=True)
    >>> y = mg.sigmoid(x)
    >>> [meanings(step.expression) != "" for step in mg.explain(y).backward]  # ȳ = 1, x̄ = ȳ σ′(x)
    [False, True]
    """
    named = [in_math(formula(d), _EQUALS, formula(d.meaning)) + _in_numbers(d.meaning) for d in explained([e])]
    meant = " ".join(write(d.meaning) for d in explained([e]))
    signs = ["[…] is 1 where that holds, else 0"] if re.search(r"\[.* [<>≤≥] ", meant) else []
    signs += [words for sign, words in _SUMS.items() if sign in write(e)][:1]
    signs += ["∘ multiplies element by element"] if "∘" in write(e) + meant else []
    said = [*named, *signs, *dict.fromkeys(_words(e))]
    return f'<span class="where">where {"; ".join(said)}</span>' if said else ""


def _in_numbers(e: Expression) -> str:
    found = numbers(e)
    return f" {in_math(_EQUALS, found)}" if found else ""


def _words(e: Expression) -> Iterator[str]:
    if isinstance(e, Call) and e.operation in _IN_WORDS:
        yield _IN_WORDS[e.operation]
    for part in parts(e):
        yield from _words(part)
