"""Clipping of gradients."""

from __future__ import annotations

import math

import numpy as np
import pytest

import minigrad as mg
import nn

clip_norm, clip_value = nn.optim.clip_grad_norm_, nn.optim.clip_grad_value_
both = pytest.mark.parametrize("clip", [clip_norm, clip_value])


def with_gradients(*gradients, dtype=float):
    params = [nn.Parameter(np.zeros(np.shape(g)), dtype=dtype) for g in gradients]
    for p, g in zip(params, gradients, strict=True):
        p.grad = np.array(g, dtype)[()]
    return params


def test_gradients_are_scaled_together_to_the_norm():
    params = with_gradients([3.0, 0.0], 4.0)
    assert clip_norm(params, 2.5) == 5.0
    np.testing.assert_allclose(params[0].grad, [1.5, 0.0], rtol=1e-6)
    assert params[1].grad == pytest.approx(2.0, rel=1e-6)


def test_what_is_shorter_is_left_alone():
    params = with_gradients([3.0, 0.0], 4.0)
    before = params[0].grad
    assert clip_norm(iter(params), 5.1) == 5.0
    assert params[0].grad is before


@pytest.mark.parametrize(("norm_type", "norm"), [(1, 7), (2, 5), (math.inf, 4), (0.5, (3**0.5 + 4**0.5) ** 2)])
def test_norms(norm_type, norm):
    assert clip_norm(with_gradients([3.0, 0.0], -4.0), 1.0, norm_type) == pytest.approx(norm)


@pytest.mark.parametrize(("dtype", "size"), [(np.float16, 6e4), (np.float32, 1e30), (np.float64, 1e200)])
@pytest.mark.parametrize("inverse", [False, True])
def test_neither_squares_nor_their_sum_overflow(dtype, size, inverse):
    size = 1 / size if inverse and dtype is not np.float16 else size
    params = with_gradients([3 * size / 4, 0.0], size, dtype=dtype)
    assert clip_norm(params, size / 8) == pytest.approx(1.25 * size, rel=1e-3)
    if not inverse:
        np.testing.assert_allclose(params[0].grad, [0.075 * size, 0], rtol=1e-2)


def test_values_are_clipped_one_by_one():
    params = with_gradients([3.0, -0.5], -4.0)
    clip_value(params, 1)
    assert params[0].grad.tolist() == [1.0, -0.5]
    assert params[1].grad == -1.0


@both
def test_dtypes_stay(clip):
    for dtype in (np.float16, np.float32, np.float64):
        params = with_gradients([3.0, 0.0], 4.0, dtype=dtype)
        clip(params, 0.5)
        assert {p.grad.dtype for p in params} == {np.dtype(dtype)}


@both
def test_frozen_parameters_are_left_alone_and_ties_count_once(clip):
    frozen, w = with_gradients([100.0], [3.0, 4.0])
    frozen.requires_grad = False
    assert clip([w, frozen, w], 2.0) in (5.0, None)
    assert frozen.grad == [100.0]
    assert max(w.grad) < 2.1


@both
def test_a_single_parameter_and_an_empty_one(clip):
    clip(with_gradients([3.0, 4.0])[0], 1.0)
    assert clip(with_gradients(np.ones((0, 2))), 1.0) in (0.0, None)


def test_what_is_not_finite():
    params = with_gradients([np.inf, 1.0])
    with pytest.raises(RuntimeError, match="norm of the gradients is inf; look for a division by 0"):
        clip_norm(params, 1.0, error_if_nonfinite=True)
    assert params[0].grad.tolist() == [np.inf, 1.0]
    with np.errstate(invalid="ignore"):
        assert clip_norm(params, 1.0) == np.inf
    params = with_gradients([np.nan, 1.0])
    assert math.isnan(clip_norm(params, 1.0))


@both
def test_the_mend_of_what_is_not_gradients(clip):
    w = nn.Parameter([1.0])
    with pytest.raises(RuntimeError, match="none of the parameters has a gradient; call it between"):
        clip([w], 1.0)
    w.requires_grad = False
    assert clip([w], 1.0) in (0.0, None)  # as of a frozen part of a model
    model = nn.Linear(1, 1)
    for given in (model, model.parameters, np.ones(2), {"w": w}, "w", 3, [1.0], None):
        with pytest.raises(TypeError, match=r"expected model.parameters\(\), a list of parameters, got"):
            clip(given, 1.0)
    with pytest.raises(ValueError, match="got no parameters"):
        clip(iter([]), 1.0)
    for most in (-1.0, np.nan, "1", None):
        with pytest.raises((TypeError, ValueError), match=r"max_norm|clip_value"):
            clip(with_gradients([1.0]), most)
    for norm_type in (0, -1.0, "inf"):
        with pytest.raises((TypeError, ValueError), match="norm_type is"):
            clip_norm(with_gradients([1.0]), 1.0, norm_type)


def test_gradients_that_are_recorded_become_arrays():
    w = mg.Tensor([3.0, 4.0], requires_grad=True)
    mg.sum(w * w).backward(create_graph=True)
    assert clip_norm([w], 1.0) == 10.0
    np.testing.assert_allclose(w.grad, [0.6, 0.8], rtol=1e-6)


@pytest.mark.parametrize("most", [0.01, 1.0, 100.0])
@both
def test_a_program_clips_as_the_function_itself_does(clip, most):
    def gradients(model):
        def f(x):
            L = mg.sum(model(x) ** 2)
            L.backward()
            return L, clip(model.parameters(), most)

        return f

    own, other = nn.Linear(3, 2, rng=0), nn.Linear(3, 2, rng=0)
    compiled, f = mg.compile(gradients(own)), gradients(other)
    for scale in (1e-3, 1.0, 1e3, 1.0):
        own.zero_grad()
        other.zero_grad()
        x = np.full((1, 3), scale, np.float32)
        assert compiled(x)[1] == f(x)[1]
        assert own.weight.grad.tobytes() == other.weight.grad.tobytes()
    assert sum(map(len, compiled._programs.values())) == 1
