"""The user's line that computes each variable: found where it is certain, and never a wrong one."""

import linecache
import sys

import minigrad as mg


def lines(source, **names):
    """The source lines that explain finds in a program of its own, by variable."""
    file = f"<program {hash(source)}>"
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    scope = {"mg": mg, "w": mg.Tensor(2.0, requires_grad=True), **names}
    exec(compile(source, file, "exec"), scope)
    return {step.target: step.source_line for step in scope["walkthrough"].forward}


def test_assignments_of_a_module():
    source = "y = w * w\nL = (y +\n     1.0)\nwalkthrough = mg.explain(L)\nL = None\n"
    assert lines(source) == {"y": "cell:1: y = w * w", "L": "cell:2: L = (y + 1.0)"}


def test_the_last_assignment_before_the_call_counts():
    source = "y = w * 1.0\ny = w * w\nL = y + 1.0\nwalkthrough = mg.explain(L)\ny = 0\n"
    assert lines(source)["y"] == "cell:2: y = w * w"


def test_branches_leave_a_doubt():
    source = "if w is None:\n    y = w\nelse:\n    y = w * w\nL = y + 1.0\nwalkthrough = mg.explain(L)\n"
    assert lines(source) == {"y": None, "L": "cell:5: L = y + 1.0"}


def test_a_loop_has_one_assignment():
    source = "for _ in range(2):\n    y = w * w\nL = y + 1.0\nwalkthrough = mg.explain(L)\n"
    assert lines(source)["y"] == "cell:2: y = w * w"


def test_the_variable_of_a_loop_or_with_is_no_assignment():
    source = "for y in [w * w]:\n    pass\nL = y + 1.0\nwalkthrough = mg.explain(L)\n"
    assert lines(source)["y"] is None


def test_an_assignment_in_an_inner_function_is_another_variable():
    source = "def f():\n    y = 1.0\n    return y\ny = w * w\nL = y + f()\nwalkthrough = mg.explain(L)\n"
    assert lines(source)["y"] == "cell:4: y = w * w"


def test_in_a_function():
    w = mg.Tensor(2.0, requires_grad=True)
    y = w * w
    L = y + 1.0
    here = sys._getframe().f_lineno
    found = {step.target: step.source_line for step in mg.explain(L).forward}
    assert found == {
        "y": f"test_source_lines.py:{here - 2}: y = w * w",
        "L": f"test_source_lines.py:{here - 1}: L = y + 1.0",
    }


def test_names_that_were_given_have_no_line():
    w = mg.Tensor(2.0, requires_grad=True)
    L = (w * w).named("y") + 1.0
    assert mg.explain(L).forward[0].source_line is None


def test_without_any_source():
    scope = {"mg": mg, "w": mg.Tensor(2.0, requires_grad=True)}
    exec("L = w * w\nwalkthrough = mg.explain(L)", scope)
    assert [step.source_line for step in scope["walkthrough"].forward] == [None]


def test_a_given_name_takes_no_line_of_another_variable():
    source = "v = (w * w).named('z')\nL = v + 1.0\nz = 5\nwalkthrough = mg.explain(L)\n"
    assert lines(source)["z"] == "cell:1: v = (w * w).named('z')"


def test_an_alias_is_no_computation():
    source = "z = w * w\ny = z\nL = y + 1.0\nz = None\nwalkthrough = mg.explain(L)\n"
    assert lines(source)["y"] is None
