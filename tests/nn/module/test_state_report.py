"""What does not fit in a state is said all at once, with what was meant; without `strict`, the rest is loaded."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import nn


class Net(nn.Module):
    def __init__(self) -> None:
        self.conv1 = nn.Conv2d(1, 2, 3, rng=0)
        self.fc = nn.Linear(4, 2, rng=1)
        self.steps = nn.Buffer(np.array(0))


def ones() -> dict[str, Any]:
    return {name: np.ones_like(array) for name, array in Net().state_dict().items()}


def message(state: dict[str, Any], model: nn.Module | None = None) -> str:
    with pytest.raises((KeyError, ValueError)) as raised:
        (model or Net()).load_state_dict(state)
    return str(raised.value.args[0])


def test_all_at_once() -> None:
    state = {**ones(), "fc.weight": np.ones((2, 5)), "fc.bias": np.ones(5), "extra": np.ones(1)}
    state["conv1.weigth"] = state.pop("conv1.weight")
    del state["steps"]
    assert message(state) == (
        "load_state_dict: the state does not fit this Net: missing steps, conv1.weight; unexpected extra, conv1.weigth "
        "(did you mean conv1.weight?); fc.weight has shape (2, 5) in the state, but (2, 4) in this model; fc.bias has "
        "shape (5,) in the state, but (2,) in this model; load_state_dict(state, strict=False) loads what fits"
    )


def test_what_fits_is_loaded_and_the_rest_is_reported() -> None:
    model = Net()
    before = model.state_dict()
    state = {**ones(), "fc.weight": np.ones((3, 4)), "extra": np.ones(1)}
    del state["conv1.bias"]
    report = model.load_state_dict(state, strict=False)
    assert report.missing_keys == ["conv1.bias"]
    assert report.unexpected_keys == ["extra"]
    assert report.mismatched == {"fc.weight": ((3, 4), (2, 4))}
    assert str(report).split("\n") == [
        "missing conv1.bias",
        "unexpected extra",
        "fc.weight has shape (3, 4) in the state, but (2, 4) in this model",
    ]
    for name, array in model.state_dict().items():
        kept = name in ("conv1.bias", "fc.weight")
        assert np.array_equal(array, before[name] if kept else np.ones_like(array))
    assert repr(model.load_state_dict(model.state_dict())) == "<All keys matched successfully>"


def test_without_strict_what_is_not_numbers_is_an_error_still() -> None:
    model = Net()
    before = model.state_dict()
    with pytest.raises(TypeError, match=r"load_state_dict: fc\.bias"):
        model.load_state_dict({**ones(), "fc.bias": "abc"}, strict=False)
    assert all(np.array_equal(array, before[name]) for name, array in model.state_dict().items())


def test_nothing_loaded_is_a_warning() -> None:
    with pytest.warns(
        RuntimeWarning, match="nothing was loaded, for no name of the state is one of this Net"
    ) as caught:
        Net().load_state_dict({f"module.{name}": array for name, array in ones().items()}, strict=False)
    assert [w.filename for w in caught] == [__file__]
    Net().load_state_dict({}, strict=False)


@pytest.mark.parametrize("prefix", ["module.", "_orig_mod.", "net.backbone."])
def test_a_prefix_that_the_model_lacks(prefix: str) -> None:
    said = message({prefix + name: array for name, array in ones().items()})
    assert f"each name of the state begins with {prefix!r}: load {{name.removeprefix({prefix!r}): array" in said
    assert "did you mean" not in said


def test_a_prefix_that_the_state_lacks() -> None:
    model = nn.Sequential(encoder=Net())
    said = message(ones(), model)
    assert "each name lacks 'encoder.': load {'encoder.' + name: array" in said
    assert "did you mean" not in said
    model.get_submodule("encoder").load_state_dict(ones())


def test_a_checkpoint_in_place_of_the_state() -> None:
    said = message({"model": ones(), "epoch": 3})
    assert "state['model'] is a dictionary itself: is it the state of the model?" in said


def test_names_that_are_none() -> None:
    assert "unexpected 3" in message({**ones(), 3: np.ones(1)})  # type: ignore[dict-item]
    assert "unexpected fc," in message({**ones(), "fc": np.ones(1), "": np.ones(1)})


class Tied(nn.Module):
    def __init__(self) -> None:
        self.encoder = nn.Linear(3, 3, rng=0)
        self.decoder = nn.Linear(3, 3, rng=1)
        self.decoder.weight = self.encoder.weight
        self.again = self.encoder


def test_tied_weights_may_have_all_their_names() -> None:
    """As in a state of PyTorch."""
    model = Tied()
    state = model.state_dict()
    assert list(state) == ["encoder.weight", "encoder.bias", "decoder.bias"]
    weight, bias = np.full((3, 3), np.nan, np.float32), state["encoder.bias"] + 1
    weight[0] = 2
    both = {"encoder.bias": bias, "decoder.weight": weight, "decoder.bias": bias}
    with pytest.warns(RuntimeWarning, match=r"encoder\.weight has NaN in 6"):
        model.load_state_dict({"encoder.weight": weight, **both, "again.weight": weight, "again.bias": bias})
    assert model.decoder.weight is model.encoder.weight
    np.testing.assert_array_equal(model.encoder.weight.data, weight)
    np.testing.assert_array_equal(model.encoder.bias.data, bias)
    with pytest.warns(RuntimeWarning):
        model.load_state_dict(both)  # under its second name alone
    model.load_state_dict(state)
    with pytest.raises(ValueError, match=r"encoder\.weight and decoder\.weight are one in this Tied, and differ"):
        model.load_state_dict({**state, "decoder.weight": weight})
    assert np.array_equal(model.encoder.weight.data, state["encoder.weight"])


@pytest.mark.parametrize("value", [1.5, -np.inf, np.nan, 2.0**70])
def test_a_count_is_a_whole_number(value: float) -> None:
    model = Net()
    model.load_state_dict({**ones(), "steps": np.array(7.0)})
    assert (model.steps.item(), model.steps.dtype) == (7, np.int64)
    with pytest.raises(ValueError, match="steps has values in the state that int64, its dtype, does not"):
        model.load_state_dict({**ones(), "steps": np.array(value)})
    assert model.steps.item() == 7
