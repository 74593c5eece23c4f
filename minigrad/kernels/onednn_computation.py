"""A computation of oneDNN whose arrays have the layouts that NumPy gives them: nothing is copied.

`kernels.spatial.onednn` describes the library, and its terms.
"""

from __future__ import annotations

from collections.abc import Callable
from ctypes import c_int, c_void_p
from functools import lru_cache, wraps
from typing import Any

from minigrad.kernels.spatial import onednn as library
from minigrad.kernels.threads import blas_threads
from minigrad.typing import Array

__all__ = ["Computation", "prepared", "threads_for"]

_SCRATCHPAD = 80  # as in the C interface
_SHAPES = 256  # computations whose code is kept
_LARGE = 1 << 18  # elements: with fewer, a second thread costs what it saves


class Computation:
    """A primitive with handles of its arrays; only the addresses are missing.

    Its scratchpad lies in the workspace of the Python thread, which all computations there share.
    """

    def __init__(self, descriptions: list[c_void_p], arrays: dict[int, Any], threads: int) -> None:
        """From the primitive's description and those that it refers to, and the memory descriptors of its arrays."""
        primitive = library._Primitive(descriptions, {})
        self.threads = threads
        self.library = library._dnnl()  # at exit, the module's names may be gone before this object
        self.primitive = primitive
        self.memories = {role: _memory(kind) for role, kind in arrays.items()}
        self.addresses: dict[int, int] = {}  # that they have
        self.scratchpad = _memory(primitive.scratchpad) if primitive.scratchpad.bytes else None
        self.owned = list(self.memories.items())
        if self.scratchpad:
            self.owned.append((_SCRATCHPAD, self.scratchpad))
        self.arguments = (library._Argument * len(self.owned))(*(library._Argument(*pair) for pair in self.owned))

    def run(self, arrays: dict[int, Array]) -> None:
        """Compute with these arrays."""
        if self.scratchpad:
            arrays = {**arrays, _SCRATCHPAD: library._mine.workspace(self.primitive.scratchpad.bytes)}
        for role, memory in self.owned:
            address = library._address(arrays[role])
            if self.addresses.get(role) != address:
                library._checked("memory_set_data_handle", memory, c_void_p(address))
                self.addresses[role] = address
        stream = library._mine.stream.handle
        with library._openmp(self.threads):
            library._checked(
                "primitive_execute", self.primitive.handle, stream, c_int(len(self.arguments)), self.arguments
            )
            library._checked("stream_wait", stream)

    def __del__(self) -> None:
        for _, memory in getattr(self, "owned", ()):
            self.library.dnnl_memory_destroy(memory)


def threads_for(x: Array, large: int = _LARGE) -> int:
    """As many as both OpenMP and BLAS are allowed; one for arrays that do not repay starting the others."""
    limit: int = library._dnnl().omp_get_max_threads() if x.size >= large else 1
    return min(limit, blas_threads() or limit)


def prepared(create: Callable[..., Any]) -> Callable[..., Any]:
    """A computation is prepared for the number of threads that OpenMP is allowed then; here the last argument."""

    @wraps(create)
    def prepared(*args: Any) -> Any:
        with library._openmp(args[-1]):
            return create(*args)

    return lru_cache(maxsize=_SHAPES)(prepared)


def _memory(kind: Any) -> c_void_p:
    return library._new("memory_create", kind.handle, library._engine(), None)
