"""Containers."""

from __future__ import annotations

import pytest

import nn


def test_sequential_refuses_what_is_not_a_module():
    with pytest.raises(TypeError, match=r"expected modules, got function for '1'"):
        nn.Sequential(nn.ReLU(), lambda x: x)
    with pytest.raises(ValueError, match="'forward' is a method of every module"):
        nn.Sequential(forward=nn.ReLU())
    model = nn.Sequential(nn.ReLU(), nn.Flatten())
    assert len(model) == 2
    assert isinstance(model[1], nn.Flatten)
