"""Convolution by oneDNN, Intel's library of compiled layers, which PyTorch calls, too: an optional extra, for float32.

It generates machine code for each shape of layer, for the widest vectors that the processor has (NumPy's BLAS may use
half of them), and keeps images in blocks of channels. `kernels.spatial.convolution` calls it for large arrays; without
the distribution ``onednn-cpu-gomp`` (``pip install "minigrad-autograd[fast]"``, Linux on x86-64) everything runs on
NumPy.

The C interface: https://oneapi-src.github.io/oneDNN, "Convolution". A *memory descriptor* says how an array lies in
memory, a *primitive* is a computation prepared for given descriptors. The library chooses its preferred layouts (the
tag ``any``); a *reorder* copies arrays of another layout into them, and results out of them.

It uses OpenMP's threads: as many as BLAS is allowed, and never more than ``OMP_NUM_THREADS``.
"""

from __future__ import annotations

import ctypes
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import Structure, byref, c_int, c_int64, c_size_t, c_void_p
from functools import lru_cache
from threading import local
from typing import Any

import numpy as np

from minigrad.kernels.spatial.windows import Ints, PadWidth
from minigrad.kernels.threads import blas_threads
from minigrad.typing import Array

# Constants of the C interface, by their names there.
_CPU, _IN_ORDER, _F32, _ANY, _USER_SCRATCHPAD = 1, 1, 3, 1, 1
_FORWARD_TRAINING, _DIRECT, _EXEC_ARG_MD = 64, 1, 255
_SRC, _DST, _WEIGHTS, _BIAS, _DIFF_SRC, _DIFF_DST, _DIFF_WEIGHTS, _SCRATCHPAD = 1, 17, 33, 41, 129, 145, 161, 80
_FEW_CHANNELS = 4  # with fewer, the blocks of channels stay mostly empty, and input gradients are slow
_forked = False


def can_take(*arrays: Array) -> bool:
    """Whether oneDNN is installed and computes with these arrays: float32, none empty."""
    return all(a.dtype == np.float32 and a.size for a in arrays) and not _forked and _dnnl() is not None


def takes_input_grad(channels: int) -> bool:
    """Whether it is fast at the input gradient for this number of channels per group."""
    return channels >= _FEW_CHANNELS


def conv(x: Array, weight: Array, bias: Array, z: Array, **params: Any) -> None:
    """Fill z (N, O, *out_size); arguments as for `convolution.conv`."""
    biases = () if bias is None else ((_BIAS, bias),)
    _run("forward", x.shape, weight.shape, z.shape, ((_SRC, x), (_WEIGHTS, weight), *biases), (_DST, z), **params)


def conv_weight_grad(z_bar: Array, x: Array, weight_bar: Array, **params: Any) -> None:
    """Fill weight_bar (O, C/groups, *kernel)."""
    inputs = ((_SRC, x), (_DIFF_DST, z_bar))
    _run("backward_weights", x.shape, weight_bar.shape, z_bar.shape, inputs, (_DIFF_WEIGHTS, weight_bar), **params)


def conv_input_grad(z_bar: Array, weight: Array, x_bar: Array, **params: Any) -> None:
    """Fill x_bar (N, C, *size)."""
    inputs = ((_DIFF_DST, z_bar), (_WEIGHTS, weight))
    _run("backward_data", x_bar.shape, weight.shape, z_bar.shape, inputs, (_DIFF_SRC, x_bar), **params)


def _run(kind: str, x: Ints, weight: Ints, z: Ints, inputs: Any, output: Any, **params: Any) -> None:
    with _threads() as threads, _Memories() as memories:
        primitive = _primitive(kind, x, weight, z, len(inputs) == 3, threads, **params)
        arguments = []
        for arg, array in inputs:
            array = np.ascontiguousarray(array)
            given, preferred = primitive.descriptors[arg]
            memory = memories.of(given, array)
            if not preferred.same_as(given):
                reordered = memories.new(preferred)
                _execute(_reorder(given, preferred, threads), ((_SRC, memory), (_DST, reordered)), memories)
                memory = reordered
            arguments.append((arg, memory))
        arg, array = output
        given, preferred = primitive.descriptors[arg]
        memory = memories.of(given, array)
        result = memory if preferred.same_as(given) else memories.new(preferred)
        _execute(primitive, (*arguments, (arg, result)), memories)
        if result is not memory:
            _execute(_reorder(preferred, given, threads), ((_SRC, result), (_DST, memory)), memories)


@contextmanager
def _threads() -> Iterator[int]:
    """Let OpenMP use as many threads as BLAS, but no more than its own limit, which it keeps for each Python thread."""
    limit = _dnnl().omp_get_max_threads()
    threads = min(limit, blas_threads() or limit)
    _dnnl().omp_set_num_threads(c_int(threads))
    try:
        yield threads
    finally:
        _dnnl().omp_set_num_threads(c_int(limit))


@lru_cache(maxsize=256)  # a layer needs the same one in every training step; creating one takes milliseconds
def _primitive(
    kind: str,
    x: Ints,
    weight: Ints,
    z: Ints,
    biased: bool,
    threads: int,  # noqa: ARG001 – OpenMP's current number, for which it is created
    stride: Ints,
    padding: PadWidth,
    dilation: Ints,
    groups: int,
) -> _Primitive:
    grouped = weight if groups == 1 else (groups, weight[0] // groups, *weight[1:])
    settings = (
        _integers(stride),
        _integers(d - 1 for d in dilation),
        _integers(before for before, _ in padding),
        _integers(after for _, after in padding),
        _attributes(),
    )
    any_x, any_weight, any_z = (_Descriptor.any(shape).handle for shape in (x, grouped, z))
    bias = _Descriptor.plain(z[1:2]).handle if biased else None
    forward = (c_int(_FORWARD_TRAINING), c_int(_DIRECT), any_x, any_weight, bias, any_z, *settings)
    description = _new("convolution_forward_primitive_desc_create", _engine(), *forward)
    descriptions = [description]
    if kind != "forward":
        arrays = (any_x, any_weight, any_z) if kind == "backward_data" else (any_x, any_weight, None, any_z)
        backward = (c_int(_DIRECT), *arrays, *settings[:-1], description, settings[-1])
        descriptions.insert(0, _new(f"convolution_{kind}_primitive_desc_create", _engine(), *backward))
    shapes = {
        "forward": {_SRC: x, _WEIGHTS: grouped, _BIAS: z[1:2], _DST: z},
        "backward_data": {_DIFF_DST: z, _WEIGHTS: grouped, _DIFF_SRC: x},
        "backward_weights": {_SRC: x, _DIFF_DST: z, _DIFF_WEIGHTS: grouped},
    }[kind]
    return _Primitive(descriptions, shapes)


class _Primitive:
    """A primitive, and two layouts for each of its arguments: that of the array given, and the one it prefers."""

    def __init__(self, descriptions: list[c_void_p], shapes: dict[int, Ints]) -> None:
        library, description = _dnnl(), descriptions[0]

        def preferred(arg: int) -> _Descriptor:
            return _Descriptor(c_void_p(library.dnnl_primitive_desc_query_md(description, _EXEC_ARG_MD, c_int(arg))))

        self.handle = _new("primitive_create", description)
        self.descriptors = {arg: (_Descriptor.plain(shape), preferred(arg)) for arg, shape in shapes.items()}
        self.scratchpad = preferred(_SCRATCHPAD)
        self.descriptions = descriptions  # its own, which owns the descriptors, and those that it refers to
        self.library = library  # at exit, the module's names may be gone before this object

    def __del__(self) -> None:
        self.library.dnnl_primitive_destroy(self.handle)
        for description in self.descriptions:
            self.library.dnnl_primitive_desc_destroy(description)


class _Descriptor:
    """A memory descriptor: how an array lies in memory."""

    def __init__(self, handle: c_void_p) -> None:
        self.handle = handle
        self.bytes: int = _dnnl().dnnl_memory_desc_get_size(handle)

    @staticmethod
    @lru_cache(maxsize=1024)
    def any(shape: Ints) -> _Descriptor:
        arguments = (c_int(len(shape)), _integers(shape), c_int(_F32), c_int(_ANY))
        return _Descriptor(_new("memory_desc_create_with_tag", *arguments))

    @staticmethod
    @lru_cache(maxsize=1024)
    def plain(shape: Ints) -> _Descriptor:
        """Row-major, as in a contiguous NumPy array."""
        strides = np.cumprod((1, *shape[:0:-1]))[::-1]
        arguments = (c_int(len(shape)), _integers(shape), c_int(_F32), _integers(strides))
        return _Descriptor(_new("memory_desc_create_with_strides", *arguments))

    def same_as(self, other: _Descriptor) -> bool:
        return bool(_dnnl().dnnl_memory_desc_equal(self.handle, other.handle))


class _Workspace(local):
    """Memory for copies, kept from call to call: allocating it costs more than the work done in it."""

    array = np.empty(0, np.uint8)


_workspace = _Workspace()


class _Memories:
    """oneDNN's handles of arrays, for the duration of one call."""

    def __enter__(self) -> _Memories:
        self.handles: list[c_void_p] = []
        self.arrays: list[Any] = []  # kept alive while the library may read them
        self.used = 0
        return self

    def of(self, descriptor: _Descriptor, array: Any) -> c_void_p:
        self.arrays.append(array)
        self.handles.append(_new("memory_create", descriptor.handle, _engine(), c_void_p(array.ctypes.data)))
        return self.handles[-1]

    def new(self, descriptor: _Descriptor) -> c_void_p:
        start, self.used = self.used, self.used + -(-descriptor.bytes // 64) * 64
        if self.used <= len(_workspace.array):
            return self.of(descriptor, _workspace.array[start:])
        return self.of(descriptor, np.empty(descriptor.bytes, np.uint8))

    def __exit__(self, *error: Any) -> None:
        for handle in self.handles:
            _dnnl().dnnl_memory_destroy(handle)
        if self.used > len(_workspace.array):
            _workspace.array = np.empty(self.used, np.uint8)


@lru_cache(maxsize=1024)
def _reorder(source: _Descriptor, target: _Descriptor, threads: int) -> _Primitive:  # noqa: ARG001 – as above
    arguments = (source.handle, _engine(), target.handle, _engine(), _attributes())
    return _Primitive([_new("reorder_primitive_desc_create", *arguments)], {})


class _Argument(Structure):
    _fields_ = (("arg", c_int), ("memory", c_void_p))


def _execute(primitive: _Primitive, arguments: tuple[tuple[int, c_void_p], ...], memories: _Memories) -> None:
    if primitive.scratchpad.bytes:
        arguments = (*arguments, (_SCRATCHPAD, memories.new(primitive.scratchpad)))
    array = (_Argument * len(arguments))(*(_Argument(*pair) for pair in arguments))
    _checked("primitive_execute", primitive.handle, _stream(), c_int(len(arguments)), array)
    _checked("stream_wait", _stream())


def _integers(numbers: Any) -> Any:
    return (c_int64 * 12)(*map(int, numbers))


@lru_cache(maxsize=1)
def _engine() -> c_void_p:
    return _new("engine_create", c_int(_CPU), c_size_t(0))


@lru_cache(maxsize=1)
def _stream() -> c_void_p:
    return _new("stream_create", _engine(), c_int(_IN_ORDER))


@lru_cache(maxsize=1)
def _attributes() -> c_void_p:
    """Workspaces are ours, one per Python thread: the library would share its own, or keep one for every layer."""
    attributes = _new("primitive_attr_create")
    _checked("primitive_attr_set_scratchpad_mode", attributes, c_int(_USER_SCRATCHPAD))
    return attributes


def _new(function: str, *arguments: Any) -> c_void_p:
    handle = c_void_p()
    _checked(function, byref(handle), *arguments)
    return handle


def _checked(function: str, *arguments: Any) -> None:
    status = getattr(_dnnl(), f"dnnl_{function}")(*arguments)
    if status:
        raise RuntimeError(f"oneDNN: dnnl_{function} gave status {status}; without onednn-cpu-gomp NumPy computes it")


@lru_cache(maxsize=1)
def _dnnl() -> Any:
    """The library, or None."""
    from importlib.metadata import PackageNotFoundError, files

    try:
        path = next(file.locate() for file in files("onednn-cpu-gomp") or () if file.name == "libdnnl.so.3")
        library = ctypes.CDLL(str(path))
    except (PackageNotFoundError, StopIteration):
        return None
    except OSError as error:  # it needs the system's libgomp
        warnings.warn(f"onednn-cpu-gomp is installed, but does not load: {error}; NumPy computes", stacklevel=2)
        return None
    library.dnnl_memory_desc_get_size.restype = c_size_t
    library.dnnl_primitive_desc_query_md.restype = c_void_p
    return library


def _after_fork() -> None:
    """OpenMP's threads do not survive a fork, and waiting for them would never end: a child process uses NumPy."""
    global _forked
    _forked = True


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
