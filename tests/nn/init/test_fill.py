"""What all initializations share: they change the parameter they are given, and refuse what is not one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn

#: Arguments of the functions that cannot do without, and shapes for those that take no matrix.
ARGUMENTS = {"constant_": (0.5,)}
SHAPES = {"dirac_": (4, 3, 5, 5)}
FUNCTIONS = [name for name in nn.init.__all__ if name.endswith("_")]
DRAWN = sorted({*FUNCTIONS} - {"constant_", "dirac_", "eye_", "ones_", "zeros_"})
every_function = pytest.mark.parametrize("name", FUNCTIONS)


def call(name: str, tensor: Any, **settings: Any) -> Any:
    return getattr(nn.init, name)(tensor, *ARGUMENTS.get(name, ()), **settings)


@every_function
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_the_parameter_itself_is_changed_and_keeps_its_dtype_shape_and_kind(name: str, dtype: Any) -> None:
    shape = SHAPES.get(name, (4, 3))
    for made in (nn.Parameter(np.full(shape, 7.0), dtype=dtype), mg.Tensor(np.full(shape, 7.0), dtype=dtype)):
        trained = made.requires_grad
        assert call(name, made, rng=0) is made
        assert (made.dtype, made.shape, made.device) == (dtype, shape, "cpu")
        assert made.requires_grad is trained
        assert not (made.data == 7).any()


@pytest.mark.parametrize("name", DRAWN)
def test_a_seed_or_a_generator_gives_the_same_values_and_no_seed_others(name: str) -> None:
    def values(rng: Any) -> Any:
        return call(name, nn.Parameter(np.zeros((4, 3))), rng=rng).data.tolist()

    assert values(3) == values(np.random.default_rng(3)) != values(4)
    assert values(None) != values(None)
    rng = np.random.default_rng(3)
    assert values(rng) != values(rng)


@pytest.mark.parametrize("name", nn.init.__all__)
def test_a_call_that_does_not_fit_is_told_how_it_is_called(name: str) -> None:
    for arguments, settings in [((), {}), (range(9), {}), ((1.0,), {"scale": 2.0})]:
        with pytest.raises(TypeError, match=rf"it is called {name}\("):
            getattr(nn.init, name)(*arguments, **settings)


@every_function
@pytest.mark.parametrize(
    ("tensor", "error", "message"),
    [
        (np.ones((2, 2)), TypeError, r"got ndarray; make a parameter of the array: nn.Parameter\(array\)"),
        (nn.Linear(2, 2), TypeError, r"got Linear; write nn\.init\.{name}\(layer\.weight\)"),
        (None, TypeError, "got NoneType; a layer with bias=False has no bias"),
        (2.0, TypeError, "expected a Parameter or a Tensor, got float$"),
        (mg.Tensor([[1, 2]]), TypeError, "expected floating-point numbers, got a Tensor of int64"),
        (mg.Tensor([[1j]]), TypeError, "expected floating-point numbers, got a Tensor of complex128"),
        (nn.Parameter(np.ones((2, 2))) * 2, ValueError, r"the Tensor of shape \(2, 2\) was computed"),
    ],
)
def test_what_is_not_a_parameter_is_refused(name: str, tensor: Any, error: Any, message: str) -> None:
    with pytest.raises(error, match=f"^{name}: .*{message.format(name=name)}"):
        call(name, tensor)


@pytest.mark.parametrize("name", [name for name in FUNCTIONS if name[:2] in ("ka", "le", "xa", "or", "ey", "di")])
@pytest.mark.parametrize("shape", [(), (3,)])
def test_a_bias_has_no_fan(name: str, shape: Any) -> None:
    with pytest.raises(ValueError, match=rf"^{name}: .*shape \({shape[0] if shape else ''}|^{name}: .*got \({shape}"):
        call(name, nn.Parameter(np.zeros(shape)))


def test_the_message_on_a_bias_says_what_to_write() -> None:
    with pytest.raises(ValueError, match=r"two axes, \(out, in\), .*for a bias write nn\.init\.zeros_\(bias\), or"):
        nn.init.kaiming_normal_(nn.Linear(2, 3).bias)


@every_function
def test_a_weight_without_numbers_stays_one(name: str) -> None:
    shape = (0, 3, 5) if name == "dirac_" else (0, 3)
    assert call(name, nn.Parameter(np.zeros(shape))).shape == shape


def test_a_backward_pass_of_before_is_not_mixed_up() -> None:
    layer = nn.Linear(2, 1, init=nn.init.ones_)
    y = layer([[1.0, 2.0]])
    nn.init.zeros_(layer.weight)
    assert (float(y.data[0, 0]), layer.weight.data.tolist()) == (3, [[0, 0]])


@pytest.mark.parametrize(
    ("called", "message"),
    [
        (lambda w: nn.init.uniform_(w, 1, 0), r"^uniform_: the lower bound a=1 is greater than the upper bound b=0$"),
        (lambda w: nn.init.uniform_(w, "0"), r"^uniform_: a is '0', expected a number"),
        (lambda w: nn.init.normal_(w, 0, -1), r"^normal_: std is -1, but must not be negative"),
        (
            lambda w: nn.init.normal_(w, stddev=0.1),
            r"^normal_\(\) got an unexpected keyword argument 'stddev'; write std=",
        ),
        (lambda w: nn.init.normal_(w, generator=0), r"write rng="),
        (lambda w: nn.init.normal_(w, np.nan), r"^normal_: mean is nan, expected a finite number"),
        (lambda w: nn.init.trunc_normal_(w, a=3), r"^trunc_normal_: the lower bound a=3 is greater .* b=2$"),
        (lambda w: nn.init.trunc_normal_(w, 1, 0), r"^trunc_normal_: std=0 .* write nn\.init\.constant_\(w, 1\)"),
        (lambda w: nn.init.trunc_normal_(w, a=2), r"leave one value"),
        (lambda w: nn.init.constant_(w, np.inf), r"^constant_: val is inf, expected a finite number"),
        (lambda w: nn.init.xavier_normal_(w, "relu"), r"^xavier_normal_: gain is 'relu', expected a number"),
        (lambda w: nn.init.kaiming_normal_(w, mode="fan"), r"^kaiming_normal_: mode is 'fan', expected 'fan_in' or"),
        (lambda w: nn.init.kaiming_uniform_(w, nonlinearity="Relu"), r"'Relu', did you mean 'relu'\?"),
        (
            lambda w: nn.init.kaiming_uniform_(w, nonlinearity="mish"),
            r"'mish', expected one of 'linear', .*'leaky_relu'",
        ),
        (lambda w: nn.init.kaiming_uniform_(w, nonlinearity=nn.ReLU), r"expected one of 'linear'"),
        (lambda w: nn.init.orthogonal_(w, -1), r"^orthogonal_: gain is -1, but must not be negative"),
        (lambda w: nn.init.dirac_(w), r"^dirac_: .* got \(4, 3\); for a linear layer write nn\.init\.eye_\(weight\)"),
        (lambda w: nn.init.dirac_(nn.Conv2d(2, 4, 3).weight, 3), r"^dirac_: groups=3 does not divide the 4 filters"),
        (lambda w: nn.init.eye_(nn.Conv2d(2, 4, 3).weight), r"^eye_: .*write nn\.init\.dirac_\(weight\)"),
    ],
)
def test_arguments_out_of_their_range_are_refused(called: Any, message: str) -> None:
    with pytest.raises((TypeError, ValueError), match=message):
        called(nn.Parameter(np.zeros((4, 3))))


def test_pytorchs_old_names_lead_to_the_new_ones() -> None:
    module: Any = nn.init
    for name in ("kaiming_normal", "xavier_uniform", "constant"):
        with pytest.raises(AttributeError, match=rf"did you mean nn\.init\.{name}_\?"):
            getattr(module, name)
    for name, meant in (("he_normal_", "kaiming_normal_"), ("glorot_uniform", "xavier_uniform_")):
        with pytest.raises(AttributeError, match=rf"write nn\.init\.{meant}"):
            getattr(module, name)
    with pytest.raises(TypeError, match=r"is a module, which cannot be called; did you mean nn\.init\.orthogonal_\?"):
        module.orthogonal(nn.Linear(2, 2).weight)
