"""Every primitive of minigrad, on its samples: the file computes the same, or is refused with the primitive's name."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nn
from nn.onnx.rules import RULES
from tests.helpers.parametrized.for_each import naming
from tests.nn.onnx.runtime import compare
from tests.samples import PRIMITIVES, SAMPLES, Sample

#: Their samples are complex; of real numbers they are in rules/test_elementwise.
_OF_COMPLEX = {"real", "imag", "conj", "modulus"}


class OfOneSample(nn.Module):
    """The function of a sample, of the first of a batch: samples have shapes of their own."""

    def __init__(self, sample: Sample) -> None:
        self.sample = sample

    def forward(self, *arrays: Any) -> Any:
        return self.sample.f(*(x[0] for x in arrays))


def _outcome(sample: Sample, path: Path) -> str:
    """``"exported"``, where the file computes the same, or ``"refused"``, where the error names an operation."""
    arrays = [np.stack([x.astype(np.float32)] * 2) for x in sample.arrays]
    model = OfOneSample(sample)
    said = ""
    try:
        nn.export_onnx(model, tuple(arrays), path)
    except (NotImplementedError, ValueError) as error:
        said = str(error)
    if said:
        start, named, *_ = said.split(": ")
        assert start == "export_onnx", said
        assert named in PRIMITIVES or hasattr(np, named), said
        return "refused"
    compare(model, path, *(np.concatenate([x, x]) for x in arrays))
    return "exported"


def _outcomes(tmp_path: Path, every: bool) -> dict[str, Counter[str]]:
    """Of every sample of each primitive, or of two."""
    found: dict[str, Counter[str]] = {}
    for name in PRIMITIVES:
        rows = SAMPLES[name]
        for sample in rows if every else [rows[i] for i in sorted({0, len(rows) - 1})]:
            with naming(sample):
                found.setdefault(name, Counter())[_outcome(sample, tmp_path / "sample.onnx")] += 1
    return found


def _report(found: dict[str, Counter[str]]) -> str:
    whole = [name for name, outcomes in found.items() if not outcomes["refused"]]
    part = [name for name, outcomes in found.items() if outcomes["refused"] and outcomes["exported"]]
    never = [name for name, outcomes in found.items() if not outcomes["exported"]]
    return (
        f"{len(whole)} of {len(found)} primitives are exported with all samples, "
        f"{len(part)} with some ({', '.join(part)}), {len(never)} never ({', '.join(never)})"
    )


def test_primitives_agree_or_are_refused_by_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = _outcomes(tmp_path, every=False)
    with capsys.disabled():
        print("\n" + _report(found))
    exported = [name for name, outcomes in found.items() if outcomes["exported"]]
    assert len(exported) >= 130
    assert {name for name in RULES if "." not in name} - {"detach", *_OF_COMPLEX} <= set(exported)


@pytest.mark.slow
def test_all_samples(tmp_path: Path) -> None:
    print(_report(_outcomes(tmp_path, every=True)))
