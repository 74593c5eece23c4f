"""einsum in all forms that NumPy takes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import minigrad as mg
from minigrad.core.tensor import Tensor


@st.composite
def einsums(draw: Any) -> tuple[str, list[Any]]:
    """Subscripts with letters repeated, shared, summed, dots anywhere, an output or none; arrays that fit."""
    lengths = dict(zip("abcd", draw(st.tuples(*[st.integers(1, 3)] * 4)), strict=True))
    further = draw(st.lists(st.integers(1, 2), max_size=2))
    rng = np.random.default_rng(draw(st.integers(0, 99)))
    terms, arrays = [], []
    for _ in range(draw(st.integers(1, 3))):
        letters = draw(st.lists(st.sampled_from("abcd"), max_size=3))
        # A length of 1 broadcasts; repeated letters of one array have one length.
        shape = [1 if letters.count(c) == 1 and draw(st.integers(0, 4)) == 0 else lengths[c] for c in letters]
        if draw(st.booleans()):
            place = draw(st.integers(0, len(letters)))
            dots = further[draw(st.integers(0, len(further))) :]
            letters.insert(place, "...")
            shape[place:place] = dots
        terms.append("".join(letters))
        arrays.append(rng.normal(size=shape))
    used = sorted({c for term in terms for c in term if c != "."})
    text = draw(st.sampled_from([",", " , "])).join(terms)
    if draw(st.booleans()):
        kept = draw(st.permutations(used))[: draw(st.integers(0, len(used)))]
        dotted = any("..." in term for term in terms)
        kept[draw(st.integers(0, len(kept))) : 0] = ["..."] if dotted else []
        text += "->" + "".join(kept)
    return text, arrays


@given(einsums(), st.sampled_from([False, True, "greedy"]))
def test_einsum_is_numpys(case: Any, optimize: Any) -> None:
    text, arrays = case
    expected = np.einsum(text, *arrays)
    y = np.einsum(text, *[Tensor(a, requires_grad=True) for a in arrays], optimize=optimize)
    assert y.shape == expected.shape
    np.testing.assert_allclose(y.data, expected, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(mg.einsum(text, *arrays, optimize=optimize), expected, rtol=1e-12, atol=1e-12)


@settings(max_examples=40, deadline=None)
@given(einsums(), st.booleans())
def test_einsum_is_its_own_derivative(case: Any, optimize: bool) -> None:
    text, arrays = case
    mg.check_grads(lambda *xs: mg.einsum(text, *xs, optimize=optimize), *arrays, order=2, rtol=1e-5, atol=1e-6)


def test_the_form_with_lists_of_axes() -> None:
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(2, 3)), rng.normal(size=(3, 4))
    for more in ([], [[0, 2]], [[2, 0]], [[]]):
        operands = [a, [0, 1], b, [1, 2], *more]
        tensors = [Tensor(x) if isinstance(x, np.ndarray) else x for x in operands]
        np.testing.assert_allclose(np.einsum(*tensors).data, np.einsum(*operands))
    np.testing.assert_allclose(mg.einsum(Tensor(a), [30, 2]).data, np.einsum(a, [30, 2]))
    np.testing.assert_allclose(mg.einsum(Tensor(a), [..., 7], [7, ...]).data, a.T)


def test_every_letter_is_an_axis() -> None:
    x = np.arange(6.0).reshape((2, *[1] * 50, 3))
    axes = list(range(52))
    np.testing.assert_array_equal(mg.einsum(x, axes, axes[::-1]), x.T, strict=True)


def test_a_path_chosen_beforehand() -> None:
    arrays = [np.random.default_rng(0).normal(size=(2, 2)) for _ in range(3)]
    path = np.einsum_path("ij,jk,kl", *arrays)[0]
    mg.check_grads(lambda *xs: mg.einsum("ij,jk,kl", *xs, optimize=path), *arrays, order=1)


def test_lists_and_numbers_are_arrays() -> None:
    x = Tensor([1.0, 2.0], requires_grad=True)
    y = np.einsum("i,ij,,->j", x, [[1, 2], [3, 4]], 2, np.float32(0.5))
    np.testing.assert_array_equal(y.data, [7, 10])
    y.sum().backward()
    np.testing.assert_array_equal(x.grad, [3, 7])


@pytest.mark.parametrize(
    ("operands", "message"),
    [
        ((), "subscripts and arrays"),
        (("ij,jk", np.ones((2, 3))), "2 groups of subscripts for 1 arrays"),
        (("ij", np.ones(3)), "'ij' names 2 axes of an array that has 1"),
        (("i", np.ones((2, 3))), "write ... for the leading axes"),
        (("ij->ik", np.ones((2, 3))), "names 'k' and no input does"),
        (("ij->ii", np.ones((2, 3))), "names 'i' twice"),
        (("i.j", np.ones((2, 3))), "'.' is not a subscript"),
        (("i1", np.ones((2, 3))), "'1' is not a subscript"),
        (("...i->i", np.ones((2, 3))), "an input has ... and the output does not"),
        (("ij,jk", np.ones((2, 3)), np.ones((2, 3))), "j has the lengths 3, 2"),
        (("ii", np.ones((2, 3))), "i has the lengths 2, 3"),
        ((np.ones(2), "i"), "each array with a list of its axes"),
        ((np.ones(2), [60]), "60 is not a subscript"),
    ],
)  # fmt: skip
def test_what_does_not_fit(operands: Any, message: str) -> None:
    with pytest.raises((ValueError, TypeError), match=message.replace(".", r"\.")):
        mg.einsum(*operands)
