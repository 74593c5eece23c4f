"""A Tensor that requires gradients as a setting, such as ``beta=`` of softplus, gets its gradient, or is refused."""

from __future__ import annotations

from inspect import Parameter, signature
from typing import Any

import numpy as np
import pytest

from minigrad.cli.functions import FUNCTIONS
from minigrad.core.tensor import Tensor
from tests.helpers.parametrized.for_each import for_each
from tests.samples import SAMPLES
from tests.samples.registry import anywhere

_IMAGES, _MATRIX, _VECTOR, _LABELS = anywhere(2, 4, 3, 3), anywhere(3, 4), anywhere(4), np.array([0, 3, 1])

#: Arguments of the functions that need others than the arrays of their first sample.
_ARGUMENTS: dict[str, tuple[Any, ...]] = {
    **dict.fromkeys(("concat", "concatenate", "hstack", "stack", "vstack"), ([_MATRIX, _MATRIX],)),
    **dict.fromkeys(("cumprod", "cumsum", "sort", "trapezoid"), (_MATRIX,)),
    **dict.fromkeys(("fft", "hfft", "ifft", "irfft", "polyint"), (_VECTOR,)),
    **dict.fromkeys(("cross_entropy", "multi_margin_loss", "nll_loss"), (_MATRIX, _LABELS)),
    **dict.fromkeys(("array_split", "avg_pool2d", "split"), (_IMAGES, 2)),
    **dict.fromkeys(("layer_norm", "rms_norm"), (_MATRIX, 4)),
    "avg_pool3d": (anywhere(1, 2, 3, 3, 3), 2),
    "compress": ([True, False, True], _MATRIX),
    "cosine_embedding_loss": (_MATRIX, _MATRIX[::-1], [1, -1, 1]),
    "delete": (_MATRIX, 1),
    "einsum": ("ij,kj->ik", _MATRIX, _MATRIX),
    "embedding": ([0, 2, 1], _MATRIX),
    "group_norm": (_IMAGES, 2),
    "hinge_embedding_loss": (_MATRIX, np.sign(_MATRIX)),
    "insert": (_MATRIX, 1, 1.0),
    "local_response_norm": (_IMAGES, 3),
    "margin_ranking_loss": (_MATRIX, _MATRIX[::-1], np.sign(_MATRIX)),
    "pad": (_MATRIX, 1),
    "partition": (_MATRIX, 1),
    "polyfit": (_MATRIX[0], _MATRIX[1], 1),
    "repeat": (_MATRIX, 2),
    "rollaxis": (_MATRIX, 1),
    "select": ([np.array([True, False])], [_VECTOR[:2]]),
    "take": (_MATRIX, 1),
    "take_along_axis": (_MATRIX, np.zeros((3, 1), int)),
}


def _is_number(parameter: Parameter) -> bool:
    kinds = {*str(parameter.annotation).replace(" ", "").split("|")}
    is_array_of_one = "Array" in kinds and isinstance(parameter.default, int | float)
    return parameter.default is not Parameter.empty and (is_array_of_one or bool({"float", "int", "Any"} & kinds))


_SETTINGS = {
    (name, key)
    for name, function in FUNCTIONS.items()
    for key, parameter in signature(function).parameters.items()
    if _is_number(parameter) and key != "casting" and (name in _ARGUMENTS or name in SAMPLES)
}


def _loss(name: str, key: str, value: Any) -> Any:
    """The sum of squares of what the function gives."""
    arrays = _ARGUMENTS[name] if name in _ARGUMENTS else SAMPLES[name][0].arrays
    y = FUNCTIONS[name](*arrays, **{key: value})
    return sum(np.sum(np.absolute(part) ** 2) for part in (y if isinstance(y, tuple) else (y,)))


@pytest.mark.filterwarnings("ignore")
@for_each("setting", sorted(_SETTINGS))
def test_a_setting_has_a_gradient_or_is_refused(setting: tuple[str, str]) -> None:
    name, key = setting
    for number in (1.0, 2.0, 0.5):
        given = Tensor(number, requires_grad=True)
        try:
            loss = _loss(name, key, given)
        except (TypeError, ValueError) as error:
            words = ("requires gradients", "expected", "whole number", "has no length", "no derivative", f"{key} ")
            assert any(part in str(error) for part in words), error  # noqa: PT017
            assert "argument" not in str(error), "add its arguments to _ARGUMENTS"  # noqa: PT017
            continue
        assert isinstance(loss, Tensor), "its gradient is lost"
        loss.backward()
        assert given.grad is not None, "its gradient is lost"
        left, middle, right = (_loss(name, key, number + step) for step in (-1e-6, 0, 1e-6))
        if abs((left + right) / 2 - middle) < 1e-9 * (1 + abs(middle)):  # else it has two slopes here
            np.testing.assert_allclose(given.grad, (right - left) / 2e-6, rtol=1e-5, atol=1e-7)


def test_a_learned_softplus_starts_at_1() -> None:
    beta = Tensor(1.0, requires_grad=True)
    FUNCTIONS["softplus"](0.0, beta).backward()
    np.testing.assert_allclose(beta.grad, -np.log(2), rtol=1e-15)  # β enters as log(1 + e^βx) / β


def test_a_setting_of_1_keeps_the_precision() -> None:
    x = np.array([0.5, 1.0], np.float32)
    for beta in (1, 1.0, np.int64(1), np.float32(1), Tensor(1.0)):
        assert FUNCTIONS["softplus"](x, beta).dtype == np.float32


def test_one_of_several_settings() -> None:
    scale = Tensor(2.0, requires_grad=True)
    with pytest.raises(TypeError, match="upsample: scale_factor requires gradients"):
        FUNCTIONS["upsample"](_IMAGES, scale_factor=(scale, 2.0))
