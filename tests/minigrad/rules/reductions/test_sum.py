"""Sums: their error signal is broadcast back over the axes."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from minigrad.core.tensor import Tensor


@given(arrays(np.float64, array_shapes(max_dims=3, max_side=4), elements=st.integers(-3, 3)), st.data())
def test_every_term_gets_the_error_signal_of_its_sum(value: Any, data: Any) -> None:
    axis = data.draw(st.sampled_from([None, *range(-value.ndim, value.ndim), (0, -1) if value.ndim > 1 else (0,)]))
    keepdims = data.draw(st.booleans())
    x = Tensor(value, requires_grad=True)
    y = np.sum(x, axis=axis, keepdims=keepdims)
    np.testing.assert_array_equal(y.data, np.sum(value, axis=axis, keepdims=keepdims))
    y_bar = np.arange(1.0, 1 + y.size).reshape(y.shape)
    y.backward(y_bar)
    kept = y_bar.reshape(np.sum(value, axis=axis, keepdims=True).shape)
    np.testing.assert_array_equal(x.grad, np.broadcast_to(kept, value.shape))
