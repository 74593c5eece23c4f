"""Convolution by oneDNN, Intel's library of compiled layers, which PyTorch too calls: an extra, for float32.

It makes machine code for each shape of layer, on the widest vectors that the processor has, where NumPy's BLAS may
use half of them, and keeps images in blocks of channels. `conv` asks it for what is large enough to be worth the
way there; without the distribution ``onednn-cpu-gomp`` (``pip install "minigrad-autograd[fast]"``, Linux on x86-64)
everything runs on NumPy.

The C interface: https://oneapi-src.github.io/oneDNN, "Convolution". A *memory descriptor* says how an array lies in
memory, a *primitive* is a computation made ready for descriptors. The library chooses the layouts that it likes
(the tag ``any``), and what lies otherwise is copied into them, or out of them, by a *reorder*.

Its threads are those of OpenMP, of which it takes as many as BLAS is allowed, and never more than
``OMP_NUM_THREADS``.
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

from minigrad.kernels.spatial.windows import Borders, Sizes
from minigrad.kernels.threads import allowed

# Numbers of the C interface, by the names that it gives them.
_CPU, _IN_ORDER, _F32, _ANY, _USER_SCRATCHPAD = 1, 1, 3, 1, 1
_FORWARD_TRAINING, _DIRECT, _EXEC_ARG_MD = 64, 1, 255
_SRC, _DST, _WEIGHTS, _BIAS, _DIFF_SRC, _DIFF_DST, _DIFF_WEIGHTS, _SCRATCHPAD = 1, 17, 33, 41, 129, 145, 161, 80
_FEW_CHANNELS = 4  # below, the blocks of channels stay mostly empty, and laying error signals back is slow
_forked = False


def can_take(*arrays: Any) -> bool:
    """Whether these are for it: float32, none empty, and the library is there."""
    return all(a.dtype == np.float32 and a.size for a in arrays) and not _forked and _dnnl() is not None


def takes_input_grad(channels: int) -> bool:
    """Whether it is fast at the error signal of images with so many channels in a group."""
    return channels >= _FEW_CHANNELS


def conv(x: Any, weight: Any, bias: Any, z: Any, **how: Any) -> None:
    """Fill z (N, O, *positions); arguments as those of `kernels.conv.conv`."""
    biases = () if bias is None else ((_BIAS, bias),)
    _run("forward", x.shape, weight.shape, z.shape, ((_SRC, x), (_WEIGHTS, weight), *biases), (_DST, z), **how)


def conv_weight_grad(z_bar: Any, x: Any, weight_bar: Any, **how: Any) -> None:
    """Fill weight_bar (O, C/groups, *kernel)."""
    inputs = ((_SRC, x), (_DIFF_DST, z_bar))
    _run("backward_weights", x.shape, weight_bar.shape, z_bar.shape, inputs, (_DIFF_WEIGHTS, weight_bar), **how)


def conv_input_grad(z_bar: Any, weight: Any, x_bar: Any, **how: Any) -> None:
    """Fill x_bar (N, C, *size)."""
    inputs = ((_DIFF_DST, z_bar), (_WEIGHTS, weight))
    _run("backward_data", x_bar.shape, weight.shape, z_bar.shape, inputs, (_DIFF_SRC, x_bar), **how)


def _run(kind: str, x: Sizes, weight: Sizes, z: Sizes, inputs: Any, output: Any, **how: Any) -> None:
    with _threads() as threads, _Memories() as memories:
        ready = _primitive(kind, x, weight, z, len(inputs) == 3, threads, **how)
        arguments = []
        for arg, array in inputs:
            array = np.ascontiguousarray(array)
            given, liked = ready.descriptors[arg]
            memory = memories.of(given, array)
            if not liked.same_as(given):
                theirs = memories.made(liked)
                _execute(_reorder(given, liked, threads), ((_SRC, memory), (_DST, theirs)), memories)
                memory = theirs
            arguments.append((arg, memory))
        arg, array = output
        given, liked = ready.descriptors[arg]
        memory = memories.of(given, array)
        theirs = memory if liked.same_as(given) else memories.made(liked)
        _execute(ready, (*arguments, (arg, theirs)), memories)
        if theirs is not memory:
            _execute(_reorder(liked, given, threads), ((_SRC, theirs), (_DST, memory)), memories)


@contextmanager
def _threads() -> Iterator[int]:
    """As many as BLAS is allowed, at most those of OpenMP; OpenMP keeps a number for each Python thread."""
    most = _dnnl().omp_get_max_threads()
    threads = min(most, allowed() or most)
    _dnnl().omp_set_num_threads(c_int(threads))
    try:
        yield threads
    finally:
        _dnnl().omp_set_num_threads(c_int(most))


@lru_cache(maxsize=256)  # a layer asks for the same one in every step; making one takes milliseconds
def _primitive(
    kind: str,
    x: Sizes,
    weight: Sizes,
    z: Sizes,
    biased: bool,
    threads: int,  # noqa: ARG001 – OpenMP's at this moment, for which it is made
    stride: Sizes,
    padding: Borders,
    dilation: Sizes,
    groups: int,
) -> _Ready:
    grouped = weight if groups == 1 else (groups, weight[0] // groups, *weight[1:])
    steps = (_sizes(stride), _sizes(d - 1 for d in dilation))
    how = (*steps, _sizes(before for before, _ in padding), _sizes(after for _, after in padding), _attributes())
    any_x, any_weight, any_z = (_Descriptor.any(shape).handle for shape in (x, grouped, z))
    bias = _Descriptor.plain(z[1:2]).handle if biased else None
    forward = (c_int(_FORWARD_TRAINING), c_int(_DIRECT), any_x, any_weight, bias, any_z, *how)
    description = _new("convolution_forward_primitive_desc_create", _engine(), *forward)
    descriptions = [description]
    if kind != "forward":
        arrays = (any_x, any_weight, any_z) if kind == "backward_data" else (any_x, any_weight, None, any_z)
        backward = (c_int(_DIRECT), *arrays, *how[:-1], description, how[-1])
        descriptions.insert(0, _new(f"convolution_{kind}_primitive_desc_create", _engine(), *backward))
    shapes = {
        "forward": {_SRC: x, _WEIGHTS: grouped, _BIAS: z[1:2], _DST: z},
        "backward_data": {_DIFF_DST: z, _WEIGHTS: grouped, _DIFF_SRC: x},
        "backward_weights": {_SRC: x, _DIFF_DST: z, _DIFF_WEIGHTS: grouped},
    }[kind]
    return _Ready(descriptions, shapes)


class _Ready:
    """A primitive, and for each of its arguments how the array lies that is given and how it would like it to lie."""

    def __init__(self, descriptions: list[c_void_p], shapes: dict[int, Sizes]) -> None:
        library, description = _dnnl(), descriptions[0]

        def liked(arg: int) -> _Descriptor:
            return _Descriptor(c_void_p(library.dnnl_primitive_desc_query_md(description, _EXEC_ARG_MD, c_int(arg))))

        self.primitive = _new("primitive_create", description)
        self.descriptors = {arg: (_Descriptor.plain(shape), liked(arg)) for arg, shape in shapes.items()}
        self.scratchpad = liked(_SCRATCHPAD)
        self.descriptions = descriptions  # of it, to which the descriptors belong, and of what that refers to
        self.library = library  # names of the module may be gone before this is

    def __del__(self) -> None:
        self.library.dnnl_primitive_destroy(self.primitive)
        for description in self.descriptions:
            self.library.dnnl_primitive_desc_destroy(description)


class _Descriptor:
    """How an array lies in memory."""

    def __init__(self, handle: c_void_p) -> None:
        self.handle = handle
        self.bytes: int = _dnnl().dnnl_memory_desc_get_size(handle)

    @staticmethod
    @lru_cache(maxsize=1024)
    def any(shape: Sizes) -> _Descriptor:
        how = (c_int(len(shape)), _sizes(shape), c_int(_F32), c_int(_ANY))
        return _Descriptor(_new("memory_desc_create_with_tag", *how))

    @staticmethod
    @lru_cache(maxsize=1024)
    def plain(shape: Sizes) -> _Descriptor:
        """As NumPy has it: the last axis without gaps, and so on."""
        steps = np.cumprod((1, *shape[:0:-1]))[::-1]
        how = (c_int(len(shape)), _sizes(shape), c_int(_F32), _sizes(steps))
        return _Descriptor(_new("memory_desc_create_with_strides", *how))

    def same_as(self, other: _Descriptor) -> bool:
        return bool(_dnnl().dnnl_memory_desc_equal(self.handle, other.handle))


class _Workspace(local):
    """Memory for copies, kept from call to call: fresh memory costs more than what is done in it."""

    array = np.empty(0, np.uint8)


_workspace = _Workspace()


class _Memories:
    """Arrays as oneDNN sees them, for the time of one call."""

    def __enter__(self) -> _Memories:
        self.handles: list[c_void_p] = []
        self.arrays: list[Any] = []  # kept alive as long as the library may look at them
        self.used = 0
        return self

    def of(self, descriptor: _Descriptor, array: Any) -> c_void_p:
        self.arrays.append(array)
        self.handles.append(_new("memory_create", descriptor.handle, _engine(), c_void_p(array.ctypes.data)))
        return self.handles[-1]

    def made(self, descriptor: _Descriptor) -> c_void_p:
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
def _reorder(source: _Descriptor, target: _Descriptor, threads: int) -> _Ready:  # noqa: ARG001 – as above
    how = (source.handle, _engine(), target.handle, _engine(), _attributes())
    return _Ready([_new("reorder_primitive_desc_create", *how)], {})


class _Argument(Structure):
    _fields_ = (("arg", c_int), ("memory", c_void_p))


def _execute(ready: _Ready, arguments: tuple[tuple[int, c_void_p], ...], memories: _Memories) -> None:
    if ready.scratchpad.bytes:
        arguments = (*arguments, (_SCRATCHPAD, memories.made(ready.scratchpad)))
    array = (_Argument * len(arguments))(*(_Argument(*pair) for pair in arguments))
    _checked("primitive_execute", ready.primitive, _stream(), c_int(len(arguments)), array)
    _checked("stream_wait", _stream())


def _sizes(numbers: Any) -> Any:
    return (c_int64 * 12)(*map(int, numbers))


@lru_cache(maxsize=1)
def _engine() -> c_void_p:
    return _new("engine_create", c_int(_CPU), c_size_t(0))


@lru_cache(maxsize=1)
def _stream() -> c_void_p:
    return _new("stream_create", _engine(), c_int(_IN_ORDER))


@lru_cache(maxsize=1)
def _attributes() -> c_void_p:
    """Workspaces are ours, one for each Python thread: the library would share its own, or keep one for every layer."""
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
    except OSError as error:  # its threads are those of libgomp, which the system has to have
        warnings.warn(f"onednn-cpu-gomp is installed, but does not load: {error}; NumPy computes", stacklevel=2)
        return None
    library.dnnl_memory_desc_get_size.restype = c_size_t
    library.dnnl_primitive_desc_query_md.restype = c_void_p
    return library


def _after_fork() -> None:
    """Threads of OpenMP do not survive a fork, and waiting for them would never end: a child process uses NumPy."""
    global _forked
    _forked = True


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
