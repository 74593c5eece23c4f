"""Pickles that are no state_dict: each is refused by what it asks for, and nothing of it is done."""

from __future__ import annotations

import pickle
import struct
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

import nn
from nn.serialization.damaged_file import DamagedFileError
from nn.serialization.pytorch import pickle_reader
from nn.serialization.pytorch.allowed_names import ALLOWED
from tests.helpers.memory.peak import peak_bytes
from tests.nn.serialization.pytorch.audit import events_of
from tests.nn.serialization.pytorch.files import archive, call, name, number, state, storage, tensor, text

ORDERED = name("collections", "OrderedDict")


class Runs:
    """An object whose pickle runs a program, as those of attacks do."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> Any:
        return Path.write_text, (self.path, "run")


def refusal(path: Path) -> str:
    """The error for a file, after a check that reading it has done nothing."""
    caught = []

    def read() -> None:
        with pytest.raises(DamagedFileError) as error:
            nn.read_torch(path)
        caught.append(str(error.value))

    assert events_of(read) == set()
    return caught[0]


@pytest.mark.parametrize("protocol", range(6))
def test_a_pickle_that_runs_a_program(tmp_path: Path, protocol: int) -> None:
    payload = pickle.dumps({"x": Runs(tmp_path / "marker")}, protocol)
    pickle.loads(payload)
    assert (tmp_path / "marker").read_text() == "run"
    (tmp_path / "marker").unlink()
    said = refusal(archive(tmp_path / "x.pt", payload))
    assert any(f"the pickle {does}" in said for does in ("asks for ", "makes an object of a class", "has the opcode"))
    assert not (tmp_path / "marker").exists()


NAMES = [
    *(("os", "system"), ("posix", "system"), ("builtins", "eval"), ("builtins", "getattr"), ("__builtin__", "exec")),
    *(("torch", "load"), ("torch.hub", "load"), ("torch.serialization", "load"), ("torch.jit", "load")),
    *(("torch._utils", "_import_dotted_name"), ("torch._utils", "_rebuild_tensor_v2.__globals__")),
    *(("torch", "nn.Linear"), ("torch.nn.modules.linear", "Linear"), ("__main__", "Net"), ("torch", "Tensor")),
    *(("torch._tensor", "_rebuild_from_type_v2"), ("torch", "float32.__class__"), ("torch.storage", "FloatStorage")),
    *(("collections", "defaultdict"), ("collections", "OrderedDict.fromkeys"), ("numpy", "dtype"), ("", "")),
]


@pytest.mark.parametrize("names", NAMES, ids=".".join)
@pytest.mark.parametrize("how", ["c", "\x93"])
def test_names_that_are_not_in_the_table(tmp_path: Path, names: tuple[str, str], how: str) -> None:
    module, called = names
    function = name(module, called) if how == "c" else text(module) + text(called) + b"\x93"
    said = refusal(archive(tmp_path / "x.pt", state(call(function, text("ls")))))
    assert f"the pickle asks for {module}.{called}, and read_torch makes arrays" in said
    assert "torch.save(model.state_dict(), path)" in said


def test_each_name_is_written_out() -> None:
    """No prefix, no pattern: this list changes only on purpose."""
    assert {f"{module}.{called}" for module, called in ALLOWED} == {
        *("collections.OrderedDict", "collections.Counter", "torch.Size", "torch.device"),
        *(f"torch._utils._rebuild_{what}" for what in ("tensor", "tensor_v2", "tensor_v3", "parameter")),
        "torch.storage.UntypedStorage",
        *(
            f"torch.{kind}Storage"
            for kind in ("Bool", "Byte", "Char", "Short", "Int", "Long", "Half", "BFloat16", "Float", "Double")
        ),
        *("torch.ComplexFloatStorage", "torch.ComplexDoubleStorage"),
        *(f"torch.{kind}{bits}" for kind in ("int", "uint") for bits in (8, 16, 32, 64)),
        *("torch.bool", "torch.float16", "torch.bfloat16", "torch.float32", "torch.float64"),
        *("torch.complex64", "torch.complex128"),
    }


HINTS = {
    ("torch._utils", "_rebuild_sparse_tensor"): r"tensor.to_dense\(\)",
    ("torch._utils", "_rebuild_qtensor"): r"tensor.dequantize\(\)",
    ("torch", "float8_e4m3fn"): r"tensor.float\(\)",
    ("numpy._core.multiarray", "scalar"): r"float\(x\)",
    ("builtins", "set"): r"sorted\(x\)",
    ("argparse", "Namespace"): r"vars\(args\)",
}


@pytest.mark.parametrize("names", HINTS, ids=".".join)
def test_what_to_do_in_pytorch(tmp_path: Path, names: tuple[str, str]) -> None:
    with pytest.raises(DamagedFileError, match=HINTS[names]):
        nn.read_torch(archive(tmp_path / "x.pt", state(call(name(*names)))))


BAD: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "the pickle ends, expected 1 bytes more"),
    "only a stop": (b"\x80\x02.", "takes from an empty stack"),
    "no stop": (b"\x80\x02}", "the pickle ends"),
    "something left": (b"\x80\x02}}.", "something left on its stack"),
    "a mark left": (b"\x80\x02}(}.", "something left on its stack"),
    "unknown opcode": (b"\x80\x02\xff.", "the opcode"),
    "protocol 1": (b"\x80\x01}.", "protocol 1, expected 2 to 5"),
    "protocol 6": (b"\x80\x06}.", "protocol 6"),
    "pop of nothing": (b"\x80\x02\x85.", "empty stack"),
    "pop below a mark": (b"\x80\x02}(\x85t.", "empty stack"),
    "no mark": (b"\x80\x02]u.", "empty stack"),
    "memo without a value": (b"\x80\x02q\x00.", "empty stack"),
    "memo that is not there": (b"\x80\x02h\x00.", "has not kept"),
    "a text that is cut off": (b"\x80\x02X\xff\xff\xff\xff{}", "expected 4294967293 bytes more"),
    "a text of 2⁶³ bytes": (b"\x80\x02\x8d" + b"\xff" * 7 + b"\x7f", "expected 9223372036854775807 bytes more"),
    "a text of 2⁶⁴ bytes": (b"\x80\x02\x8d" + b"\xff" * 8, "expected 18446744073709551615 bytes more"),
    "a text that is not UTF-8": (b"\x80\x02X\x01\0\0\0\xff.", "not in UTF-8"),
    "a key without a value": (b"\x80\x02}(K\x01u.", "a key without a value"),
    "a tuple as a key": (b"\x80\x02}K\x01\x85K\x01s.", "a tuple as a key, expected texts"),
    "a dictionary as a key": (b"\x80\x02}}K\x01s.", "a dict as a key"),
    "many large numbers as keys": (
        b"\x80\x02}(" + b"".join(number(i << 16) + b"N" for i in range(1, 4098)) + b"u.",
        "more than 4096 keys that are numbers from 65536 or fractions",
    ),
    "a fraction as a key, many times": (
        b"\x80\x02}(" + (b"G" + struct.pack(">d", 0.5) + b"N") * 4097 + b"u.",
        "fractions",
    ),
    "a memo with a gap": (b"\x80\x02}q\x02.", "keeps something at place 2, expected at most 1"),
    "items of a list": (b"\x80\x02]K\x01K\x01s.", "takes a list for a dict"),
    "elements of a dictionary": (b"\x80\x02}K\x01a.", "takes a dict for a list"),
    "elements of a tensor": (b"\x80\x02" + tensor(storage(3), [3], [1]) + b"K\x01a.", "takes a ndarray for a list"),
    "a call of a text": (state(call(text("os.system"), text("ls"))), "calls something that is not a function"),
    "a call of a class": (state(call(name("torch", "FloatStorage"), number(2**60))), "not a function"),
    "a call without arguments": (state(ORDERED + b"]R"), "not a function"),
    "a dictionary with arguments": (state(call(ORDERED, b"]")), "OrderedDict is not described"),
    "a counter of text": (state(call(name("collections", "Counter"), text("ab"))), "Counter is not described"),
    "a size of a list": (state(call(name("torch", "Size"), b"]")), "torch.Size is not described"),
    "a device of a number": (state(call(name("torch", "device"), number(1))), "torch.device is not described"),
    "a device by a huge number": (state(call(name("torch", "device"), text("a"), number(2**500))), "not described"),
    "attributes of a dictionary": (
        state(call(ORDERED) + b"}" + text("__class__") + b"K\x01sb"),
        "attributes of a dict",
    ),
    "attributes of a list": (state(b"]}b"), "sets attributes of a list"),
    "attributes of a tensor": (state(tensor(storage(3), [3], [1]) + b"}b"), "sets attributes of a ndarray"),
    "attributes of a function": (state(ORDERED + b"}b"), "sets attributes of a function"),
    "a persistent id of text": (b"\x80\x02P0\n.", "opcode b'P', which state_dicts do not need"),
    "a persistent id that is another": (state(text("x") + b"Q"), "not that of a storage"),
    "a module by a persistent id": (state(b"(" + text("module") + text("x") + b"tQ"), "not that of a storage"),
    "an instance": (b"\x80\x02(ios\nsystem\n.", "makes an object of a class"),
    "an object": (b"\x80\x02(" + ORDERED + b"o.", "makes an object of a class"),
    "a new object": (b"\x80\x02" + ORDERED + b")\x81.", "makes an object of a class"),
    "an extension": (b"\x80\x02\x82\x01.", "by an extension of Python"),
    "a name without a module": (b"\x80\x04K\x01K\x01\x93.", "names something that is not a text"),
    "a name of one word": (b"\x80\x02cos\n", "names something that does not end"),
    "a buffer": (b"\x80\x05\x97.", "has bytes that are not a tensor"),
    "a number in digits": (b"\x80\x02I" + b"9" * 5000 + b"\n.", "opcode b'I'"),
    "a number of 10000 bytes": (b"\x80\x02\x8b" + struct.pack("<i", 10_000) + b"\x7f" * 10_000 + b".", "opcode "),
    "bytes": (b"\x80\x03C\x01a.", "has bytes that are not a tensor"),
    "a set": (b"\x80\x04\x8f.", "makes a set"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_pickle_that_is_not_in_order(tmp_path: Path, case: str) -> None:
    content, said = BAD[case]
    path = archive(tmp_path / "x.pt", content, {"0": bytes(12)})
    with pytest.raises(DamagedFileError, match=rf"x\.pt: at byte \d+: .*({said})") as caught:
        nn.read_torch(path)
    assert len(str(caught.value)) < 500 + len(str(path))


def test_texts_of_python_2_are_texts(tmp_path: Path) -> None:
    assert nn.read_torch(archive(tmp_path / "x.pt", b"\x80\x02}U\x01aK\x01s.")) == {"a": 1}


def test_numbers_as_keys(tmp_path: Path) -> None:
    """As in the state of an optimizer, and the milestones of a schedule."""
    keys = [*range(5000), -3, 0.5, 2**16, 2**70]
    pickled = pickle.dumps(dict.fromkeys(keys, 1), 2)
    assert nn.read_torch(archive(tmp_path / "x.pt", pickled)) == dict.fromkeys(keys, 1)


def test_a_memo_from_1_as_of_python_2(tmp_path: Path) -> None:
    content = b"\x80\x02}q\x01(" + text("a") + b"q\x02K\x01" + text("b") + b"q\x03h\x02u."
    assert nn.read_torch(archive(tmp_path / "x.pt", content)) == {"a": 1, "b": "a"}


def test_names_are_printed_safely(tmp_path: Path) -> None:
    with pytest.raises(DamagedFileError) as caught:
        nn.read_torch(archive(tmp_path / "x.pt", state(text("\x1b[2J") + text("a" * 5000) + b"\x93")))
    assert "\x1b" not in str(caught.value)
    assert len(str(caught.value)) < 600 + len(str(tmp_path))


N = 5_000
BOMBS: dict[str, tuple[bytes, str | None]] = {
    "each tuple twice in the next": (b"\x80\x02)q\x00" + b"h\x00\x86q\x00" * N + b".", None),
    "lists in lists": (b"\x80\x02" + b"]" * N + b"a" * (N - 1) + b".", None),
    "tuples in tuples": (b"\x80\x02)" + b"\x85" * N + b".", None),
    "a deep tuple as a key": (b"\x80\x02})" + b"\x85" * N + b"K\x01s.", "a tuple as a key"),
    "empty dictionaries": (b"\x80\x02](" + b"}" * 10 * N + b"e.", "would take more memory"),
    "one tuple many times": (b"\x80\x02](" + b"(" * 10 + b"K\x01" * N + b"t" * 10 + b"e.", None),
    "tuples of the same": (b"\x80\x02](K\x01q\x00" + b"(" + b"h\x00" * N + b"t" + b"e.", None),
    "elements of a list": (b"\x80\x02](" + b"N" * 20 * N + b"e.", "would take more memory"),
    "items of a dictionary": (b"\x80\x02}(" + b"K\x01N" * 2 * N + b"u.", "would take more memory"),
    "marks": (b"\x80\x02" + b"(" * 50 * N + b".", "would take more memory"),
    "marks above many values": (b"\x80\x02" + b"N" * 300 + b"(" * 50 * N + b".", "would take more memory"),
    "a memo": (b"\x80\x02]" + b"\x94" * 10 * N + b".", "would take more memory"),
}


@pytest.mark.parametrize("case", BOMBS)
def test_pickles_that_would_take_much_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, case: str) -> None:
    """At most the size of the file and 16 MiB for what is built, here 1 MiB, and the memory of the machine itself."""
    monkeypatch.setattr(pickle_reader, "_SPARE", 1 << 20)
    content, said = BOMBS[case]
    path = archive(tmp_path / "x.pt", content)

    def refused() -> None:
        with pytest.raises(DamagedFileError, match=said) if said else nullcontext():
            nn.read_torch(path)

    assert peak_bytes(refused) < 4 * path.stat().st_size + (3 << 20)
