"""A Tensor as something else: Python numbers, NumPy arrays, other libraries' arrays, text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import DTypeLike

from minigrad.device import to_host

__all__ = ["Conversions"]


class Conversions:
    """The conversions of a Tensor, and the protocols behind ``float(t)``, ``np.asarray(t)`` and ``str(t)``."""

    __slots__ = ()

    if TYPE_CHECKING:
        name: str | None
        requires_grad: bool
        _primitive: Any

        @property
        def data(self) -> Any: ...
        @data.setter
        def data(self, value: Any) -> None: ...
        @property
        def shape(self) -> tuple[int, ...]: ...
        @property
        def dtype(self) -> np.dtype[Any]: ...
        @property
        def size(self) -> int: ...
        @property
        def device(self) -> str: ...

        def _called(self, nameless: str = "this Tensor") -> str: ...

    def numpy(self) -> Any:
        """The value as a NumPy array, sharing memory.

        Raises:
            TypeError: if it is on a GPU: ``t.to("cpu").numpy()`` copies it.
        """
        return np.asarray(self._in_memory("numpy"))

    def _in_memory(self, caller: str) -> Any:
        """The value as a NumPy array; a copy from a GPU takes long, and is made only explicitly."""
        if self.device != "cpu":
            raise TypeError(
                f'{caller}: {self._called()} is on {self.device!r}, and NumPy arrays are on "cpu"; '
                f'write t.to("cpu").numpy() for a copy, or t.data for the CuPy array'
            )
        return self.data

    def item(self, *index: int) -> float | int | bool:
        """The value of a Tensor with one element, or of the element at `index`, as a Python number.

        Raises:
            ValueError: if there is more than one element, and no index.
        """
        if self.size != 1 and not index:
            raise ValueError(f"item: {self._called()} has {self.size} elements (shape {self.shape}), expected one")
        return to_host(self.data).item(*index)  # type: ignore[no-any-return]

    def tolist(self) -> Any:
        """The values as Python numbers, in nested lists."""
        return self.data.tolist()

    def __array__(self, dtype: DTypeLike | None = None, copy: bool | None = None) -> Any:
        return np.array(self._in_memory("np.asarray"), dtype=dtype, copy=copy)

    def __dlpack__(self, **settings: Any) -> Any:
        if self.requires_grad:
            raise BufferError(
                f"dlpack: {self._called()} requires gradients, which end where another library takes over; "
                "hand over t.detach()"
            )
        return self._for_dlpack().__dlpack__(**settings)

    def __dlpack_device__(self) -> Any:
        return self._for_dlpack().__dlpack_device__()

    def _for_dlpack(self) -> Any:
        return self.numpy() if self.device == "cpu" else self.data

    def __float__(self) -> float:
        return float(self.item())

    def __int__(self) -> int:
        return int(self.item())

    def __complex__(self) -> complex:
        return complex(self.item())

    def __index__(self) -> int:
        if self.shape != () or self.dtype.kind not in "iu":
            raise TypeError(
                f"index: {self._called()} is not a whole number (shape {self.shape}, dtype {self.dtype}); "
                "write int(t) to make it an index"
            )
        return int(self.data)

    def __bool__(self) -> bool:
        if self.size != 1:
            raise ValueError(
                f"bool: {self._called()} has {self.size} elements (shape {self.shape}), and whether it is true is "
                "ambiguous; write t.any() or t.all(), or t.size > 0 for whether there are any"
            )
        return bool(self.data)

    def __format__(self, spec: str) -> str:
        """``f"{loss:.3f}"`` formats the number; with several elements, each of them."""
        if not spec:
            return str(self)
        if self.size == 1:
            return format(self.item(), spec)
        array = np.asarray(to_host(self.data))
        return np.array2string(array, separator=", ", formatter={"all": lambda x: format(x, spec)})

    def __repr__(self) -> str:
        text = np.array2string(np.asarray(to_host(self.data)), separator=", ", prefix="Tensor(")
        details = [text]
        if self.size == 0 or "..." in text:  # where the output does not show it
            details.append(f"shape={self.shape}")
        if self.name is not None:
            details.append(f"name={self.name!r}")
        if self.dtype not in (np.float64, np.int64, np.bool_):
            details.append(f"dtype={self.dtype}")
        if self.device != "cpu":
            details.append(f"device={self.device!r}")
        if self._primitive is not None:
            details.append(f"made by {self._primitive.name}")
        elif self.requires_grad:
            details.append("requires_grad=True")
        return f"Tensor({', '.join(details)})"
