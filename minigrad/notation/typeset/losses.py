"""Losses, written as the sums that they are: −Σ t log y for a cross-entropy."""

from __future__ import annotations

from minigrad.notation import operations as ops
from minigrad.notation.expression import Call, Constant, Expression
from minigrad.notation.layout import Fenced, Script, Word
from minigrad.notation.simplify import call, negative
from minigrad.notation.typeset.brackets import Precedence
from minigrad.notation.typeset.typesetter import Typeset, Typesetter, row, typesets
from minigrad.notation.values import number


@typesets(ops.softmax_cross_entropy)
def softmax_cross_entropy(t: Typesetter, e: Call) -> Typeset:
    z, target = e.args
    axis = e.params["axis"]
    log_y = _log(Call(ops.softmax, (z,), z.shape, {"axis": axis}))
    return t.formula(_negative_sum(_times(target, log_y), axis, e))


@typesets(ops.nll_loss)
def nll_loss(t: Typesetter, e: Call) -> Typeset:
    log_y, target = e.args
    return t.formula(_negative_sum(_times(target, log_y), e.params["axis"], e))


@typesets(ops.binary_cross_entropy)
def binary_cross_entropy(t: Typesetter, e: Call) -> Typeset:
    y, target = e.args
    yes, no = _times(target, _log(y)), _times(_minus(_ONE, target), _log(_minus(_ONE, y)))
    return t.formula(negative(call(ops.add, (yes, no), {}, e.shape), e.shape))


@typesets(ops.binary_cross_entropy_with_logits)
def binary_cross_entropy_with_logits(t: Typesetter, e: Call) -> Typeset:
    z, target = e.args
    return binary_cross_entropy(t, Call(ops.binary_cross_entropy, (Call(ops.sigmoid, (z,), z.shape), target), e.shape))


@typesets(ops.kl_div)
def kl_div(t: Typesetter, e: Call) -> Typeset:
    y, target = e.args
    return t.formula(_times(target, _minus(_log(target), y)))


@typesets(ops.mse_loss)
def mse_loss(t: Typesetter, e: Call) -> Typeset:
    y, target = e.args
    return t.formula(Call(ops.mean, (_squared(_minus(y, target)),), e.shape))


@typesets(ops.sum_squared_error)
def sum_squared_error(t: Typesetter, e: Call) -> Typeset:
    y, target = e.args
    squares = _squared(_minus(target, y))
    total = call(ops.sum, (squares,), {"axis": None, "keepdims": False}, ())
    return t.formula(call(ops.multiply, (Constant(0.5), total), {}, ()))


@typesets(ops.huber)
def huber(t: Typesetter, e: Call) -> Typeset:
    """With its threshold as an index."""
    word = Script(Word("huber"), below=Word(number(e.params["delta"])))
    return row(word, Fenced(t.operand(e.args[0], Precedence.RELATION))), Precedence.ATOM


_ONE = Constant(1.0)


def _log(y: Expression) -> Expression:
    return Call(ops.log, (y,), y.shape)


def _times(a: Expression, b: Expression) -> Expression:
    return call(ops.multiply, (a, b), {}, b.shape)


def _minus(a: Expression, b: Expression) -> Expression:
    return call(ops.subtract, (a, b), {}, b.shape)


def _squared(x: Expression) -> Expression:
    return Call(ops.power, (x, Constant(2)), x.shape)


def _negative_sum(terms: Expression, axis: int, e: Call) -> Expression:
    return negative(call(ops.sum, (terms,), {"axis": axis, "keepdims": False}, e.shape), e.shape)
