"""The page files.md: its cells and its programs for PyTorch run in order, and fit together."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
import pytest

import nn
from tests.helpers.pytorch import torch

pytestmark = pytest.mark.oracle

PAGE = (Path(__file__).parents[4] / "docs/tutorials/files.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(\{code-cell\} )?python\n(?:---\n(?:.*\n)*?---\n)?((?:.*\n)*?)```$", flags=re.MULTILINE)


def test_both_sides(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("safetensors")
    pytest.importorskip("onnxruntime")
    matplotlib.use("agg")
    monkeypatch.chdir(tmp_path)
    ours: dict[str, Any] = {"__name__": "page"}
    theirs: dict[str, Any] = {"__name__": "pytorch"}
    for cell, program in BLOCK.findall(PAGE):
        exec(program, ours if cell else theirs)
    printed = capsys.readouterr().out
    assert "export_onnx: item() asks for a number" in printed or "export_onnx: float(…) " in printed
    assert "export_onnx: cube: there is no rule" in printed
    assert "this was run by opening a file" in printed
    assert "the pickle asks for __builtin__.print" in printed
    assert "it is the config of Digits, and LeNet was asked for" in printed
    # The bytes on the page are what its first program writes.
    written, shown = nn.read_torch(tmp_path / "digits.pt"), ours["checkpoint"]
    assert written["steps"] == shown["steps"] == 100
    for name, array in written["model"].items():
        np.testing.assert_allclose(array, shown["model"][name], rtol=1e-2, atol=1e-2)
    x = np.asarray(ours["images"][:50] / 16, np.float32)
    with torch.no_grad():
        expected = theirs["twin"](torch.tensor(x)).numpy()
    np.testing.assert_allclose(nn.predict(ours["model"], x), expected, rtol=1e-5, atol=1e-5)
