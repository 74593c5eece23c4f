"""The progress of fit on a terminal and elsewhere."""

from __future__ import annotations

import sys
import warnings
from types import SimpleNamespace

import pytest

import nn
from tests.helpers.training import X, Y, model_and_optimizer


def test_off_a_terminal_every_epoch_prints_a_line(capsys):
    model, optimizer = model_and_optimizer()
    nn.fit(model, (X, Y), optimizer=optimizer, epochs=2, validation_data=(X, Y), rng=0)
    printed = capsys.readouterr()
    lines = printed.out.splitlines()
    assert len(lines) == 2
    assert not printed.err  # no bar
    assert lines[1].startswith("epoch 2/2  loss ")
    assert all(word in lines[1] for word in ("accuracy", "val_loss", "val_accuracy", " s"))


def test_on_a_terminal_there_is_a_bar(monkeypatch, capsys):
    pytest.importorskip("tqdm")
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    model, optimizer = model_and_optimizer()
    nn.fit(model, (X, Y), optimizer=optimizer, rng=0)
    printed = capsys.readouterr()
    assert "epoch 1/1" in printed.err
    assert " left" in printed.err
    assert printed.out.startswith("epoch 1/1  loss ")


def test_without_tqdm_a_terminal_gets_lines(monkeypatch, capsys):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setitem(sys.modules, "tqdm", None)
    model, optimizer = model_and_optimizer()
    nn.fit(model, (X, Y), optimizer=optimizer, rng=0)
    assert capsys.readouterr().out.startswith("epoch 1/1  loss ")


def test_in_a_notebook_without_ipywidgets_there_is_a_bar_of_text_and_no_warning(monkeypatch, capsys):
    pytest.importorskip("tqdm")
    shell = SimpleNamespace(has_trait=lambda name: name == "kernel")
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))
    monkeypatch.setitem(sys.modules, "ipykernel.zmqshell", SimpleNamespace())
    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    for name in ("tqdm.auto", "tqdm.autonotebook", "tqdm.notebook"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    model, optimizer = model_and_optimizer()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        nn.fit(model, (X, Y), optimizer=optimizer, rng=0)
    assert not caught
    printed = capsys.readouterr()
    assert not printed.err  # a notebook shows it in red, and in a block of its own
    assert " left" in printed.out
    line, rest = printed.out.split("\n")
    kept = line.rpartition("\r")[2]  # as a notebook shows it
    assert kept.startswith("epoch 1/1  loss ")
    assert "|" not in kept + rest
