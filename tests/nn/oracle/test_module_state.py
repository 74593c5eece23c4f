"""The tree of a model and its state, in PyTorch's names and order, on models that hypothesis draws."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import nn
from tests.helpers.pytorch import torch

pytestmark = pytest.mark.oracle

#: What an attribute may be; a list of kinds is a module with these attributes.
KINDS = ["parameter", "buffer", "count", "hidden", "none", "linear", "relu", "tied", "again"]
TREES = st.recursive(
    st.sampled_from(KINDS),
    lambda inner: st.tuples(st.sampled_from(["module", "sequential", "list", "dict"]), st.lists(inner, max_size=4)),
    max_leaves=12,
)
MODELS = st.lists(TREES, max_size=5)


def build(lib: Any, attributes: list[Any], made: list[Any]) -> Any:
    """A module with these attributes, of nn or of torch.nn."""
    module = lib.Module()
    for i, kind in enumerate(attributes):
        name = f"a{i}"
        if kind == "parameter":
            setattr(module, name, lib.Parameter(array(lib, [1.0, 2.0])))
        elif kind == "buffer":
            setattr(module, name, lib.Buffer(array(lib, [3.0])))
        elif kind == "count":
            module.register_buffer(name, array(lib, 5))
        elif kind == "hidden":
            module.register_buffer(name, array(lib, [6.0]), persistent=False)
        elif kind == "none":
            module.register_parameter(name, None)
        else:
            setattr(module, name, layer(lib, kind, made))
    return module


def layer(lib: Any, kind: Any, made: list[Any]) -> Any:
    """A layer of this kind; what is not one stands for an empty module."""
    if kind == "linear":
        made.append(lib.Linear(2, 3))
    elif kind == "relu":
        made.append(lib.ReLU())
    elif kind == "again":
        return made[0] if made else lib.ReLU()
    elif kind == "tied":
        tied = lib.Linear(2, 3)
        linears = [m for m in made if isinstance(m, lib.Linear)]
        tied.weight = linears[0].weight if linears else tied.weight
        return tied
    elif isinstance(kind, tuple):
        container, inner = kind
        if container == "module":
            made.append(build(lib, inner, made))
        else:
            layers = [layer(lib, one, made) for one in inner]
            if container == "sequential":
                made.append(lib.Sequential(*layers))
            elif container == "list":
                made.append(lib.ModuleList(layers))
            else:
                made.append(lib.ModuleDict({f"k{i}": one for i, one in enumerate(layers)}))
    else:
        made.append(lib.Module())
    return made[-1]


def array(lib: Any, value: Any) -> Any:
    return np.array(value) if lib is nn else torch.tensor(value)


@given(MODELS)
def test_names_and_their_order(attributes: list[Any]) -> None:
    ours, theirs = build(nn, attributes, []), build(torch.nn, attributes, [])
    for walk in ("named_modules", "named_children", "named_parameters", "named_buffers"):
        assert [name for name, _ in getattr(ours, walk)()] == [name for name, _ in getattr(theirs, walk)()], walk
    for walk in ("parameters", "buffers"):
        shapes = [tuple(t.shape) for t in getattr(theirs, walk)(recurse=False)]
        assert [t.shape for t in getattr(ours, walk)(recurse=False)] == shapes
    orders: list[dict[str, None]] = []
    for model in (ours, theirs):
        paths = {id(module): path for path, module in model.named_modules()}
        orders.append({})
        model.apply(lambda module, paths=paths, order=orders[-1]: order.setdefault(paths[id(module)]))
    assert list(orders[0]) == list(orders[1])
    # a state has each Tensor once; PyTorch's has it under each of its names
    state, each = theirs.state_dict(keep_vars=True), dict[int, str]()
    for name, tensor in state.items():
        each.setdefault(id(tensor), name)
    assert list(ours.state_dict()) == list(each.values())


@given(MODELS)
def test_a_state_of_pytorch_loads_by_name_with_all_its_ties(attributes: list[Any]) -> None:
    ours, theirs = build(nn, attributes, []), build(torch.nn, attributes, [])
    report = ours.load_state_dict(theirs.state_dict())
    assert repr(report) == repr(theirs.load_state_dict(theirs.state_dict())) == "<All keys matched successfully>"
    for name, value in ours.state_dict().items():
        expected = theirs.state_dict()[name].numpy()
        assert value.dtype == expected.dtype or name.rpartition(".")[2].startswith("a")
        np.testing.assert_array_equal(value, expected)


def test_hooks_are_called_in_the_same_order_with_the_same_arguments() -> None:
    seen: dict[str, list[Any]] = {}
    for lib in (nn, torch.nn):
        net = lib.Sequential(lib.ReLU(), lib.ReLU())
        log = seen[lib.__name__] = []
        net.register_forward_hook(lambda m, args, y, log=log: log.append(("after", type(m).__name__, len(args))))
        net[1].register_forward_pre_hook(lambda m, args, log=log: log.append(("before", type(m).__name__)))
        net[0].register_forward_hook(lambda m, args, y: -y)
        net[1].register_forward_pre_hook(lambda m, args: args[0] + 2)
        net[1].register_forward_hook(lambda m, args, kwargs, y, log=log: log.append(kwargs), with_kwargs=True)
        log.append(np.asarray(net(array(lib, [-1.0, 1.0]))).tolist())
    assert seen["nn"] == seen["torch.nn"]
    assert seen["nn"][-1] == [2, 1]


def test_dtypes_after_to() -> None:
    ours, theirs = (build(lib, ["parameter", "count", "linear", "buffer", "hidden"], []) for lib in (nn, torch.nn))
    for name, dtype in {"half": None, "double": None, "to": (np.float32, torch.float32)}.items():
        getattr(ours, name)(*([dtype[0]] if dtype else []))
        getattr(theirs, name)(*([dtype[1]] if dtype else []))
        for walk in ("named_parameters", "named_buffers"):
            expected = {n: str(t.dtype).removeprefix("torch.") for n, t in getattr(theirs, walk)()}
            assert {n: str(t.dtype) for n, t in getattr(ours, walk)()} == expected
