"""Fixtures: a drawing, and a machine without Graphviz."""

import pytest

import minigrad as mg
from minigrad.drawing import render
from tests.helpers.drawn_graphs import logistic


@pytest.fixture
def drawing():
    return mg.draw(logistic())


@pytest.fixture
def no_graphviz(monkeypatch):
    monkeypatch.setattr(render.shutil, "which", lambda program: None)
    monkeypatch.setattr(render, "_has_pygraphviz", lambda: False)
