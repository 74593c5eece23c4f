"""Embedding: vectors for words, or for any other things that are numbered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import minigrad as mg
from nn.hyperparameters import whole_number
from nn.init.distributions import normal_
from nn.init.layer_parameters import initial_weight
from nn.module import Module
from nn.typing import Array

__all__ = ["Embedding"]


class Embedding(Module):
    """A table of vectors: each index is replaced by its row, which is learned.

    Arguments:
        num_embeddings: the number of rows, and so of different indices.
        embedding_dim: the length of a vector.
        padding_idx: the index that fills sequences up to one length: its row starts as 0, and is not trained. A
            negative one is counted from the end.
        init: sets the initial rows, as for `Linear`; without it, they are normally distributed with variance 1.
        dtype: of the parameters.
        rng: seed or generator for the initial parameters.

    Shapes: input ``(…)``, integers from 0 to num_embeddings − 1; output ``(…, embedding_dim)``; ``weight``
    (num_embeddings, embedding_dim).

    Raises:
        TypeError: if a number is not whole; in a call, if the indices are not integers.
        ValueError: if it is negative, or there is no such row.
        IndexError: in a call, if an index is out of range.

    >>> import nn, numpy as np
    >>> words = nn.Embedding(1000, 8)
    >>> words(np.array([[3, 14, 159], [2, 6, 5]])).shape
    (2, 3, 8)
    """

    def __init__(
        self,
        num_embeddings: int,
        embedding_dim: int,
        padding_idx: int | None = None,
        *,
        init: Callable[..., Any] | None = None,
        dtype: Any = np.float32,
        rng: Any = None,
    ) -> None:
        whole_number("Embedding: num_embeddings", num_embeddings, least=0)
        whole_number("Embedding: embedding_dim", embedding_dim, least=0)
        shape = (num_embeddings, embedding_dim)
        init = normal_ if init is None else init
        how: dict[str, Any] = {"init": init, "dtype": dtype, "rng": np.random.default_rng(rng)}
        self.weight = initial_weight("Embedding", shape, embedding_dim, **how)
        self.padding_idx = None
        if padding_idx is not None:
            row = whole_number("Embedding: padding_idx", padding_idx, least=-num_embeddings)
            if row >= num_embeddings:
                raise ValueError(f"Embedding: padding_idx is {row}, expected a row of {num_embeddings}, from 0 on")
            self.padding_idx = row % num_embeddings
            self.weight.data[self.padding_idx] = 0

    def forward(self, indices: Array) -> Array:
        """``mg.embedding``: the rows of these indices."""
        return mg.embedding(indices, self.weight, self.padding_idx)

    def extra_repr(self) -> str:
        """The arguments."""
        rows, length = self.weight.shape
        return f"{rows}, {length}" + ("" if self.padding_idx is None else f", padding_idx={self.padding_idx}")
