"""An error that leaves `mg.record` or `nn.draw` is raised as it is, with the picture up to where it failed."""

import gc
import sys
import types
import weakref

import numpy as np
import pytest

import minigrad as mg
import nn
from tests.helpers.drawn_graphs import parameter


def failing():
    a, b = parameter(np.ones((2, 3)), "a"), parameter(np.ones((2, 3)), "b")
    with mg.record():
        c = (a * 2).named("c")
        return c @ b


def test_the_picture_goes_up_to_the_operation_that_failed():
    with pytest.raises(ValueError, match=r"^matmul: x @ y has shapes \(2, 3\) and \(2, 3\)") as caught:
        failing()
    text = str(caught.value.drawing)
    assert text.startswith("✗ @ · ValueError: matmul: x @ y has shapes (2, 3) and (2, 3)")
    assert "c = 2 a" in text
    assert "b  parameter" in text


def test_a_model_that_fails_within_draw():
    model = nn.Sequential(nn.Linear(4, 3, rng=0), nn.ReLU(), nn.Linear(2, 1, rng=0))
    with pytest.raises(ValueError, match="did you mean Linear") as caught:
        nn.draw(model, np.ones((1, 4), np.float32))
    assert "4 → 3" in str(caught.value.drawing)


def test_without_record_there_is_none():
    with pytest.raises(ValueError, match="matmul") as caught:
        parameter(np.ones((2, 3))) @ np.ones((2, 3))
    assert not hasattr(caught.value, "drawing")


def test_an_error_with_nothing_to_draw_is_raised_as_it_is():
    with pytest.raises(KeyError) as caught, mg.record():
        raise KeyError("x")
    assert caught.value.args == ("x",)


def test_an_error_of_drawing_does_not_take_its_place(monkeypatch):
    from minigrad.drawing.graph import failure

    monkeypatch.setattr(failure, "trace_failure", lambda error: 1 / 0)
    with pytest.raises(ValueError, match="matmul") as caught:
        failing()
    assert not hasattr(caught.value, "drawing")


def test_the_innermost_record_draws():
    with pytest.raises(ValueError, match="matmul") as caught, mg.record():
        failing()
    assert "c = 2 a" in str(caught.value.drawing)


def test_interruptions_are_not_drawn():
    def interrupted():
        mg.exp(parameter(1.0))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt) as caught, mg.record():
        interrupted()
    assert not hasattr(caught.value, "drawing")


def test_the_drawing_keeps_no_graph_alive():
    def run():
        try:
            failing()
        except ValueError as error:
            frame = error.__traceback__.tb_next.tb_frame
            return error.drawing, weakref.ref(frame.f_locals["c"])

    drawing, c = run()
    gc.collect()
    assert c() is None
    assert drawing.source


def test_a_notebook_shows_it_above_the_traceback(monkeypatch):
    shown = []
    shell = types.SimpleNamespace(
        InteractiveTB=types.SimpleNamespace(structured_traceback=lambda *args, tb_offset: ["as usual", tb_offset])
    )
    ipython, display = types.ModuleType("IPython"), types.ModuleType("IPython.display")
    ipython.get_ipython, display.display = lambda: shell, shown.append
    monkeypatch.setitem(sys.modules, "IPython", ipython)
    monkeypatch.setitem(sys.modules, "IPython.display", display)
    with pytest.raises(ValueError, match="matmul") as caught:
        failing()
    assert caught.value._render_traceback_() == ["as usual", 1]
    assert shown == [caught.value.drawing]
