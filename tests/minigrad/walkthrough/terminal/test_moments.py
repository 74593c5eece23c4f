"""The moments of a walkthrough: what each adds, along which edges, and what is known by then."""

import unicodedata

import minigrad as mg
from minigrad.walkthrough.terminal.moments import build_timeline
from tests.helpers.walkthrough.lecture_graphs import parameter
from tests.helpers.walkthrough.terminal_examples import fan_out, lecture, moment, step, walkthrough_of


def panel(walkthrough, now):
    """The lines that tell of a moment, up to the empty one, and those below it."""
    lines = [f"{lead}{text}".rstrip() for lead, text in build_timeline(walkthrough).moments[now].panel]
    return lines[: lines.index("")], lines[lines.index("") + 1 :]


def test_given_values_come_right_before_their_first_use():
    timeline = build_timeline(lecture())
    assert timeline.names == ("w", "x", "b", "z", "y", "t", "L", "R", "λ", "L_reg")
    assert timeline.inputs == ((), (), (), (0, 1, 2), (3,), (), (4, 5), (0,), (), (6, 8, 7))


def test_each_step_computes_one_variable_along_its_edges():
    timeline = build_timeline(lecture())
    z, y, R = (timeline.names.index(name) for name in ("z", "y", "R"))
    w, x, b = (timeline.names.index(name) for name in ("w", "x", "b"))
    forward = timeline.moments[moment(lecture(), "z")]
    assert (forward.heading, forward.number, forward.node) == ("Forward pass", 1, z)
    assert forward.edges == {(w, z), (x, z), (b, z)}
    backward = timeline.moments[moment(lecture(), "z̄")]
    assert (backward.heading, backward.node, backward.edges) == ("Backward pass", z, {(z, y)})
    first, second = (timeline.moments[moment(lecture(), "w̄", last)] for last in (False, True))
    assert (first.node, second.node) == (w, w)
    assert (first.edges, second.edges) == ({(w, R)}, {(w, z)})
    assert second.number == first.number + 1


def test_values_and_error_signals_appear_when_they_are_computed():
    timeline = build_timeline(lecture())
    w, z = timeline.names.index("w"), timeline.names.index("z")
    at = moment(lecture(), "z")
    assert z not in timeline.values(at - 1)
    assert timeline.values(at)[z] == "= −0.5"
    assert timeline.values(0)[w] == "= 0.5"
    at = moment(lecture(), "w̄")
    bar = unicodedata.normalize("NFC", "w̄")
    assert [timeline.signals(k).get(w) for k in (at - 2, at - 1, at, at + 1)] == [
        None,
        (f"{bar} = 0.05 + …", False),
        (f"{bar} = −0.2426", True),
        (f"{bar} = −0.2426", True),
    ]


def test_the_sum_of_contributions_grows_before_your_eyes():
    (first, local), (second, local_too) = (panel(lecture(), moment(lecture(), "w̄", last)) for last in (False, True))
    assert first == [
        "w̄ = z̄ x + R̄ w",
        "  ▶ R̄ dR/dw    = R̄ w  = 0.1 · 0.5  = 0.05",
        "    sum so far = 0.05 + …  (1 to come)",
    ]
    assert second == [
        "w̄ = z̄ x + R̄ w",
        "    R̄ dR/dw = R̄ w  = 0.1 · 0.5    = 0.05",
        "  ▶ z̄ ∂z/∂w = z̄ x  = −0.1463 · 2  = −0.2926",
        "    sum     = 0.05 + (−0.2926) = −0.2426",
    ]
    assert local[0] == "local derivative  dR/dw = w"
    assert local_too[0] == "local derivative  ∂z/∂w = x"


def test_a_variable_that_is_used_twice_in_a_formula_sends_parts_of_one_derivative():
    b = parameter(1.0)
    L = b * b + b
    walkthrough = mg.explain(L)
    lines, facts = panel(walkthrough, moment(walkthrough, "b̄"))
    assert lines[1:] == [
        "    from L:  L̄             = 1",
        "    from L:  L̄ b  = 1 · 1  = 1",
        "  ▶ from L:  L̄ b  = 1 · 1  = 1",
        "    sum    = 2 + 1 = 3",
    ]
    assert facts[0] == "local derivative  dL/db = b + b + 1"


def test_of_many_contributions_the_first_are_summed_up():
    timeline = build_timeline(fan_out())
    steps = [i for i, m in enumerate(timeline.moments) if "6 from" in m.line]
    assert len(steps) == 6
    assert panel(fan_out(), steps[-1])[0][1:] == [
        "    4 before = [22 22; 22 22]",
        unicodedata.normalize("NFC", "    from u₁:   3 ū₁  = [3 3; 3 3]"),
        unicodedata.normalize("NFC", "  ▶ from u₀:   2 ū₀  = [2 2; 2 2]"),
        "    sum      = ⎡27  27⎤\n  ⎣27  27⎦",
    ]


def test_the_first_error_signal_says_what_error_signals_are():
    lines, facts = panel(lecture(), moment(lecture(), "L̄_reg"))
    assert lines == [unicodedata.normalize("NFC", "L̄_reg = 1")]
    assert facts[-1] == "The error signal of a variable v is dL_reg/dv; that of L_reg itself is 1."


def test_operation_and_source_line_are_told_where_they_are_known():
    z = step("z", -0.5, "w x", inputs=("w", "x"), primitive="multiply", source_line="lecture.py:7: z = w * x")
    assert panel(walkthrough_of(z, given=(step("w"), step("x"))), 1) == (
        ["z = w x", "  = −0.5"],
        ["operation         multiply", "line              lecture.py:7: z = w * x"],
    )


def test_what_no_formula_speaks_of_is_no_part_of_the_graph():
    w, b = parameter(2.0), parameter(1.0)
    L = (w * 0.0 + b) ** 2
    timeline = build_timeline(mg.explain(L))
    assert timeline.names == ("b", "L")
    w_bar = next(m for m in timeline.moments if m.line == "w̄ = 0")
    assert (w_bar.node, w_bar.edges) == (None, frozenset())
