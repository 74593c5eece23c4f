"""The Tensors of a module: parameters, which are trained, and buffers, which are not."""

from __future__ import annotations

from typing import Any

import minigrad as mg
from nn.typing import Array
from nn.unsupported import explains_init

__all__ = ["Buffer", "Parameter"]


class Parameter(mg.Tensor):
    """A trainable Tensor: as an attribute of a module it is one of ``module.parameters()``.

    >>> Parameter([1.0, 2.0]).requires_grad
    True
    """

    __slots__ = ()

    @explains_init
    def __init__(self, data: Array, *, dtype: Any = None, device: str | None = None, name: str | None = None) -> None:
        super().__init__(data, requires_grad=True, dtype=dtype, device=device, name=name)


class Buffer(mg.Tensor):
    """A Tensor without gradient that belongs to the state of a module: a running mean, a count of steps.

    As an attribute of a module it is one of ``module.buffers()``, is in its ``state_dict()``, and moves with it to a
    GPU. An assignment to ``data`` changes its value: ``self.steps.data = self.steps.data + 1``.

    Arguments:
        persistent: whether it is in ``state_dict()``; ``False`` for what the constructor computes again.

    >>> import nn, numpy as np
    >>> class Center(nn.Module):
    ...     def __init__(self):
    ...         self.mean = nn.Buffer(np.zeros(2))
    ...     def forward(self, x):
    ...         return x - self.mean
    >>> center = Center()
    >>> center.mean.data = np.array([1.0, 2.0])
    >>> center.state_dict()
    {'mean': array([1., 2.])}
    """

    __slots__ = ("persistent",)

    @explains_init
    def __init__(
        self,
        data: Array,
        *,
        persistent: bool = True,
        dtype: Any = None,
        device: str | None = None,
        name: str | None = None,
    ) -> None:
        super().__init__(data, dtype=dtype, device=device, name=name)
        self.persistent = persistent
