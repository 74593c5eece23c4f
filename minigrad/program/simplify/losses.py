"""Cross-entropy as a lecture has it: one-hot labels in one line, softmax once for the loss and its gradient."""

from __future__ import annotations

from typing import Any

import numpy as np

from minigrad.kernels.losses import cross_entropy as kernels
from minigrad.kernels.losses import one_hot as labels
from minigrad.notation import operations as ops
from minigrad.program import runtime
from minigrad.program.recording.lines import Line, Variable

__all__ = ["with_plain_losses"]

_NAME, _IGNORED = "cross_entropy", -100  # what `runtime.one_hot` takes by default


def with_plain_losses(lines: list[Line]) -> list[Line]:
    """The lines with one for one-hot labels of which none is ignored, and one for softmax and cross-entropy."""
    if not any(line.function is ops.softmax_cross_entropy or line.function is labels.one_hot for line in lines):
        return lines
    return _with_shared_softmax(_with_plain_labels(lines))


def _with_plain_labels(lines: list[Line]) -> list[Line]:
    expected = {
        line.args[0]: line.args[1]
        for line in lines
        if line.function is runtime.expect and type(line.args[0]) is Variable
    }
    plain: set[Variable] = set()
    changed = []
    for line in lines:
        if line.function is labels.one_hot and expected.get(line.outputs[1]) is False:
            name, t, *shape_and_dtype = line.args[:4]
            ignored = line.args[4] if len(line.args) > 4 else None
            params = {"ignore_index": ignored} if ignored != _IGNORED else {}
            new = line.changed(
                runtime.one_hot, (t, *shape_and_dtype), params | ({"name": name} if name != _NAME else {})
            )
            plain.add(line.outputs[1])
            new.outputs, new.several = line.outputs[:1], False
            (y,) = new.outputs
            y.line = new
            if isinstance(t, Variable) and t.names and not y.names:
                y.names.append(f"{t.names[0]}_one_hot")
            changed.append(new)
        elif line.function is not runtime.expect or line.args[0] not in plain:
            changed.append(line)
    return changed


def _with_shared_softmax(lines: list[Line]) -> list[Line]:
    losses: dict[Any, Line] = {}
    shared: dict[Line, Line | None] = {}
    for line in lines:
        if line.function is ops.softmax_cross_entropy and line.settings is None:
            z = line.args[0]
            new = line.changed(kernels.softmax_cross_entropy, line.args, {"axis": line.params["axis"]})
            shared[line] = new
            if isinstance(z, Variable) and z.dtype in (np.float32, np.float64):
                losses.setdefault((z, line.params["axis"]), new)
        elif line.function is ops.softmax and line.settings is None and isinstance(line.args[0], Variable):
            loss = losses.get((line.args[0], line.params["axis"]))
            if loss is not None and not loss.several:
                (y,), (p,) = loss.outputs, line.outputs
                loss.function, loss.several, loss.outputs = kernels.softmax_and_cross_entropy, True, (p, y)
                p.names += ["p"] * (not p.names)
                y.names += ["losses"] * (not y.names)
                shared[line] = None
    for replaced in filter(None, shared.values()):
        for y in replaced.outputs:
            y.line = replaced
    return [found for line in lines if (found := shared.get(line, line)) is not None]
