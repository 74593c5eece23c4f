"""Tensors: any shape and strides within their storage, and nothing outside it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.lib.stride_tricks import as_strided

import nn
from nn.serialization.damaged_file import DamagedFileError
from tests.helpers.memory.peak import peak_bytes
from tests.nn.serialization.pytorch.files import archive, call, name, number, sizes, state, storage, tensor, text

NUMBERS = np.arange(12, dtype=np.float32)
HOOKS = call(name("collections", "OrderedDict"))
DTYPE = name("torch", "uint16")
V2, V3 = (name("torch._utils", f"_rebuild_tensor_v{n}") for n in (2, 3))
BIG = 2**63


def read(path: Path, value: bytes, storages: dict[str, Any] | None = None) -> Any:
    return nn.read_torch(archive(path, state(value), {"0": NUMBERS} if storages is None else storages))["x"]


AXES = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 12) | st.just(2**62)), max_size=4)


@settings(max_examples=150, deadline=None)
@given(AXES, st.integers(0, 13))
def test_every_view_is_that_of_numpy_or_is_refused(tmp_path_factory: Any, axes: Any, offset: int) -> None:
    size, strides = [n for n, _ in axes], [step for _, step in axes]
    path = tmp_path_factory.mktemp("files") / "x.pt"
    value = tensor(storage(12), size, strides, offset)
    last = offset + sum((n - 1) * step for n, step in axes)
    count = int(np.prod(size, dtype=np.int64))
    if (count and (last >= 12 or count > 12)) or offset > 12:
        with pytest.raises(DamagedFileError, match="of a storage that has 12"):
            read(path, value)
        return
    found = read(path, value)
    assert found.shape == tuple(size)
    if count:
        steps = [4 * step if n > 1 else 4 for n, step in axes]
        np.testing.assert_array_equal(found, as_strided(NUMBERS[offset:], size, steps))
    packed = np.empty(size, np.float32).strides
    assert all(n > 1 or own == step for n, own, step in zip(size, packed, found.strides, strict=True)) or not all(
        step == own for n, step, own in zip(size, found.strides, packed, strict=True) if n > 1
    )


BAD: dict[str, tuple[bytes, str]] = {
    "negative size": (tensor(storage(12), [-1], [1]), "not described"),
    "negative stride": (tensor(storage(12), [3], [-1], 5), "not described"),
    "negative offset": (tensor(storage(12), [3], [1], -1), "not described"),
    "more than there is": (tensor(storage(12), [13], [1]), "has 13 elements of a storage that has 12"),
    "one beyond the end": (tensor(storage(12), [3], [1], 10), "ends at element 12 of a storage that has 12"),
    "offset beyond the end": (tensor(storage(12), [], [], 12), "ends at element 12"),
    "offset of 2⁶³": (tensor(storage(12), [3], [1], BIG), "more than 2⁶³"),
    "a stride of 2⁶²": (tensor(storage(12), [2], [2**62]), "ends at element 4611686018427387904"),
    "a stride that overflows": (tensor(storage(12), [3], [2**63]), "more than 2⁶³"),
    "a stride of 2000 bits": (tensor(storage(12), [3], [2**2000]), "more than 2⁶³"),
    "a shape that overflows": (tensor(storage(12), [2**32, 2**32], [0, 0]), "has more than 2⁶³ elements"),
    "an expanded tensor": (
        tensor(storage(1, "one"), [1000, 1000], [0, 0]),
        r"has 1000000 elements .*tensor\.contiguous",
    ),
    "windows that overlap": (tensor(storage(12), [4, 4], [1, 1]), "has 16 elements"),
    "empty and huge": (tensor(storage(12), [0, 2**62], [1, 1]), "without elements is too large"),
    "65 axes": (tensor(storage(12), [1] * 65, [1] * 65), "has 65 axes"),
    "fewer strides": (tensor(storage(12), [3, 2], [1]), "not described"),
    "sizes of texts": (
        call(V2, storage(12), number(0), b"(" + text("3") + b"t", sizes([1]), b"\x89", HOOKS),
        "not described",
    ),
    "sizes of bools": (call(V2, storage(12), number(0), b"(\x88t", sizes([1]), b"\x89", HOOKS), "not described"),
    "a list of sizes": (call(V2, storage(12), number(0), b"]", sizes([]), b"\x89", HOOKS), "not described"),
    "no storage": (call(V2, text("0"), number(0), sizes([3]), sizes([1]), b"\x89", HOOKS), "not described"),
    "two arguments": (call(V2, storage(12), number(0)), "not described"),
    "hooks": (call(V2, storage(12), number(0), sizes([3]), sizes([1]), b"\x89", b"}K\x01K\x01s"), "not described"),
    "a conjugate": (tensor(storage(12), [3], [1], last=b"}" + text("conj") + b"\x88s"), r"resolve_conj\(\)"),
    "a dtype that is not one": (
        call(V3, storage(12, kind="UntypedStorage"), number(0), sizes([3]), sizes([1]), b"\x89", HOOKS, text("x")),
        "not one|would have 12 bytes",
    ),
    "bytes that are not whole numbers": (
        call(V3, storage(3, "1", "UntypedStorage"), number(0), sizes([1]), sizes([1]), b"\x89", HOOKS, DTYPE),
        "a storage of 3 bytes is one of uint16, which has 2 bytes",
    ),
    "a parameter of text": (
        call(name("torch._utils", "_rebuild_parameter"), text("x"), b"\x88", HOOKS),
        "not described",
    ),
    "a storage that is not there": (tensor(storage(12, "7"), [3], [1]), "would have 48 bytes, and the file does not"),
    "a storage that is longer": (tensor(storage(13), [3], [1]), "would have 52 bytes, and the file has 48"),
    "a storage that is shorter": (tensor(storage(11), [3], [1]), "would have 44 bytes, and the file has 48"),
    "a storage of other numbers": (tensor(storage(12, kind="DoubleStorage"), [3], [1]), "would have 96 bytes"),
    "a storage of 2⁶⁰ numbers": (tensor(storage(2**60), [2**60], [1]), "would have 4611686018427387904 bytes"),
    "a storage of 2⁵⁰⁰ numbers": (tensor(storage(2**500), [3], [1]), "would have more than 2⁶³ bytes"),
    "a storage of negative length": (tensor(storage(-12), [3], [1]), "negative length"),
    "a storage by a path": (tensor(storage(12, "../data.pkl"), [3], [1]), "the file does not have it"),
    "a storage of two types": (
        b"(" + tensor(storage(12), [3], [1]) + tensor(storage(24, kind="BFloat16Storage"), [3], [1]) + b"t",
        "is one of float32, and of bfloat16, too",
    ),
    "a storage of two lengths": (
        b"(" + tensor(storage(12), [3], [1]) + tensor(storage(11), [3], [1]) + b"t",
        "has 48 bytes, and 44 in another place",
    ),
    "a view of a storage": (
        state(b"(" + text("storage") + name("torch", "FloatStorage") + text("0") + text("cpu") + b"K\x0c\x85tQ"),
        "not that of a storage|a view of another",
    ),
    "a bool of 2": (tensor(storage(1, "1b", "BoolStorage"), [1], [1]), "has 2, expected 0 or 1 for a bool"),
}


@pytest.mark.parametrize("case", BAD)
def test_tensors_that_are_not_in_their_storage(tmp_path: Path, case: str) -> None:
    value, said = BAD[case]
    path = archive(tmp_path / "x.pt", state(value), {"0": NUMBERS, "1": bytes(3), "1b": b"\x02", "one": bytes(4)})

    def refused() -> None:
        with pytest.raises(DamagedFileError, match=said):
            nn.read_torch(path)

    assert peak_bytes(refused) < 1 << 18


def test_the_oldest_function_for_tensors(tmp_path: Path) -> None:
    value = call(name("torch._utils", "_rebuild_tensor"), storage(12), number(2), sizes([2, 2]), sizes([3, 1]))
    np.testing.assert_array_equal(read(tmp_path / "x.pt", value), [[2, 3], [5, 6]])


def test_bfloat16_is_exact(tmp_path: Path) -> None:
    """Every one of its 65536 values is the float32 with the same upper half."""
    halves = np.arange(1 << 16, dtype="<u2")
    value = tensor(storage(1 << 16, kind="BFloat16Storage"), [256, 256], [256, 1])
    found = read(tmp_path / "x.pt", value, {"0": halves})
    np.testing.assert_array_equal(found.reshape(-1).view(np.uint32), halves.astype(np.uint32) << 16)
