"""The parameters of new layers: their dtype, their range and their seed, and those that `init=` sets."""

from __future__ import annotations

from functools import partial
from inspect import signature
from typing import Any

import numpy as np
import pytest

import nn
from tests.helpers.memory.peak import peak_bytes
from tests.helpers.networks.modules import ARGUMENTS, MODULES

#: Each layer with a weight that takes `init=`; that of PReLU is a number, as PyTorch's, and an MLP has several.
LAYERS = [
    name for name in MODULES if "init" in signature(getattr(nn, name)).parameters and name not in ("MLP", "PReLU")
]
every_layer = pytest.mark.parametrize("layer", LAYERS)


def made(layer: str, **settings: Any) -> Any:
    return getattr(nn, layer)(*ARGUMENTS[layer], **settings)


@pytest.mark.parametrize("layer", [nn.Linear(4, 3), nn.Conv2d(4, 3, 2)], ids=lambda layer: type(layer).__name__)
def test_parameters_are_float32_within_one_over_root_fan_in(layer):
    fan_in = layer.weight.data[0].size
    for p in layer.parameters():
        assert p.dtype == np.float32
        assert np.abs(p.data).max() <= 1 / np.sqrt(fan_in)
    assert np.abs(nn.Linear(100, 100, rng=0).weight.data).max() > 0.09  # and they use the room


def test_the_same_seed_gives_the_same_layer():
    assert np.array_equal(nn.Conv2d(2, 3, 3, rng=5).weight.data, nn.Conv2d(2, 3, 3, rng=5).weight.data)
    assert not np.array_equal(nn.Linear(2, 3, rng=5).weight.data, nn.Linear(2, 3, rng=6).weight.data)


def test_large_layers_are_drawn_in_pieces_and_need_no_memory_twice():
    weight = nn.Linear(1000, 1000, rng=0).weight.data
    assert np.array_equal(
        weight, np.random.default_rng(0).uniform(-(1000**-0.5), 1000**-0.5, (1000, 1000)).astype("f4")
    )
    assert peak_bytes(lambda: nn.Linear(1000, 1000, rng=0)) < 1.5 * weight.nbytes


@every_layer
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_init_draws_the_weight_with_the_layers_seed_and_the_bias_starts_at_0(layer: str, dtype: Any) -> None:
    found = made(layer, init=nn.init.kaiming_normal_, rng=7, dtype=dtype)
    expected = nn.init.kaiming_normal_(nn.Parameter(np.zeros(found.weight.shape), dtype=dtype), rng=7)
    assert found.weight.data.tolist() == expected.data.tolist()
    assert [name for name, _ in found.named_parameters()] in (["weight"], ["weight", "bias"])
    assert {p.dtype for p in found.parameters()} == {np.dtype(dtype)}
    assert not found.bias.data.any() if hasattr(found, "bias") else layer == "Embedding"
    assert repr(found) == repr(made(layer))


def test_the_layers_with_weights_take_init() -> None:
    assert {*LAYERS} >= {"Linear", *(f"Conv{n}d" for n in (1, 2, 3)), *(f"ConvTranspose{n}d" for n in (1, 2, 3))}
    assert nn.Linear(2, 3, bias=False, init=nn.init.ones_).bias is None


def test_init_takes_other_arguments_from_partial_and_functions_of_ones_own() -> None:
    small = nn.Linear(50, 40, init=partial(nn.init.normal_, std=0.01), rng=0).weight.data
    assert 0.009 < small.std() < 0.011
    assert nn.Linear(2, 1, init=partial(nn.init.constant_, val=0.5)).weight.data.tolist() == [[0.5, 0.5]]

    def sparse(weight: nn.Parameter, rng: np.random.Generator) -> None:
        weight.data = rng.normal(size=weight.shape) * (rng.random(weight.shape) < 0.1)

    assert 0.85 < (nn.Linear(50, 40, init=sparse, rng=0).weight.data == 0).mean() < 0.95


@every_layer
@pytest.mark.parametrize(
    ("init", "message"),
    [
        ("kaiming", r"init is 'kaiming', expected a function: init=nn\.init\.kaiming_normal_$"),
        ("xavier_uniform", r"expected a function: init=nn\.init\.xavier_uniform_$"),
        ("glorot_uniform", r"expected a function: init=nn\.init\.xavier_uniform_$"),
        ("he_normal", r"expected a function: init=nn\.init\.kaiming_normal_$"),
        ("magic", r"expected a function: init=nn\.init\.kaiming_normal_$"),
        (nn.init, r"init is a module, expected a function: init=nn\.init\.kaiming_normal_$"),
        (0.1, r"init is a float, expected a function"),
        (nn.init.zeros_(nn.Parameter(np.ones(2))), r"init is a Parameter, .*; without brackets, for the layer calls"),
        (lambda weight: weight, r"is called as init\(weight, rng=rng\), and <lambda> cannot .* keyword argument 'rng'"),
        (nn.init.constant_, r"and constant_ cannot be called so: missing a required argument: 'val'; .*partial"),
        (lambda weight, rng: rng.normal(size=weight.shape), r"returned a ndarray instead; set weight.data = …"),
    ],
)
def test_what_cannot_initialize_a_weight_is_a_type_error(layer: str, init: Any, message: str) -> None:
    with pytest.raises(TypeError, match=f"^{layer}: .*{message}"):
        made(layer, init=init)


def test_keywords_of_keras_say_what_to_write() -> None:
    conv: Any = nn.Conv2d
    with pytest.raises(TypeError, match=r"keyword argument 'kernel_initializer'; write init=nn\.init\.kaiming_normal_"):
        conv(1, 2, 3, kernel_initializer="he_normal")
    with pytest.raises(TypeError, match=r"with init= the bias starts at 0"):
        conv(1, 2, 3, bias_initializer="zeros")


def test_the_idiom_of_initializing_a_whole_model() -> None:
    model = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 2, bias=False))

    def initialize(module: nn.Module) -> None:
        if isinstance(module, nn.Linear):
            nn.init.xavier_uniform_(module.weight, nn.init.calculate_gain("relu"), rng=0)
            if module.bias is not None:
                nn.init.zeros_(module.bias)

    assert model.apply(initialize) is model
    assert model[0].bias.data.tolist() == [0.0] * 4
    assert abs(model[0].weight.data).max() <= np.sqrt(2 * 6 / 7)
