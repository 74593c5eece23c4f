"""Files of export_onnx in onnxruntime, beside the model."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn
from nn.module import evaluation_mode

onnx = pytest.importorskip("onnx")
onnxruntime = pytest.importorskip("onnxruntime")

__all__ = ["compare", "computed", "onnx", "onnxruntime"]


def computed(path: Path, *arrays: Any) -> list[Any]:
    """What onnxruntime computes from arrays, in one thread."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 4
    session = onnxruntime.InferenceSession(path.read_bytes(), options, providers=["CPUExecutionProvider"])
    names = [given.name for given in session.get_inputs()]
    return list(session.run(None, dict(zip(names, arrays, strict=True))))


def compare(model: nn.Module, path: Path, *arrays: Any, tolerance: float = 1e-5) -> None:
    """The file has the shapes, the dtypes and the numbers of the model in evaluation mode."""
    with evaluation_mode(model), np.errstate(all="ignore"):
        expected = model(*map(mg.Tensor, arrays))
    expected = expected if isinstance(expected, tuple | list) else [expected]
    found = computed(path, *arrays)
    assert len(found) == len(expected)
    for y, tensor in zip(found, expected, strict=True):
        values = np.asarray(tensor)
        assert (y.dtype, y.shape) == (values.dtype, values.shape)
        np.testing.assert_allclose(y, values, rtol=tolerance, atol=tolerance)
