"""export_onnx: a model as an ONNX file."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

import minigrad as mg
from nn.analysis.unchanged import unchanged
from nn.module import Module, evaluation_mode
from nn.onnx.comparison import Comparison, array_of
from nn.onnx.graph import DTYPES
from nn.onnx.proto import as_bytes
from nn.onnx.recording import Recording, record, twice_as_many, unusual
from nn.onnx.writer import Writer
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

    The model is run on the example, on twice as many samples with other numbers, and on one with NaN, large numbers and
    0; what it computed becomes the graph of the file. It is that of evaluation mode: dropout is gone, and batch
    normalization has its running values. The model stays as it was. The first axis of each input is the batch, and the
    file takes any number of samples: what cannot be written so is refused. Parameters and buffers have their names of
    ``named_parameters`` and ``state_dict``, inputs those of the arguments of ``forward``, and the output is called
    ``output``; several are ``output_0`` and so on, or have the keys of the dictionary that the model returns. Opset 21,
    IR version 10.

    The precision is that of the parameters, into which floating numbers of the example are converted; without
    parameters it is that of the example. onnxruntime has no convolutions and poolings of float64.

    Arguments:
        example: a batch of inputs, as an array; a tuple of arrays for several arguments.
        path: ends in ``.onnx``. Missing folders are created; a file that is there is replaced, completely or not at
            all.
        classes, preprocessing: as for `nn.save`; they are in the metadata of the file.
        rules: rules for operations of your own, by operation: ``rule(g, *arrays, **params)`` adds nodes to the graph
            by calling it, and returns the last.

    Returns:
        The path.

    Raises:
        NotImplementedError: if an operation has no rule. The error names it, and your line.
        ValueError: if something in the file would depend on the batch size or on the numbers of the example, as where
            the model asks for a number, ``if x.sum() > 0``; if the path has another suffix, or the inputs have
            different numbers of samples.
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
    ...     path = f"{folder}/cubes.onnx"
    ...     _ = nn.export_onnx(Cubes(), np.ones((1, 2)), path, rules={cube: lambda g, x: g("Pow", x, 3.0)})

    Source: https://onnx.ai/onnx/operators
    """
    target = _checked_path(path)
    if not isinstance(model, Module):
        raise TypeError(f"export_onnx: model is a {type(model).__name__}, expected an nn.Module")
    try:
        import onnx  # noqa: F401
    except ImportError as error:
        raise ImportError('export_onnx needs the package onnx: pip install "minigrad-autograd[onnx]"') from error
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
    arrays = tuple(map(array_of, given))
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
    n = next((x.shape[0] for x in example if x.ndim), 1)
    with unchanged(model):  # around all runs: if the model draws random numbers, each run has others, and is refused
        first = record(model, example)
        _require_no_decisions(model, first.inputs)
        try:
            second = record(model, twice_as_many(example))
        except Exception as error:
            raise ValueError(
                f"export_onnx: the model takes {n} samples, but not {2 * n} with other numbers: "
                f"{type(error).__name__}: {error}"
            ) from error
        _require_same_graph(model, first, example)
        compared = Comparison(model, first, second, "twice as many samples with other numbers")
    writer = Writer(model, compared, n, given)
    for i, call in enumerate(compared.calls()):
        writer.add(i, call)
    return as_bytes(type(model).__name__, writer.graph, writer.inputs, writer.outputs(), metadata)


def _require_no_decisions(model: Module, inputs: tuple[mg.Tensor, ...]) -> None:
    """Refuse a model that asks for a number of the input, as in ``if x.sum() > 0``: `mg.compile` knows its line."""
    try:
        with evaluation_mode(model), mg.no_grad(), np.errstate(all="ignore"):
            mg.compile(lambda *arrays: model(*arrays))(*(x.detach() for x in inputs))
    except RuntimeError as error:
        if "asks for a number" in str(error) or "array is asked for" in str(error):
            asked = str(error).splitlines()[0].replace("compile:", "export_onnx:", 1)
            raise ValueError(
                f"{asked}\nA file has one graph, for all inputs: choose by mg.where(condition, a, b), and compute with "
                "Tensors, without float(), .item() and .numpy()"
            ) from None
    except Exception:  # what it does not compute may be recorded all the same
        return


def _require_same_graph(model: Module, first: Recording, example: tuple[Any, ...]) -> None:
    """Refuse a model that computes something else for one sample, or where there are NaN, large numbers or 0."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            other = record(model, unusual(example))
    except Exception:  # a model may refuse such numbers
        return

    for _ in Comparison(model, first, other, "one sample with NaN, large numbers and 0").calls():
        pass
