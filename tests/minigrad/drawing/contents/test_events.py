"""The steps: each value and error signal is first seen once, in the order in which the passes compute them."""

import numpy as np
import pytest

import minigrad as mg
import nn
from minigrad.notation import write
from tests.helpers.drawing.made_pictures import picture_of
from tests.minigrad.drawing.contents.rows.test_boxes import l_reg, parameter


def test_the_lecture_graph_step_by_step():
    assert [event.text for event in picture_of(l_reg()).events] == [
        "z = w x + b = −0.5",
        "y = σ(z) = 0.3775",
        "L = ½ (y − t)² = 0.1937",
        "R = ½ w² = 0.125",
        "L_reg = L + λ R = 0.2062",
        "L̄_reg = 1",
        "R̄ = L̄_reg λ = 0.1",
        "contribution to the error signal of w from R: R̄ w = 0.05",
        "L̄ = L̄_reg = 1",
        "ȳ = L̄ (y − t) = −0.6225",
        "z̄ = ȳ σ′(z) = −0.1463",
        "contribution to the error signal of w from z: z̄ x = −0.2926",
        "w̄ = −0.2926 + 0.05 = −0.2426",
        "b̄ = z̄ = −0.1463",
    ]


def test_error_signals_are_complete_in_the_order_of_the_derivation():
    loss = l_reg()
    events = picture_of(loss).events
    complete = [event.text.split(" = ")[0] for event in events if ("signal" in dict(event.shows).values())]
    assert complete == [step.variable for step in mg.explain(loss).backward]


def test_arrays_have_sizes_in_place_of_numbers():
    x = parameter([1.0, 2.0], "x")
    y = mg.tanh(x).named("y")
    texts = [event.text for event in picture_of(mg.sum(y).named("L")).events]
    assert texts[0] == "y = tanh(x), shape 2"
    assert texts[-1].startswith("x̄ = ȳ ∘ tanh′(x), rms ")


def deep():
    model = nn.Sequential(
        nn.Linear(3, 4, rng=0), nn.Tanh(), nn.Residual(nn.Linear(4, 4, rng=0)), nn.Linear(4, 2, rng=0)
    )
    with mg.record():
        return mg.mean(model(mg.Tensor(np.ones((5, 3)), name="x")) ** 2).named("L")


@pytest.mark.parametrize("level", ["lines", "stages", "modules", "operations"])
@pytest.mark.parametrize("make", [l_reg, deep])
def test_each_part_is_first_seen_once_and_nothing_is_missing(make, level):
    picture = picture_of(make(), level=level, derived=False)
    seen = [show for event in picture.events for show in event.shows]
    assert len(seen) == len(set(seen))
    keys = {box.key for box in picture.boxes} | {arrow.key for arrow in picture.arrows}
    assert {key for key, _ in seen} <= keys
    assert {key for event in picture.events for key in event.current} <= keys
    with_label = {arrow.key for arrow in picture.arrows if arrow.kind == "backward"}
    assert {key for key, part in seen if part == "label"} == with_label
    with_signal = {box.key for box in picture.boxes if any(getattr(row, "part", "") == "signal" for row in box.rows)}
    assert {key for key, part in seen if part == "signal"} == with_signal


def test_the_forward_pass_alone_without_error_signals():
    events = picture_of(l_reg(), signals=False).events
    assert [event.text.split(" = ")[0] for event in events] == ["z", "y", "L", "R", "L_reg"]


def test_the_formulas_are_those_of_the_derivation():
    loss = l_reg()
    walkthrough = mg.explain(loss)
    texts = [event.text for event in picture_of(loss).events]
    for step in walkthrough.forward:
        assert any(text.startswith(f"{step.variable} = {step.formula} = ") for text in texts)
    for step in walkthrough.backward:
        for part in step.contributions:
            assert any(write(part.expression) in text for text in texts)
