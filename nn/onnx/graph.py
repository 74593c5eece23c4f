"""The ONNX graph under construction: nodes, constants and the names of values."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nn.onnx.refused import Refused
from nn.onnx.sizes import Size, Varying, fixed

__all__ = ["DTYPES", "Graph", "Value"]

#: NumPy's dtypes that files may have, and how ONNX calls them.
DTYPES = {
    "float16": "FLOAT16", "float32": "FLOAT", "float64": "DOUBLE",
    "int8": "INT8", "int16": "INT16", "int32": "INT32", "int64": "INT64",
    "uint8": "UINT8", "uint16": "UINT16", "uint32": "UINT32", "uint64": "UINT64",
    "bool": "BOOL",
}  # fmt: skip

_BOOL = frozenset(
    ("And", "Equal", "Greater", "GreaterOrEqual", "IsInf", "IsNaN", "Less", "LessOrEqual", "Not", "Or", "Xor")
)
_INT64 = frozenset(("ArgMax", "ArgMin", "Shape", "Size"))


@dataclass(frozen=True)
class Value:
    """A value of the graph.

    Attributes:
        name: its name in the file.
        dtype: its elements.
        shape: its sizes, where the rule of an operation may need them: of arguments, parameters and constants.
    """

    name: str
    dtype: np.dtype[Any]
    shape: tuple[Size, ...] | None = None

    @property
    def sizes(self) -> tuple[Size, ...]:
        """The shape; only the arguments of an operation have one."""
        assert self.shape is not None, f"the shape of {self.name}, which a rule has computed, is not known"
        return self.shape

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return len(self.sizes)


@dataclass(eq=False)
class Graph:
    """Nodes and constants. A rule adds a node by calling it: ``g("Mul", x, 2.0)`` is the product, as a `Value`.

    Attributes:
        n: the batch size of the example.
        batch: an input whose first axis is the batch; ``None`` if there is none.
        nodes: what was added, in order.
        constants: initialisers by name.
        shape: that of the output of the operation whose rule is asked.
        dtype: its elements.
        label: what its nodes are named after.
    """

    n: int
    batch: Value | None = None
    nodes: list[Any] = field(default_factory=list)
    constants: dict[str, Any] = field(default_factory=dict)
    shape: tuple[Size, ...] = ()
    dtype: np.dtype[Any] = field(default_factory=lambda: np.dtype(np.float32))
    label: str = ""
    _names: set[str] = field(default_factory=set)
    _known: dict[Any, Value] = field(default_factory=dict)

    def __call__(self, op: str, *args: Any, dtype: Any = None, **attributes: Any) -> Value:
        """Add a node of one output, and return it; arguments as for `several`."""
        return self.several(1, op, *args, dtype=dtype, **attributes)[0]

    def several(self, outputs: int, op: str, *args: Any, dtype: Any = None, **attributes: Any) -> list[Value]:
        """Add a node of several outputs.

        Arguments:
            outputs: how many there are.
            op: the operator of ONNX, such as ``"Add"``.
            args: values. Python's numbers become constants of the dtype of the first value, or of the output if there
                is none; arrays, and lists of whole numbers as int64, are constants, too; ``None`` leaves one out.
            dtype: the dtype of the result, where it is neither that of the arguments nor known from the operator.
            attributes: those of the operator; ``None`` leaves one out.
        """
        from onnx import helper

        of_numbers = next((x.dtype for x in args if isinstance(x, Value) and x.dtype != bool), self.dtype)
        values = [None if x is None else self.constant(x, of_numbers) for x in args]
        names = [self.new_name(f"{self.label}_{op}" if self.label else op) for _ in range(outputs)]
        given = {key: value for key, value in attributes.items() if value is not None}
        inputs = ["" if x is None else x.name for x in values]
        self.nodes.append(helper.make_node(op, inputs, names, name=names[0], **given))
        if dtype is None:
            among = [x.dtype for x in values[op == "Where" :] if x is not None]
            dtype = bool if op in _BOOL else np.int64 if op in _INT64 else among[0] if among else self.dtype
        return [Value(name, np.dtype(dtype)) for name in names]

    def constant(self, x: Any, dtype: Any = None) -> Value:
        """A number, an array or a list of whole numbers as a value of the graph; a value as it is."""
        if isinstance(x, Value):
            return x
        if isinstance(x, list | tuple):
            x = np.asarray(fixed(tuple(x)), np.int64)
        array = np.asarray(x, dtype if isinstance(x, bool | int | float) else None)
        key = array.dtype.str, array.shape, array.tobytes()
        if key not in self._known:
            self._known[key] = self.named(self.new_name("constant"), array)
        return self._known[key]

    def named(self, name: str, array: Any) -> Value:
        """An array as an initialiser of this name."""
        if array.dtype.name not in DTYPES:
            raise Refused(f"it has numbers of {array.dtype}, and ONNX computes with {', '.join(DTYPES)}")
        self.constants[name] = array
        self._names.add(name)
        return Value(name, array.dtype, array.shape)

    def new_name(self, base: str) -> str:
        """A name that nothing in the graph has: the given one, or with a number."""
        base = re.sub(r"[^\w.]+", "_", base).strip("_") or "value"
        name, i = base, 1
        while name in self._names:
            i += 1
            name = f"{base}_{i}"
        self._names.add(name)
        return name

    # ------------------------------------------------------------ what several rules need
    def cast(self, x: Any, dtype: Any) -> Value:
        """A value in another dtype; as it is if it has it already."""
        value = self.constant(x, dtype)
        if value.dtype == dtype:
            return value
        cast = self("Cast", value, to=onnx_dtype(np.dtype(dtype)), dtype=dtype)
        return Value(cast.name, cast.dtype, value.shape)

    def batch_size(self) -> Value:
        """The number of samples, as an int64 vector of one element."""
        if self.batch is None:
            raise Refused("its shape depends on the batch, and no input has one")
        return self("Shape", self.batch, start=0, end=1)

    def size_list(self, shape: Sequence[Size]) -> Value:
        """A shape as an int64 vector, in which sizes that depend on the batch are computed from its size."""
        if not any(isinstance(size, Varying) for size in shape):
            return self.constant(list(shape))
        parts = []
        for size in shape:
            if not isinstance(size, Varying):
                parts.append(self.constant([size]))
                continue
            factor = size.per_sample(self.n)
            if factor is None:
                raise Refused(
                    f"a size is {size.at_n} for {self.n} samples and {size.at_2n} for {2 * self.n}; that is not a "
                    "multiple of the batch size"
                )
            parts.append(self.batch_size() if factor == 1 else self("Mul", self.batch_size(), [factor]))
        return parts[0] if len(parts) == 1 else self("Concat", *parts, axis=0)

    def reshaped(self, x: Value, shape: Sequence[Size]) -> Value:
        """A value in another shape; one size that depends on the batch is left to ONNX, as −1."""
        varying = [axis for axis, size in enumerate(shape) if isinstance(size, Varying)]
        if len(varying) == 1 and 0 not in shape:
            target: Any = [-1 if axis == varying[0] else size for axis, size in enumerate(shape)]
        else:
            target = self.size_list(shape)
        y = self("Reshape", x, target, allowzero=1 if 0 in shape else None)
        return Value(y.name, x.dtype, tuple(shape))

    def count(self, x: Value, axes: Sequence[int]) -> Any:
        """The number of elements along some axes: a number, or a value of the output's dtype."""
        sizes = [x.sizes[axis] for axis in axes]
        if not any(isinstance(size, Varying) for size in sizes):
            return int(np.prod(fixed(tuple(sizes)), initial=1))
        product = self("ReduceProd", self.size_list(sizes), keepdims=0)
        return self.cast(product, self.dtype)


def onnx_dtype(dtype: np.dtype[Any]) -> int:
    """The number by which ONNX calls a dtype."""
    from onnx import TensorProto

    if dtype.name not in DTYPES:
        raise Refused(f"it has numbers of {dtype}, and ONNX computes with {', '.join(DTYPES)}")
    return int(getattr(TensorProto, DTYPES[dtype.name]))
