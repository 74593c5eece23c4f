"""Fixtures: a drawing, and a machine without Graphviz."""

import pytest

import minigrad as mg
from minigrad.drawing.layout.graphviz import program
from tests.helpers.drawn_graphs import logistic


@pytest.fixture(scope="session")
def drawing():
    return mg.draw(logistic())


@pytest.fixture
def no_graphviz(monkeypatch):
    monkeypatch.setattr(program.shutil, "which", lambda name: None)
    monkeypatch.setattr(program, "_has_pygraphviz", lambda: False)
