"""The summary of a model: its layers with sizes, parameters, work and memory, as Keras and torchinfo print it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any

from nn.analysis.counts.kernels import kernels
from nn.analysis.counts.multiply_adds import multiply_adds
from nn.analysis.counts.saved_bytes import bytes_of_training
from nn.analysis.counts.unshared_parameters import unshared_parameters
from nn.analysis.failing_call import FailingCall, failing_call
from nn.analysis.fields.propagate_intervals import seen_pixels
from nn.analysis.forward_record import ForwardRecord, record_forward
from nn.analysis.summary_table import as_html, as_text
from nn.data_frame import data_frame
from nn.layers.containers.parameter_dict import ParameterDict
from nn.layers.containers.parameter_list import ParameterList
from nn.module import Module, Parameter
from nn.unsupported import explains_calls

__all__ = ["LayerSummary", "Summary", "summary"]


@dataclass(frozen=True)
class LayerSummary:
    """One row: the layer's dotted path, its type, its output shape without the batch, its own parameters.

    A container has a row where it computes something itself, from the outputs of its layers: a sum, an activation.
    All numbers are without those of the layers within.

    Attributes:
        without_sharing: the number of parameters without parameter sharing; ``None`` if it was not asked for.
        kernel: the windows that move over the input, and what is not the usual setting of them: ``5×5 s2 p1`` for a
            stride of 2 and a padding of 1, then dilation and groups. Empty if there are none.
        field: the receptive field, the number of pixels along each axis of the image that a unit sees; ``None`` if
            it is not known, as `receptive_field` then says.
        multiply_adds: for one sample, the number of products that are summed, by convolutions, matrix products and
            all operations that state it in their `mg.Axes`; of everything else none are counted. Products with the
            zeros of a padding count. ``None`` if nothing was recorded, as within ``no_grad``.
        saved_bytes: the memory that the backward pass needs of one sample: of the arrays that the recorded graph keeps
            in training mode, those that this layer was the first to keep. Parameters and the input do not count.
    """

    name: str
    kind: str
    output_shape: tuple[int, ...]
    parameters: int
    without_sharing: int | None = None
    kernel: str = ""
    field: tuple[int, ...] | None = None
    multiply_adds: int | None = 0
    saved_bytes: int | None = None


@dataclass(frozen=True, repr=False)
class Summary:
    """The layers in the order of their calls; printing it shows the table, and so does a notebook.

    Attributes:
        total: the number of parameters, frozen ones included.
        frozen: how many of them are not trained, because their `requires_grad` is ``False``.
        buffers: the number of elements of buffers, which are no parameters.
        multiply_adds: the number of products that are summed, of one sample, in all rows together.
        saved_bytes: the memory that the backward pass needs of one sample, in all rows together; ``None`` if it is not
            known, because the model does not run in training mode.
        failed: the layer at which the forward pass failed, of a summary that ends there.
    """

    model: str
    layers: tuple[LayerSummary, ...]
    total: int
    total_without_sharing: int | None = None
    frozen: int = 0
    buffers: int = 0
    multiply_adds: int = 0
    saved_bytes: int | None = None
    failed: FailingCall | None = None

    @property
    def non_trainable(self) -> int:
        """How many numbers of the model are not trained: its frozen parameters and its buffers."""
        return self.frozen + self.buffers

    def to_frame(self) -> Any:
        """The rows as a pandas DataFrame, by the names of the layers, with the attributes of `LayerSummary` as columns.

        What was not asked for or is not known has no column.

        Raises:
            ImportError: if pandas is not installed: ``pip install "minigrad-autograd[pandas]"``.
        """
        columns = {f.name: [getattr(layer, f.name) for layer in self.layers] for f in fields(LayerSummary)}
        names = columns.pop("name")
        known = {name: column for name, column in columns.items() if any(value not in (None, "") for value in column)}
        return data_frame("Summary.to_frame", known, names, "layer")

    def __str__(self) -> str:
        return as_text(self)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return as_html(self)


@explains_calls
def summary(model: Module, input_shape: tuple[int, ...], sharing: bool = False) -> Summary:
    """Run one sample of zeros through the model, and list sizes, parameters, work and memory of each layer.

    The columns are the kernel, the output shape, the receptive field, the parameters, and for one sample the
    multiply-adds and the bytes that are saved for the backward pass, see `LayerSummary`. All are read off the recorded
    graph, so they hold for your own modules, too. Kernel and field are left out of a model without windows.

    Arguments:
        input_shape: the shape of one sample, without the batch: ``(1, 28, 28)``.
        sharing: whether to count the parameters without parameter sharing, too: with other weights and another bias
            for each position of a filter, and for each call of a layer.

    The model runs in evaluation mode, and once more in training mode for the saved bytes. It is left as it was.
    Numbers that are not trained, those of frozen parameters and of buffers, are counted in a line of their own.

    Raises:
        RuntimeError: if `sharing` is asked for within ``no_grad``, where nothing is recorded.

    What the model itself raises is raised as it is, with the summary up to the layer that failed as a note, and as
    ``error.summary``.

    >>> import nn
    >>> print(summary(nn.Sequential(nn.Conv2d(1, 8, 5, padding=2), nn.MaxPool2d(2)), (1, 28, 28)))
    Model: Sequential
    ────────────────────────────────────────────────────────────────────────────────────
    Layer (type)   Kernel  Output shape    Field  Parameters  Multiply-adds  Saved bytes
    ────────────────────────────────────────────────────────────────────────────────────
    0 (Conv2d)     5×5 p2  (N, 8, 28, 28)      5         208        156,800       25,088
    1 (MaxPool2d)  2×2     (N, 8, 14, 14)      6           0              –        7,840
    ────────────────────────────────────────────────────────────────────────────────────
    Total parameters: 208
    For one sample: 156,800 multiply-adds; 32,928 bytes saved for the backward pass
    Kernel: p padding. Field: the receptive field, the pixels that a unit sees
    >>> summary(nn.Sequential(nn.Conv2d(1, 8, 5, padding=2)), (1, 28, 28), sharing=True).total_without_sharing
    163072
    """
    if not isinstance(model, Module):
        raise TypeError(f"summary: expected a model composed of nn.Modules, got {type(model).__name__}")
    if not isinstance(input_shape, tuple | list):
        what = type(input_shape).__name__
        raise TypeError(f"summary: input_shape is of type {what}, expected the shape of one sample, as (1, 28, 28)")
    record = record_forward(model, input_shape, stop=False)
    if record.error is not None:
        _add_summary(record.error, _summary(model, record, tuple(input_shape), None))
        raise record.error
    unshared = None
    if sharing:
        record.require_graph()
        unshared = unshared_parameters(record)
    return _summary(model, record, tuple(input_shape), unshared)


def _add_summary(error: Exception, summary: Summary) -> None:
    """Give an error the summary as a note, and as an attribute."""
    error.add_note(f"\n{summary}")
    error.summary = summary  # type: ignore[attr-defined]


def _summary(model: Module, record: ForwardRecord, input_shape: tuple[int, ...], unshared: list[int] | None) -> Summary:
    paths = {module: path for path, module in model.named_modules()}
    saved = None if record.error is not None else bytes_of_training(model, input_shape)
    fields, windows, adds = _fields(record, input_shape), kernels(record), multiply_adds(record)
    layers: list[LayerSummary] = []
    counted: set[int] = set()
    called: Counter[int] = Counter()
    for i, (module, output) in enumerate(record.outputs):
        own = [p for p in _own_parameters(module) if id(p) not in counted]
        counted.update(map(id, own))
        kept = _nth((saved or {}).get(id(module), []), called[id(module)])
        called[id(module)] += 1
        if own or adds[i] or kept or not any(True for _ in module.children()):
            layers.append(
                LayerSummary(
                    paths[module] or type(module).__name__.lower(),
                    type(module).__name__,
                    () if output is None else output.shape[1:],
                    sum(p.size for p in own),
                    None if unshared is None else unshared[i],
                    windows[i],
                    fields.get(output),
                    adds[i],
                    None if saved is None else kept,
                )
            )
    return Summary(
        type(model).__name__,
        tuple(layers),
        sum(p.size for p in model.parameters()),
        None if unshared is None else sum(unshared),
        frozen=sum(p.size for p in model.parameters() if not p.requires_grad),
        buffers=sum(buffer.size for buffer in model.buffers()),
        multiply_adds=sum(n or 0 for n in adds),
        saved_bytes=None if saved is None else sum(map(sum, saved.values())),
        failed=None if record.error is None else failing_call(model, record.error),
    )


def _fields(record: ForwardRecord, input_shape: tuple[int, ...]) -> dict[Any, tuple[int, ...]]:
    """The receptive field of each value; none where units meet whose fields drift apart."""
    try:
        seen = seen_pixels(record, input_shape[1:])
    except ValueError:
        return {}
    return {value: tuple(interval.size for interval in intervals) for value, intervals in seen.items()}


def _nth(values: list[int], n: int) -> int:
    return values[n] if n < len(values) else 0


def _own_parameters(module: Module) -> Iterator[Parameter]:
    """Its parameters without those of its layers; a list of parameters is not a layer."""
    yield from module.parameters(recurse=False)
    for child in module.children():
        if isinstance(child, ParameterList | ParameterDict):
            yield from child.parameters()
