"""The scopes within ``record``, and what constants keep of how they were computed, there and elsewhere."""

from __future__ import annotations

import numpy as np
import pytest

import minigrad as mg
from minigrad.core.grad_mode import enable_grad
from minigrad.core.named_scope import current_scope, innermost
from minigrad.core.recording.origin import UNKNOWN, is_short
from minigrad.core.recording.scopes import RecordingScope, plain_arrays, record_all, recordings, records_arrays

w = mg.Tensor(2.0, requires_grad=True)
t = mg.Tensor(3.0)


def test_within_no_grad_nothing_requires_gradients_but_is_known() -> None:
    with record_all(), mg.no_grad():
        assert current_scope() is None
        y = w * t
        with enable_grad():
            assert (w * t).requires_grad
        with mg.no_grad(), mg.scope("inner"):
            z = y * w
    assert not y.requires_grad
    assert y.is_leaf
    assert y._inputs == ()
    assert y._origin[1] == (w, t)
    assert z._origin[5].label == "inner"
    y.data = np.float64(1.0)  # as of any constant


def test_within_no_grad_from_outside_it_stays_detached() -> None:
    with mg.no_grad(), record_all():
        y = w * t
        assert current_scope() is None
    assert y._origin[1] == (w, t)
    assert not y.requires_grad
    assert innermost()[0].records_all is False


def test_the_scope_around_is_the_same_for_drawings() -> None:
    with mg.scope("outer"), record_all():
        y = w * t
        with mg.scope("inner"):
            z = w * t
    assert y.scope.label == "outer"
    assert isinstance(z.scope, RecordingScope)
    assert [scope.label for scope in z.scope.path()] == ["outer", "inner"]


def test_anomalies_are_found_within() -> None:
    with record_all(), mg.detect_anomaly():
        with mg.no_grad():
            assert not (w * t).requires_grad
        y = mg.sqrt(w * 0.0)
        with np.errstate(all="ignore"), pytest.raises((RuntimeError, FloatingPointError), match="sqrt"):
            (y * 0.0).backward()


def test_plain_arrays_stay_arrays_where_rules_compute() -> None:
    with record_all():
        assert records_arrays()
        with plain_arrays():
            assert not records_arrays()
            assert type(mg.exp(np.ones(2))) is np.ndarray
            with mg.scope("inner"), mg.no_grad():
                assert type(mg.gelu(np.ones(2))) is np.ndarray
            assert (t * t)._origin[5] is not None
    with plain_arrays():  # outside it changes nothing
        assert current_scope() is innermost()[0]
    assert not records_arrays()


def test_leaving_twice_or_elsewhere_harms_nothing() -> None:
    context = record_all()
    context.__enter__()
    context.__exit__()
    context.__exit__()
    assert recordings == []


def test_what_is_kept_elsewhere_has_limits() -> None:
    def chain(n: int) -> mg.Tensor:
        y = t
        for _ in range(n):
            y = y + 1
        return y

    assert is_short(chain(8)._origin)
    assert chain(9)._origin is UNKNOWN
    assert mg.sum(mg.Tensor(np.zeros(1 << 17)))._origin is not UNKNOWN
    assert mg.sum(mg.Tensor(np.zeros((1 << 17) + 1)))._origin is UNKNOWN
    with record_all():
        assert not is_short(chain(9)._origin)
        assert not is_short(mg.sum(mg.Tensor(np.zeros((1 << 17) + 1)))._origin)
        assert is_short(chain(8)._origin)
        assert not is_short(t.detach()._origin)
        assert not is_short((w.detach() * t)._origin)
    assert t._origin is None
    assert t.detach()._origin is None
    assert (t + 1).detach()._origin is UNKNOWN
    with mg.no_grad():
        assert (w * t)._origin is UNKNOWN
