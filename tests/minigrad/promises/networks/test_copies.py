"""Copies of Tensors, models and optimizers."""

from __future__ import annotations

import copy
import pickle

import numpy as np
import pytest

import minigrad as mg
import nn
from minigrad.core.tensor import Tensor
from tests.minigrad.promises import same


class Named(Tensor):
    pass


def test_copies_of_leaves() -> None:
    """a leaf, a `Parameter`, a subclass of your own"""
    for x in (nn.Parameter([1.0, 2.0], name="x"), Named([1.0, 2.0], requires_grad=True, name="x")):
        mg.sum(x * x).backward()
        for y in (copy.copy(x), copy.deepcopy(x), pickle.loads(pickle.dumps(x))):
            assert (type(y), y.name, y.requires_grad) == (type(x), "x", True)
            y.data -= 1.0
            y.grad *= 2.0
        same(x.data, [1, 2])
        same(x.grad, [2, 4])


def test_copies_of_models() -> None:
    """a model, an optimizer, both together"""
    model = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 2))
    model[1].weight = model[0].weight
    optimizer = nn.optim.SGD(model.parameters(), lr=0.1)
    for twin, of_twin in (copy.deepcopy((model, optimizer)), pickle.loads(pickle.dumps((model, optimizer)))):
        assert twin[1].weight is twin[0].weight is of_twin.params[0]
        assert twin[0].weight is not model[0].weight


def test_copies_of_computed_tensors() -> None:
    """a computed Tensor, an argument of `mg.grad` and its kin"""
    with pytest.raises(TypeError, match="is an argument being differentiated"):
        mg.grad(lambda x: mg.sum(copy.deepcopy(x)))([1.0, 2.0])
    same(mg.grad(lambda x: mg.sum(copy.copy(x)))([1.0, 2.0]), [1, 1])
    x = Tensor([1.0, 2.0], requires_grad=True)
    for copied in (copy.deepcopy, pickle.dumps):
        with pytest.raises(TypeError, match="would be cut from its graph"):
            copied(x * x)
    mg.sum(copy.copy(x * x)).backward()
    same(x.grad, [2, 4])


def test_copies_of_hooks() -> None:
    """hooks of a Tensor"""
    x = Tensor(1.0, requires_grad=True)
    x.register_hook(lambda x_bar: 10 * x_bar)
    with pytest.warns(RuntimeWarning, match="has none of its hooks"):
        y = copy.deepcopy(x)
    y.backward()
    assert y.grad == 1.0


def test_copies_of_forward_hooks() -> None:
    """forward hooks of a module"""
    model = nn.ReLU()
    handle = model.register_forward_hook(lambda module, args, y: 2 * y)
    twin = copy.deepcopy(model)
    handle.remove()
    assert (model(1.0), twin(1.0)) == (1.0, 2.0)


def test_copies_of_random_generators() -> None:
    """the random numbers of `Dropout` and `DataLoader`"""
    dropout = nn.Dropout(0.5, rng=0)
    twin = copy.deepcopy(dropout)
    same(dropout(np.ones(100)), twin(np.ones(100)))
