"""What errors of minigrad advise: it can be run as it stands, and gives what was asked for."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn
from minigrad import unsupported
from minigrad.cli.functions import FUNCTIONS
from minigrad.unsupported import NUMPY_KEYWORDS
from tests.helpers.parametrized.for_each import for_each

_T = mg.Tensor([[0.5, 2.0], [1.5, 3.0]], requires_grad=True)

#: Advice with something to fill in, or about what comes before.
_FILLED = {"retain_grad": "loss.backward()", "cuda": "t", "zero_": "t.data = …"}


@for_each("name", sorted(unsupported._ELSEWHERE))
def test_what_is_advised_for_attributes_of_tensors_can_be_run(name: str) -> None:
    names = {"t": _T, "other": _T, "shape": (4,), "axes": (1, 0), "axis": 0, "n": 2, "sections": 2, "low": 0, "high": 1}
    names |= {"dtype": np.float32, "loss": mg.sum(_T * _T), "mg": mg, "np": np}
    if name == "expand":
        names["shape"] = (3, 2, 2)
    if "(t, …)" not in (advice := unsupported._ELSEWHERE[name]) and advice != "t.backward()":
        for expression in _FILLED.get(name, advice).split(", or "):
            exec(expression.replace("…", "1.0"), {**names, "t": mg.Tensor(_T, requires_grad=True)})
    elif "…" in advice:
        assert callable(getattr(mg, name))
    with pytest.raises(AttributeError, match=f"Tensor has no attribute '{name}'; write "):
        getattr(_T, name)


def test_every_operation_that_is_not_a_method_is_named() -> None:
    names = [name for name in FUNCTIONS if not hasattr(mg.Tensor, name)]
    assert len(names) > 100
    for name in names:
        with pytest.raises(AttributeError, match=rf"Tensor has no attribute '{name}'(; write|, for it would write) "):
            getattr(_T, name)
    with pytest.raises(AttributeError, match=r"write mg\.softmax\(t, …\)"):
        _T.softmax(0)  # type: ignore[attr-defined]


#: Those of which the advice is an expression.
_EXPRESSIONS = {
    *(
        "Variable",
        "array",
        "as_tensor",
        "asarray",
        "autograd",
        "bmm",
        "cat",
        "clamp",
        "float32",
    ),
    *(
        "float64",
        "from_numpy",
        "jacfwd",
        "jacrev",
        "mm",
        "float32",
        "permute",
        "rand",
        "randn",
        "unsqueeze",
        "value_and_gradient",
    ),
}


@pytest.mark.parametrize("name", sorted(unsupported._OTHER_NAMES))
def test_what_is_advised_for_names_of_other_libraries(name: str) -> None:
    advice = unsupported._OTHER_NAMES[name]
    with pytest.raises(AttributeError, match=f"module 'minigrad' has no attribute '{name}'; write "):
        getattr(mg, name)
    names: dict[str, Any] = {"mg": mg, "np": np, "nn": nn, "a": _T, "b": _T, "y": 0.5, "z": np.ones((2, 2))}
    names |= {"array": np.ones(2), "f": mg.sum, "target": np.array([0, 1]), "data": [1.0], "shape": (2,)}
    names |= {"low": 0, "high": 1, "axes": None, "axis": 0}
    if name in _EXPRESSIONS:
        names["t"] = _T if name in ("permute", "unsqueeze", "clamp") else 0.5
        eval(advice.partition(", with")[0], names)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (
            lambda: mg.sum(_T, dim=0),
            "write axis=; it is called sum(x, axis=None, dtype=None, *, keepdims=False, initial=None, where=True)",
        ),
        (lambda: mg.sum(_T, axis=0, keepdim=True), "write keepdims="),
        (lambda: mg.softmax(_T, dim=1), "write axis="),
        (lambda: mg.var(_T, unbiased=True), "ddof=1 for unbiased=True"),
        (lambda: mg.mean(_T, axes=0), "write axis="),
        (lambda: mg.sum(), "sum() missing a required argument: 'x'"),
        (lambda: mg.sum(_T, 0, False, 1), "sum() takes 3 arguments by position, got 4"),
    ],
)
def test_keywords_of_pytorch(call: Any, said: str) -> None:
    with pytest.raises(TypeError) as raised:
        call()
    assert said in str(raised.value)


# ---------------------------------------------------------------- images


@pytest.mark.parametrize(
    ("shape", "channels", "mend"),
    [
        ((64, 28, 28), 1, lambda x: x[:, None]),
        ((3, 28, 28), 3, lambda x: x[None]),
        ((1, 28, 28), 1, lambda x: x[None]),
        ((28, 28), 1, lambda x: x[None, None]),
    ],
)
def test_the_axis_that_is_missing(shape: Any, channels: int, mend: Any) -> None:
    x = np.ones(shape)
    weight = np.ones((2, channels, 3, 3))
    written = {(64, 28, 28): "x[:, None]", (28, 28): "x[None, None]"}.get(shape, "x[None]")
    for convolve, w in ((mg.conv2d, weight), (mg.conv_transpose2d, np.moveaxis(weight, 0, 1))):
        with pytest.raises(ValueError, match="expected images") as raised:
            convolve(x, w)
        assert f": {written}" in str(raised.value)
        assert convolve(mend(x), w).ndim == 4
    pools: list[Any] = [mg.max_pool2d, mg.avg_pool2d, lambda x, n: mg.upsample(x, n, mode="bilinear")]
    for pool in pools:
        if len(shape) == 3 and shape[0] != 1:
            with pytest.raises(ValueError, match=r"single image needs a batch axis: x\[None\]; images of one ch"):
                pool(x, 2)
        assert pool(mend(x), 2).ndim == 4


def test_an_image_of_other_channels_gets_no_batch_axis() -> None:
    with pytest.raises(ValueError, match=r"one image has 3 channels, shape \(3, 28, 28\)$"):
        mg.conv2d(np.ones((64, 28, 28)), np.ones((2, 3, 5, 5)))
    with pytest.raises(ValueError, match=r"x\.reshape\(-1, 1, H, W\)"):
        mg.conv2d(np.ones((64, 784)), np.ones((2, 1, 5, 5)))
    with pytest.raises(ValueError, match=r"sequences of one channel need a channel axis: x\[:, None\]"):
        mg.conv1d(np.ones((64, 100)), np.ones((2, 1, 5)))


@pytest.mark.parametrize(
    ("shape", "inputs", "said", "mend"),
    [
        ((64, 28, 28), 784, "nn.Flatten() turns images into vectors of 784", nn.Flatten()),
        ((64, 1, 28, 28), 784, "nn.Flatten() turns images into vectors of 784", nn.Flatten()),
        ((28, 28), 784, "write x.reshape(1, -1)", lambda x: x.reshape(1, -1)),
        ((3, 8), 3, "Or x.T, if the samples are columns", lambda x: x.T),
    ],
)
def test_inputs_of_a_linear_layer(shape: Any, inputs: int, said: str, mend: Any) -> None:
    x, weight = np.ones(shape), np.ones((10, inputs))
    with pytest.raises(ValueError, match="linear: input has shape") as raised:
        mg.linear(x, weight)
    assert said in str(raised.value)
    assert mg.linear(mend(x), weight).shape[-1] == 10


# ---------------------------------------------------------------- targets

Z = np.random.default_rng(0).normal(size=(6, 3))
CLASSES = np.array([0, 1, 2, 0, 1, 2])
ONE_HOT = np.eye(3)[CLASSES]


def numbered(names: Any) -> Any:
    return np.unique(names, return_inverse=True)[1]


@pytest.mark.parametrize(
    ("target", "said", "mend"),
    [
        (np.array(list("abcabc")), "np.unique(target, return_inverse=True)", numbered),
        (list("abcabc"), "np.unique(target, return_inverse=True)", numbered),
        (CLASSES.astype(float), "target.astype(int)", lambda t: t.astype(int)),
        (CLASSES[:, None], "write target[..., 0]", lambda t: t[..., 0]),
        (CLASSES[:, None].astype(float), "target[..., 0].astype(int)", lambda t: t[..., 0].astype(int)),
        (ONE_HOT.astype(int), "write target.argmax(axis=-1)", lambda t: t.argmax(axis=-1)),
        (CLASSES + 1, "write target - 1", lambda t: t - 1),
    ],
)
def test_targets_of_another_form(target: Any, said: str, mend: Any) -> None:
    with pytest.raises((TypeError, ValueError), match=r"^cross_entropy: ") as raised:
        mg.cross_entropy(Z, target)
    assert said in str(raised.value)
    np.testing.assert_allclose(mg.cross_entropy(Z, mend(target)), mg.cross_entropy(Z, CLASSES))


@pytest.mark.parametrize("target", [CLASSES, CLASSES.astype(float), ONE_HOT, ONE_HOT.astype(int)])
@pytest.mark.parametrize("wrap", [np.asarray, mg.Tensor])
def test_swapped_arguments_of_the_cross_entropy(target: Any, wrap: Any) -> None:
    with pytest.raises(ValueError, match=r"the logits come first: cross_entropy\(z, target\)"):
        mg.cross_entropy(wrap(target), wrap(Z))


HALVES = np.array([[0.5, 0.5, 0.0], [0.0, 0.5, 0.5]])
ROWS = np.array([[1, 0, 0], [0, 1, 0]])


@pytest.mark.parametrize("wrap", [np.asarray, mg.Tensor])
@pytest.mark.parametrize(
    ("first", "second", "swapped"),
    [
        (ROWS, HALVES - [[0.0, 0.0, 0.5]], True),  # a probability is not negative
        (ROWS, HALVES * 1.6, True),  # and they do not sum to 1.6
        (ROWS, HALVES * 1.4, False),  # but may to 1.4, not normalized
        (ROWS, HALVES, False),
        (HALVES, HALVES - [[0.0, 0.0, 0.1]], True),
        (HALVES, HALVES, False),
        (HALVES * 1.01, HALVES - 0.1, False),  # the first are no probabilities
        (HALVES * [[1.0001], [1.0]], HALVES - 0.1, True),  # to rounding
        (np.array([[0.8, 0.5, -0.3], [0.0, 0.5, 0.5]]), HALVES - 0.1, False),
        (np.zeros((0, 3)), np.zeros((0, 3)), False),
    ],
)
def test_swapped_probabilities(first: Any, second: Any, swapped: bool, wrap: Any) -> None:
    refused = pytest.raises(ValueError, match="the logits come first") if swapped else nullcontext()
    with refused:
        mg.cross_entropy(wrap(first), wrap(second), reduction="sum")


def test_classes_on_the_last_axis() -> None:
    """As sequences of (N, T, C) and Keras's images have them; minigrad's are on axis 1."""
    z, target = np.random.default_rng(0).normal(size=(2, 4, 5, 3)), np.zeros((2, 4, 5), int)
    with pytest.raises(ValueError, match=r"classes are on axis 1: write np\.moveaxis\(z, -1, 1\)"):
        mg.cross_entropy(z, target)
    np.testing.assert_allclose(
        mg.cross_entropy(np.moveaxis(z, -1, 1), target), mg.cross_entropy(z.reshape(-1, 3), target.reshape(-1))
    )


def test_other_targets_that_are_not_numbers() -> None:
    with pytest.raises(TypeError, match="the targets are text"):
        mg.cross_entropy(HALVES, ["cat", "dog"])
    with pytest.raises(TypeError, match="got a list"):
        mg.cross_entropy(HALVES, [None, object()])


def test_logits_that_look_like_targets_are_logits() -> None:
    for z in (ONE_HOT, ONE_HOT.astype(int)):
        for target in (ONE_HOT, np.full((6, 3), 1 / 3)):
            mg.cross_entropy(z, target)


def test_numbers_to_predict_are_for_another_loss() -> None:
    with pytest.raises(ValueError, match=r"mse_loss \(nn\.MSELoss\(\)\)"):
        mg.cross_entropy(Z, np.linspace(0.0, 1.0, 6))
    with pytest.raises(ValueError, match=r"they must be the same: target\.reshape\(\(6, 1\)\)"):
        mg.mse_loss(Z[:, :1], np.ones(6))
    assert mg.mse_loss(Z[:, :1], np.ones(6).reshape((6, 1))).shape == ()


# ---------------------------------------------------------------- NumPy's keywords


def test_leaving_a_keyword_out_is_advised_only_where_the_value_stays() -> None:
    left_out = {key for key, advice in NUMPY_KEYWORDS.items() if "leave it out" in advice}
    assert left_out == {"order", "subok", "overwrite_input", "hermitian", "kind", "like", "ndmax", "writeable"}
    with pytest.raises(TypeError, match=r"np\.fft\.fft does not take nothing_like_it=.*value may be another"):
        mg.Tensor.__array_function__(_T, np.fft.fft, (mg.Tensor,), (_T,), {"nothing_like_it": 1})


def test_other_advice_that_used_to_fail() -> None:
    with pytest.raises(TypeError, match=r"write int\(t\[i\]\) for one element"):
        range(_T)  # type: ignore[call-overload]
    with pytest.raises(TypeError, match=r"mg\.stack\(\["):
        mg.Tensor([_T, _T])


def test_of_several_near_names_the_nearest_is_meant() -> None:
    assert (
        unsupported.closest("argpartitoin", ["partition", "argsort", "argpartition", "argpartitions"]) == "argpartition"
    )
