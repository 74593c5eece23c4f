"""The error signals of convolution and max-pooling."""

from __future__ import annotations

from minigrad.notation import operations as ops
from minigrad.notation.expression import Call
from minigrad.notation.layout import Sign, Total, Word
from minigrad.notation.typeset.brackets import Precedence
from minigrad.notation.typeset.manipulation import at
from minigrad.notation.typeset.typesetter import Typeset, Typesetter, row, typesets


@typesets(ops.unpool1d, ops.unpool2d, ops.unpool3d)
def unpool(t: Typesetter, e: Call) -> Typeset:
    """The error signal of a maximum goes to the index of the maximum."""
    return at(t, e, Word("argmax"))


@typesets(ops.conv1d_weight_grad, ops.conv2d_weight_grad, ops.conv3d_weight_grad)
def weight_grad(t: Typesetter, e: Call) -> Typeset:
    """The sum over all positions p of the error signal times the patch there."""
    z_bar, x = (t.element(arg, "p") for arg in e.args)
    return row(Total("p"), z_bar, Sign(" "), x), Precedence.APPLICATION
