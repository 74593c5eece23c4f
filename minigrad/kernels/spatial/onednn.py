"""Convolution by oneDNN, Intel's library of compiled layers, which PyTorch calls, too: an optional extra, for float32.

It generates machine code for each shape of layer, for the widest vectors that the processor has (NumPy's BLAS may use
half of them), and keeps images in blocks of channels. `kernels.spatial.convolution` calls it for large arrays; without
the distribution ``onednn-cpu-gomp`` (``pip install "minigrad-autograd[fast]"``, Linux on x86-64) everything runs on
NumPy.

The C interface: https://oneapi-src.github.io/oneDNN, "Convolution". A *memory descriptor* says how an array lies in
memory, a *primitive* is a computation prepared for given descriptors. The library chooses its preferred layouts (the
tag ``any``); a *reorder* copies arrays of another layout into them, and results out of them.

It computes with OpenMP's threads, as many as BLAS is allowed, but no more than ``OMP_NUM_THREADS``. To wake them for
the calls of a layer takes less time than to hand work to threads of Python, which also wait for its lock.

What is kept in memory for each Python thread: the machine code for `_LAYERS` shapes, some 0.3 MB each, and a workspace
for the copies and scratchpads of the largest of the last `_FORGET` calls. `onednn_computation` keeps the code of other
kinds of layers, each for as many shapes.
"""

from __future__ import annotations

import ctypes
import os
import warnings
from collections.abc import Sequence
from ctypes import Structure, byref, c_int, c_int64, c_size_t, c_void_p
from functools import cached_property, lru_cache
from threading import local
from typing import Any
from weakref import WeakValueDictionary

import numpy as np

from minigrad.kernels.openmp import soon_sleeping_threads
from minigrad.kernels.spatial.channels_last import as_channels_last, is_channels_last
from minigrad.kernels.spatial.windows import Ints, PadWidth
from minigrad.kernels.threads import blas_threads
from minigrad.typing import Array

# Constants of the C interface, by their names there.
_CPU, _IN_ORDER, _F32, _U8, _ANY, _USER_SCRATCHPAD = 1, 1, 3, 6, 1, 1
_FORWARD_TRAINING, _DIRECT, _EXEC_ARG_MD = 64, 1, 255
_SRC, _DST, _WEIGHTS, _BIAS, _DIFF_SRC, _DIFF_DST, _DIFF_WEIGHTS, _SCRATCHPAD = 1, 17, 33, 41, 129, 145, 161, 80
_ROLES = {
    _SRC: "x", _DIFF_SRC: "x", _WEIGHTS: "weight", _DIFF_WEIGHTS: "weight", _BIAS: "bias", _DST: "z", _DIFF_DST: "z",
}  # fmt: skip
_IMAGES = ("x", "z")
Roles = frozenset[int]
_OUTPUTS = (_DST, _DIFF_SRC, _DIFF_WEIGHTS)
_LONG = ("primitive_create", "primitive_execute")  # worth releasing Python's lock for other threads
_LAYERS = 256  # shapes whose code is kept: three for each layer, and as many again for the last batch of an epoch
_FORGET = 1000  # calls after which a workspace that was twice as large as they needed is freed
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
    biases = {} if bias is None else {_BIAS: bias}
    _run("forward", {_SRC: x, _WEIGHTS: weight, **biases, _DST: z}, **params)


def conv_weight_grad(z_bar: Array, x: Array, weight_bar: Array, **params: Any) -> None:
    """Fill weight_bar (O, C/groups, *kernel)."""
    _run("backward_weights", {_SRC: x, _DIFF_DST: z_bar, _DIFF_WEIGHTS: weight_bar}, **params)


def conv_input_grad(z_bar: Array, weight: Array, x_bar: Array, **params: Any) -> None:
    """Fill x_bar (N, C, *size)."""
    _run("backward_data", {_DIFF_DST: z_bar, _WEIGHTS: weight, _DIFF_SRC: x_bar}, **params)


def _run(kind: str, arrays: dict[int, Array], **params: Any) -> None:
    """Fill the last of the arrays from the others, by their roles.

    If the channels of one of the images lie next to each other, those of all do, but for few; otherwise they are in
    NumPy's order.
    """
    limit = _dnnl().omp_get_max_threads()
    threads = min(limit, blas_threads() or limit)
    shapes = tuple((role, array.shape) for role, array in arrays.items())
    images = {role: array for role, array in arrays.items() if _ROLES[role] in _IMAGES}
    last = [role for role, array in images.items() if is_channels_last(array)]
    if last:
        last += [role for role, array in images.items() if role not in last and takes_input_grad(array.shape[1])]
    _mine.convolution(kind, shapes, frozenset(last), threads, tuple(params.items())).run(arrays)


class _Convolution:
    """A convolution prepared for arrays of these shapes; only the addresses are missing.

    Each Python thread has its own, because it keeps the library's handles of the arrays from call to call.
    """

    def __init__(self, kind: str, shapes: tuple[tuple[int, Ints], ...], last: Roles, threads: int, params: Any) -> None:
        self.channels_last = last  # the roles of images whose channels lie next to each other
        self.library = _dnnl()  # at exit, the module's names may be gone before this object
        self.threads = threads
        self.outside: dict[int, c_void_p] = {}  # handles of the arrays, by their roles
        self.inside: list[tuple[int, c_void_p]] = []  # handles of copies, which start here in the workspace
        self.size = 0  # of the workspace
        self.base = -1  # its address when the copies were last placed
        with _openmp(threads):
            self.calls = self._calls(_primitive(kind, dict(shapes), last, threads, params))

    def _calls(self, primitive: _Primitive) -> list[tuple[Any, ...]]:
        """The primitives to execute, one after the other, with their arguments."""
        before: list[Any] = []
        after: list[Any] = []
        arguments = []
        for role, (given, preferred, reorder) in primitive.layouts.items():
            outer = inner = self.outside[role] = _new("memory_create", given.handle, _engine(), None)
            if reorder is not None:
                inner, out = self._copy(preferred), role in _OUTPUTS
                copied = ((_SRC, inner if out else outer), (_DST, outer if out else inner))
                (after if out else before).append(self._call(reorder, copied))
            arguments.append((role, inner))
        return [*before, self._call(primitive, arguments), *after]

    def _copy(self, descriptor: _Descriptor) -> c_void_p:
        """The handle of an array in the workspace."""
        memory = _new("memory_create", descriptor.handle, _engine(), None)
        self.inside.append((self.size, memory))
        self.size += -(-descriptor.bytes // 64) * 64
        return memory

    def _call(self, primitive: _Primitive, arguments: Sequence[tuple[int, c_void_p]]) -> tuple[Any, ...]:
        """A primitive, and what executing it takes."""
        if primitive.scratchpad.bytes:
            arguments = (*arguments, (_SCRATCHPAD, self._copy(primitive.scratchpad)))
        array = (_Argument * len(arguments))(*(_Argument(*pair) for pair in arguments))
        return primitive, c_int(len(arguments)), array

    def run(self, arrays: dict[int, Array]) -> None:
        """Compute with these arrays."""
        given = {role: self._in_order(role, array) for role, array in arrays.items()}  # outputs are
        if self.base != (base := _address(_mine.workspace(self.size))):
            for start, memory in self.inside:
                _checked("memory_set_data_handle", memory, c_void_p(base + start))
            self.base = base
        for role, memory in self.outside.items():
            _checked("memory_set_data_handle", memory, c_void_p(_address(given[role])))
        stream = _mine.stream.handle
        with _openmp(self.threads):
            for primitive, *arguments in self.calls:
                _checked("primitive_execute", primitive.handle, stream, *arguments)
                _checked("stream_wait", stream)

    def _in_order(self, role: int, array: Array) -> Array:
        """The array in the order that was prepared for."""
        if role in self.channels_last:
            return as_channels_last(array)
        return np.ascontiguousarray(array)

    def __del__(self) -> None:
        for memory in (*(memory for _, memory in self.inside), *self.outside.values()):
            self.library.dnnl_memory_destroy(memory)


def _address(array: Array) -> int:
    return array.__array_interface__["data"][0]  # type: ignore[no-any-return]


class _Mine(local):
    """What each Python thread has for itself."""

    def __init__(self) -> None:
        self.convolution = lru_cache(maxsize=_LAYERS)(_Convolution)
        self._workspace = np.empty(0, np.uint8)
        self._idle = 0  # calls in a row that needed less than half of it

    @cached_property
    def stream(self) -> _Stream:
        """Its queue of calls."""
        return _Stream()

    def workspace(self, size: int) -> Array:
        """Memory for copies and scratchpads, kept from call to call: to allocate it costs more than the work in it."""
        self._idle = self._idle + 1 if 2 * size < len(self._workspace) else 0
        if size > len(self._workspace) or self._idle > _FORGET:
            self._workspace, self._idle = np.empty(size, np.uint8), 0
        return self._workspace


_mine = _Mine()


class _openmp:
    """Let OpenMP use as many threads within; it keeps its number for each Python thread."""

    def __init__(self, threads: int) -> None:
        self.threads = threads

    def __enter__(self) -> None:
        self.before = _dnnl().omp_get_max_threads()
        if self.before != self.threads:
            _dnnl().omp_set_num_threads(c_int(self.threads))

    def __exit__(self, *error: object) -> None:
        if self.before != self.threads:
            _dnnl().omp_set_num_threads(c_int(self.before))


#: The primitives in use, which Python threads share.
_primitives: WeakValueDictionary[Any, _Primitive] = WeakValueDictionary()


def _primitive(kind: str, shapes: dict[int, Ints], last: Roles, threads: int, params: Any) -> _Primitive:
    """The primitive for these shapes, and OpenMP's current number of threads; creating one takes milliseconds."""
    key = (kind, tuple(shapes.items()), last, threads, params)
    found = _primitives.get(key)
    if found is None:
        found = _primitives[key] = _new_primitive(kind, shapes, last, **dict(params))
    return found


def _new_primitive(
    kind: str, shapes: dict[int, Ints], last: Roles, stride: Ints, padding: PadWidth, dilation: Ints, groups: int
) -> _Primitive:
    if groups > 1:
        shapes = {r: (groups, s[0] // groups, *s[1:]) if _ROLES[r] == "weight" else s for r, s in shapes.items()}
    settings = (
        _integers(stride),
        _integers(d - 1 for d in dilation),
        _integers(before for before, _ in padding),
        _integers(after for _, after in padding),
        _attributes(),
    )
    free = {
        _ROLES[role]: _Descriptor.channels_last(shape) if role in last else _Descriptor.any(shape)
        for role, shape in shapes.items()
    }
    any_x, any_weight, any_z = (free[name].handle for name in ("x", "weight", "z"))
    bias = _Descriptor.plain(shapes[_BIAS]) if _BIAS in shapes else None
    forward = (c_int(_FORWARD_TRAINING), c_int(_DIRECT), any_x, any_weight, bias and bias.handle, any_z, *settings)
    description = _new("convolution_forward_primitive_desc_create", _engine(), *forward)
    descriptions = [description]
    if kind != "forward":
        arrays = (any_x, any_weight, any_z) if kind == "backward_data" else (any_x, any_weight, None, any_z)
        backward = (c_int(_DIRECT), *arrays, *settings[:-1], description, settings[-1])
        descriptions.insert(0, _new(f"convolution_{kind}_primitive_desc_create", _engine(), *backward))
    return _Primitive(descriptions, shapes, last)


class _Primitive:
    """A primitive; for each argument the layouts of the array given and of what it prefers, and how to get there."""

    def __init__(self, descriptions: list[c_void_p], shapes: dict[int, Ints], last: Roles = frozenset()) -> None:
        self.library = _dnnl()  # at exit, the module's names may be gone before this object
        self.descriptions = descriptions  # its own, which owns the descriptors, and those that it refers to
        self.handle = _new("primitive_create", descriptions[0])
        self.layouts = {role: self._layout(role, shape, last) for role, shape in shapes.items()}
        self.scratchpad = self._preferred(_SCRATCHPAD)

    def _preferred(self, role: int) -> _Descriptor:
        query = self.library.dnnl_primitive_desc_query_md
        return _Descriptor(c_void_p(query(self.descriptions[0], _EXEC_ARG_MD, c_int(role))), owned=False)

    def _layout(self, role: int, shape: Ints, last: Roles) -> tuple[_Descriptor, _Descriptor, _Primitive | None]:
        preferred = self._preferred(role)
        if role in last:
            return preferred, preferred, None
        given = _Descriptor.plain(shape)
        if self.library.dnnl_memory_desc_equal(given.handle, preferred.handle):
            return given, given, None
        source, target = (preferred, given) if role in _OUTPUTS else (given, preferred)
        arguments = (source.handle, _engine(), target.handle, _engine(), _attributes())
        return given, preferred, _Primitive([_new("reorder_primitive_desc_create", *arguments)], {})

    def __del__(self) -> None:
        self.library.dnnl_primitive_destroy(self.handle)
        for description in self.descriptions:
            self.library.dnnl_primitive_desc_destroy(description)


class _Descriptor:
    """A memory descriptor: how an array lies in memory."""

    def __init__(self, handle: c_void_p, owned: bool = True) -> None:
        self.handle = handle
        self.owned = owned  # otherwise the description of a primitive owns it
        self.library = _dnnl()
        self.bytes: int = self.library.dnnl_memory_desc_get_size(handle)

    def __del__(self) -> None:
        if self.owned:
            self.library.dnnl_memory_desc_destroy(self.handle)

    @staticmethod
    def any(shape: Ints) -> _Descriptor:
        arguments = (c_int(len(shape)), _integers(shape), c_int(_F32), c_int(_ANY))
        return _Descriptor(_new("memory_desc_create_with_tag", *arguments))

    @staticmethod
    def plain(shape: Ints, dtype: int = _F32) -> _Descriptor:
        """Row-major, as in a contiguous NumPy array."""
        return _Descriptor.strided(shape, np.cumprod((1, *shape[:0:-1]))[::-1], dtype)

    @staticmethod
    def channels_last(shape: Ints, dtype: int = _F32) -> _Descriptor:
        """Images whose channels lie next to each other."""
        _, channels, *size = shape
        batch, *strides = np.cumprod((1, channels, *size[::-1]))[::-1]
        return _Descriptor.strided(shape, (batch, strides.pop(), *strides), dtype)

    @staticmethod
    def strided(shape: Ints, strides: Any, dtype: int) -> _Descriptor:
        """Strides are in elements."""
        arguments = (c_int(len(shape)), _integers(shape), c_int(dtype), _integers(strides))
        return _Descriptor(_new("memory_desc_create_with_strides", *arguments))


class _Argument(Structure):
    _fields_ = (("arg", c_int), ("memory", c_void_p))


def _integers(numbers: Any) -> Any:
    return (c_int64 * 12)(*map(int, numbers))


@lru_cache(maxsize=1)
def _engine() -> c_void_p:
    return _new("engine_create", c_int(_CPU), c_size_t(0))


class _Stream:
    """oneDNN's queue of calls."""

    def __init__(self) -> None:
        self.library = _dnnl()
        self.handle = _new("stream_create", _engine(), c_int(_IN_ORDER))

    def __del__(self) -> None:
        self.library.dnnl_stream_destroy(self.handle)


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
    library = _dnnl().unlocked if function in _LONG else _dnnl()
    status = getattr(library, f"dnnl_{function}")(*arguments)
    if status:
        raise RuntimeError(f"oneDNN: dnnl_{function} gave status {status}; without onednn-cpu-gomp NumPy computes it")


@lru_cache(maxsize=1)
def _dnnl() -> Any:
    """The library, or None."""
    from importlib.metadata import PackageNotFoundError, files

    try:
        path = next(file.locate() for file in files("onednn-cpu-gomp") or () if file.name == "libdnnl.so.3")
        with soon_sleeping_threads():
            library = ctypes.PyDLL(str(path))  # most calls take less time than releasing Python's lock
        library.unlocked = ctypes.CDLL(str(path))  # type: ignore[attr-defined]
    except (PackageNotFoundError, StopIteration):
        return None
    except OSError as error:  # it needs the system's libgomp
        warnings.warn(f"onednn-cpu-gomp is installed, but does not load: {error}; NumPy computes", stacklevel=2)
        return None
    library.dnnl_set_primitive_cache_capacity(c_int(0))  # its own cache keeps a thousand; ours is `_primitive`
    library.dnnl_memory_desc_get_size.restype = c_size_t
    library.dnnl_primitive_desc_query_md.restype = c_void_p
    return library


def _after_fork() -> None:
    """OpenMP's threads do not survive a fork, and waiting for them would never end: a child process uses NumPy."""
    global _forked
    _forked = True


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
