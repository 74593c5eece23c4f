"""A graph as the bytes of an ONNX file, checked by the package onnx."""

from __future__ import annotations

from typing import Any

import numpy as np

from nn.onnx.graph import Graph, Value, onnx_dtype
from nn.onnx.sizes import Varying

__all__ = ["as_bytes"]

_OPSET, _IR_VERSION = 21, 10
_LARGEST = 2**31 - 1  # bytes: protobuf's limit


def as_bytes(
    name: str, graph: Graph, inputs: list[Value], outputs: list[tuple[str, Value]], metadata: dict[str, str]
) -> bytes:
    """The file.

    Raises:
        ValueError: if it would have 2 GB or more, or the package onnx finds a mistake in it, as by a rule of a user's.
    """
    from onnx import checker, helper, numpy_helper, shape_inference

    if sum(array.nbytes for array in graph.constants.values()) > _LARGEST - (1 << 20):
        raise ValueError("export_onnx: the weights take 2 GB or more, and an ONNX file has at most 2 GB")
    returned = _give_names(graph, outputs)
    used = {x for node in graph.nodes for x in node.input}
    initialisers = [
        numpy_helper.from_array(np.ascontiguousarray(array).reshape(array.shape), constant)
        for constant, array in graph.constants.items()
        if constant in used
    ]
    given, results = ([_described(graph, x) for x in values] for values in (inputs, returned))
    made = helper.make_graph(graph.nodes, name, given, results, initialisers)
    model = helper.make_model(
        made, opset_imports=[helper.make_opsetid("", _OPSET)], ir_version=_IR_VERSION, producer_name="minigrad"
    )
    helper.set_model_props(model, metadata)
    try:
        checker.check_model(model, full_check=True)
    except (checker.ValidationError, shape_inference.InferenceError) as error:
        raise ValueError(f"export_onnx: the package onnx refuses the graph: {error}") from None
    return bytes(model.SerializeToString(deterministic=True))


def _give_names(graph: Graph, outputs: list[tuple[str, Value]]) -> list[Value]:
    """The outputs with their names; what two of them share, or an input or weight is, gets a node of its own."""
    computed = {output for node in graph.nodes for output in node.output}
    returned = []
    for name, value in outputs:
        graph.label = ""
        new = graph.new_name(name)
        if value.name in computed:
            computed.remove(value.name)
            for node in graph.nodes:
                for names in (node.input, node.output):
                    for i, old in enumerate(names):
                        if old == value.name:
                            names[i] = new
            outputs[:] = [(key, Value(new, x.dtype, x.shape) if x.name == value.name else x) for key, x in outputs]
        else:
            graph.label = new
            graph("Identity", value)
            graph.nodes[-1].output[0] = new
        returned.append(Value(new, value.dtype, value.shape))
    return returned


def _described(graph: Graph, x: Value) -> Any:
    from onnx import helper

    sizes = [_dimension(graph, size) for size in x.sizes]
    return helper.make_tensor_value_info(x.name, onnx_dtype(x.dtype), sizes)


def _dimension(graph: Graph, size: Any) -> Any:
    """A size as files state it: a number, the batch ``N`` or a multiple of it, or nothing."""
    if not isinstance(size, Varying):
        return int(size)
    factor = size.per_sample(graph.n)
    return None if factor is None else "N" if factor == 1 else f"{factor}N"
