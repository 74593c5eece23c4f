"""export_onnx: a model as an ONNX file."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

import minigrad as mg
from nn.module import Module
from nn.onnx.comparison import Call, Comparison, Counted, Reference, Repeated
from nn.onnx.graph import DTYPES, Graph, Value
from nn.onnx.proto import as_bytes
from nn.onnx.recording import Recording, record, twice_as_many, unusual
from nn.onnx.refused import Refused
from nn.onnx.rules import RULES
from nn.onnx.sizes import Varying, sizes_of
from nn.onnx.table import Rule
from nn.serialization.model_metadata import as_metadata
from nn.unsupported import explains_calls

__all__ = ["export_onnx"]


@explains_calls
def export_onnx(
    model: Module,
    example: Any,
    path: str | os.PathLike[str],
    *,
    classes: Any = None,
    preprocessing: Any = None,
    rules: Mapping[Any, Callable[..., Any]] | None = None,
) -> Path:
    """Write a model as an ONNX file, with which programs without minigrad can run it: onnxruntime, or a browser.

    The model is run on the example, and on twice as many samples with other numbers; what it computed becomes the graph
    of the file. It is that of evaluation mode: dropout is gone, and batch normalization has its running values. The
    model stays as it was. The first axis of each input is the batch, and the file takes any number of samples: what
    cannot be written so is refused. Parameters and buffers have their names of ``named_parameters`` and ``state_dict``,
    inputs those of the arguments of ``forward``, and the output is called ``output``; several are ``output_0`` and so
    on, or have the keys of the dictionary that the model returns. Opset 21, IR version 10.

    Precision is that of the example and the parameters; of an example in another precision than the parameters, floating
    numbers are brought to theirs. onnxruntime has no convolutions of float64.

    Arguments:
        example: a batch of inputs, as an array; a tuple of arrays for several arguments.
        path: ends in ``.onnx``. Missing folders are created; a file that is there is replaced, completely or not at all.
        classes, preprocessing: as for `nn.save`; they are in the metadata of the file.
        rules: rules for operations of your own, by operation: ``rule(g, *arrays, **params)`` adds nodes to the graph
            by calling it, and returns the last.

    Returns:
        The path.

    Raises:
        NotImplementedError: if an operation has no rule. The error names it, and your line.
        ValueError: if a number in the file would depend on the batch size or on the numbers of the example; if the
            path has another suffix, or the inputs have different numbers of samples.
        TypeError: if an argument is not of its kind.
        ImportError: if the package onnx is not installed.
        OSError: if the file cannot be written; one that was there before is unchanged.

    >>> import minigrad as mg
    >>> import numpy as np
    >>> import nn, tempfile
    >>> @mg.primitive(lambda y_bar, y, x: 3 * x**2 * y_bar)
    ... def cube(x):
    ...     return x**3
    >>> class Cubes(nn.Module):
    ...     def forward(self, x):
    ...         return cube(x)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = nn.export_onnx(  # doctest: +SKIP
    ...         Cubes(), np.ones((1, 2), np.float32), f"{folder}/cubes.onnx", rules={cube: lambda g, x: g("Pow", x, 3.0)}
    ...     )

    Source: https://onnx.ai/onnx/operators
    """
    target = _checked_path(path)
    if not isinstance(model, Module):
        raise TypeError(f"export_onnx: model is a {type(model).__name__}, expected an nn.Module")
    try:
        import onnx  # noqa: F401
    except ImportError as error:
        raise ImportError("export_onnx needs the package onnx: pip install onnx") from error
    metadata = as_metadata("export_onnx", model, classes, preprocessing)
    arrays = _as_arrays(model, example)
    return mg.files.write_file(target, [_contents(model, arrays, metadata, dict(rules or {}))])


def _checked_path(path: Any) -> Path:
    if not isinstance(path, str | os.PathLike) or isinstance(os.fspath(path), bytes):
        raise TypeError(f"export_onnx: path is a {type(path).__name__}, expected the name of a file")
    if Path(path).suffix.lower() != ".onnx":
        raise ValueError(f"export_onnx: the name {Path(path).name!r} must end in .onnx")
    return Path(path)


def _as_arrays(model: Module, example: Any) -> tuple[Any, ...]:
    """The example as arrays on the CPU, floating ones in the precision of the parameters."""
    given = example if isinstance(example, tuple) else (example,)
    arrays = tuple(np.asarray(mg.to(x, "cpu").data if isinstance(x, mg.Tensor) else mg.to(x, "cpu")) for x in given)
    parameter = next((p for p in model.parameters() if p.dtype.kind == "f"), None)
    for i, x in enumerate(arrays):
        if x.dtype.name not in DTYPES:
            raise TypeError(f"export_onnx: example {i} has numbers of {x.dtype}, expected one of {', '.join(DTYPES)}")
    counts = {x.shape[0] for x in arrays if x.ndim}
    if len(counts) > 1 or 0 in counts:
        shapes = " and ".join(str(x.shape) for x in arrays)
        raise ValueError(
            f"export_onnx: the example has shape {shapes}; expected the same number of samples along the first axis of "
            "each array, at least one"
        )
    return tuple(x.astype(parameter.dtype) if parameter is not None and x.dtype.kind == "f" else x for x in arrays)


def _contents(
    model: Module, example: tuple[Any, ...], metadata: dict[str, str], given: dict[Any, Callable[..., Any]]
) -> bytes:
    first = record(model, example)
    n = next((x.shape[0] for x in example if x.ndim), 1)
    try:
        second = record(model, twice_as_many(example))
    except Exception as error:
        raise ValueError(
            f"export_onnx: the model takes {n} samples, but not {2 * n} with other numbers: {type(error).__name__}: {error}"
        ) from error
    _require_same_graph(model, first, example)
    compared = Comparison(model, first, second)
    writer = _Writer(model, compared, n, given)
    for i, call in enumerate(compared.calls(lambda reason, operation: _error(reason, first.place(operation), operation))):
        writer.add(i, call)
    return as_bytes(type(model).__name__, writer.graph, writer.inputs, writer.outputs(), metadata)


def _require_same_graph(model: Module, first: Recording, example: tuple[Any, ...]) -> None:
    """Refuse a model that computes something else where there are NaN, large numbers or 0: a file has one graph."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            other = record(model, unusual(example))
    except Exception:  # a model may refuse such numbers
        return

    def error(reason: str, operation: mg.Operation) -> Exception:
        return _error(f"of NaN, large numbers or 0, {reason}", first.place(operation), operation)

    for _ in Comparison(model, first, other).calls(error):
        pass


def _error(reason: str, place: str, operation: mg.Operation, kind: type[Exception] = ValueError) -> Exception:
    return kind(f"export_onnx: {operation.primitive.name}: {reason}{place}")


class _Writer:
    """Turns the operations of a model into nodes."""

    def __init__(self, model: Module, compared: Comparison, n: int, given: dict[Any, Callable[..., Any]]) -> None:
        self.compared, self.given = compared, given
        self.graph = Graph(n)
        self.values: dict[Reference, Value] = {}
        for name in compared.weights:  # no other value may be called so
            self.graph.new_name(name)
        self.inputs = []
        for i, (name, x, y) in enumerate(
            zip(_argument_names(model, len(compared.first.inputs)), compared.first.inputs, compared.second.inputs, strict=True)
        ):
            value = Value(self.graph.new_name(name), x.dtype, sizes_of(x.shape, y.shape))
            self.inputs.append(value)
            self.values[Reference("input", i)] = value
        self.graph.batch = next((x for x in self.inputs if x.ndim), None)

    def add(self, i: int, call: Call) -> None:
        """Add the nodes of operation `i`."""
        operation, graph = call.operation, self.graph
        name, place = operation.primitive.name, self.compared.first.place(operation)
        rule = self._rule(operation.primitive)
        if rule is None:
            raise _error(
                "there is no rule that writes it in ONNX's operators; compute it from operations that have one, or give a "
                f"rule: nn.export_onnx(…, rules={{{name}: lambda g, x: g('Relu', x)}})",
                place,
                operation,
                NotImplementedError,
            )
        graph.shape, graph.dtype = call.shape, np.dtype(operation.output.dtype)
        scope = operation.output.scope if isinstance(operation.output, mg.Tensor) else None
        graph.label = ".".join(filter(None, (scope.name() if scope is not None else "", name)))
        try:
            if graph.dtype.name not in DTYPES:
                raise Refused(f"it gives numbers of {graph.dtype}, and ONNX computes with {', '.join(DTYPES)}")
            arguments = [self._argument(x, None if rule.mixed else graph.dtype) for x in call.inputs]
            params = {key: self._setting(x) for key, x in call.params.items()}
            result = rule.function(graph, *(([*arguments],) if operation.primitive.as_list else arguments), **params)
        except Refused as reason:
            raise _error(str(reason), place, operation) from None
        if not isinstance(result, Value):
            raise _error(f"its rule gave a {type(result).__name__}, expected what g(…) returns", place, operation, TypeError)
        self.values[Reference("output", i)] = Value(result.name, graph.dtype, call.shape)
        if result.dtype != graph.dtype:
            self.values[Reference("output", i)] = Value(graph.cast(result, graph.dtype).name, graph.dtype, call.shape)

    def outputs(self) -> list[tuple[str, Value]]:
        """The outputs of the model, by name."""
        found = []
        for (name, x), y in zip(self.compared.first.outputs.items(), self.compared.second.outputs.values(), strict=True):
            reference = self.compared.reference(x)
            if reference is None:
                raise ValueError(
                    f"export_onnx: the {name} of the model was not recorded: it was not computed from Tensors by functions "
                    "of minigrad or NumPy; leave out .data, .numpy() and .item() in forward"
                )
            value = self._argument(reference, None)
            found.append((name, Value(value.name, value.dtype, sizes_of(np.shape(x), np.shape(y)))))
        return found

    def _rule(self, primitive: mg.Primitive) -> Rule | None:
        if primitive in self.given:
            return Rule(self.given[primitive])
        package = primitive.__module__.split(".")[0]
        if package == "minigrad":  # a user's operation may have the name of one of these
            return RULES.get(primitive.name)
        return RULES.get(f"numpy.{primitive.name}") if primitive.__module__ == "numpy" else None

    def _argument(self, x: Any, dtype: Any) -> Any:
        """An argument as a value of the graph, in this dtype if one is given; Python's numbers stay what they are."""
        if isinstance(x, Varying):
            raise Refused(
                f"a number in it depends on the input: it is {x.at_n}, and {x.at_2n} for other numbers and twice as many "
                "samples; the file would have the first for all. For a mean over the batch, write mg.mean"
            )
        if isinstance(x, Reference):
            if x.kind == "weight" and x not in self.values:
                weight = self.compared.weights[str(x.key)]
                self.values[x] = self.graph.named(str(x.key), np.asarray(mg.to(weight, "cpu").data))
            value = self.values[x]
        elif isinstance(x, Repeated):
            part = self.graph.constant(x.part if dtype is None else x.part.astype(dtype))
            value = Value(self.graph("Expand", part, self.graph.size_list(x.shape)).name, part.dtype, x.shape)
        elif isinstance(x, Counted):
            counted = self.graph("Range", np.int64(0), self.graph("Squeeze", self.graph.batch_size(), [0]), np.int64(1))
            value = self.graph.cast(self.graph.reshaped(counted, x.shape), x.dtype)
        elif hasattr(x, "dtype"):
            array = np.asarray(mg.to(x, "cpu").data if isinstance(x, mg.Tensor) else mg.to(x, "cpu"))
            value = self.graph.constant(array if dtype is None else array.astype(dtype))
        else:
            return x
        return value if dtype is None or dtype == bool else self.graph.cast(value, dtype)

    def _setting(self, x: Any) -> Any:
        """A keyword, with values of the graph in place of references; what is constant stays as it is."""
        if isinstance(x, Repeated):
            raise Refused("one of its settings is an array that depends on the batch size")
        if isinstance(x, tuple | list):
            return type(x)(map(self._setting, x))
        return self._argument(x, None) if isinstance(x, Reference | Counted) else x


def _argument_names(model: Module, count: int) -> list[str]:
    """The names of the first arguments of ``forward``."""
    code = getattr(model.forward, "__code__", None)
    names = list(code.co_varnames[1 : code.co_argcount]) if code is not None else []
    return [names[i] if i < len(names) else f"input_{i}" if count > 1 else "input" for i in range(count)]
