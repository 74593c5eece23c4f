"""``wrong_order``: a depth-first sweep beside the right one, on the user's graph."""

import math

import numpy as np
import pytest
from hypothesis import given

import minigrad as mg
from tests.helpers.walkthrough.derived_graphs import Plain, recipes, tensors
from tests.helpers.walkthrough.lecture_graphs import chain_rule, logistic, mlp_vectorised


@given(recipes())
def test_both_sweeps_of_a_drawn_graph(recipe):
    plain = Plain(recipe)
    right, wrong = plain.topological(), plain.depth_first()
    table = mg.explain(tensors(recipe)[-1]).wrong_order()
    assert {row.target for row in table.rows} == {f"n_{i}" for i in right}
    for row in table.rows:
        i = int(row.target[2:])
        assert float(row.right) == pytest.approx(right[i], rel=1e-9, abs=1e-12)
        assert float(row.depth_first) == pytest.approx(wrong[i], rel=1e-9, abs=1e-12)
    swept = [int(row.target[2:]) for row in table.sweep]
    computed = [i for i in swept if not isinstance(recipe[i], float)]
    assert computed == [i for i in wrong if not isinstance(recipe[i], float)]
    assert sorted(swept) == sorted(right)
    order = [int(row.target[2:]) for row in table.rows]
    differ = [i for i in order if not math.isclose(right[i], wrong[i], rel_tol=1e-6)]
    assert table.parts_at == (f"n_{differ[0]}" if differ else None)


def test_it_says_where_they_part_and_why():
    table = chain_rule().wrong_order()
    assert table.parts_at == "y"
    lines = str(table).splitlines()
    assert lines[0].split() == ["topological", "depth", "first"]
    assert [line.endswith("← wrong") for line in lines[1:5]] == [False, True, False, True]
    assert "They first differ at ȳ: it was passed on when 1 of its 2 contributions had arrived." in lines
    assert repr(table) == str(table)


@pytest.mark.parametrize("derivation", [logistic, mlp_vectorised])
def test_where_nothing_computed_is_used_twice_both_agree(derivation):
    table = derivation().wrong_order()
    assert table.parts_at is None
    assert "← wrong" not in str(table)
    assert "Both orders agree here: no computed variable is used in two places" in str(table)


def test_where_they_agree_by_luck_it_says_so():
    x = mg.Tensor(2.0, requires_grad=True)
    y = x * x
    z = y * x + y  # the product passes on first
    table = mg.explain(z).wrong_order()
    assert table.parts_at is None
    assert str(table).splitlines()[-2:] == [
        "Both orders agree here by luck: y is used in several places, but all contributions",
        "to ȳ were there when it was passed on. With the terms or factors in another order they may differ.",
    ]


def test_an_unnamed_value_that_is_passed_on_too_early_shows_where_it_arrives():
    x = mg.Tensor(2.0, requires_grad=True)
    _y = x * 3.0
    z = _y * (_y + 1.0)
    table = mg.explain(z).wrong_order()
    assert table.parts_at == "v_1"  # a value used twice gets a name


def test_it_can_be_asked_for_after_backward():
    x = mg.Tensor(2.0, requires_grad=True)
    y = x * x
    z = y + y * x
    walkthrough = mg.explain(z)
    z.backward()
    x.data = np.float64(100.0)
    table = walkthrough.wrong_order()
    assert table.parts_at == "y"
    assert {row.target: float(row.right) for row in table.rows} == {"z": 1.0, "y": 3.0, "x": 16.0}
    assert walkthrough.check().endswith("all agree")
