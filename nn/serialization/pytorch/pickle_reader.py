"""Following a pickle without running it.

A pickle is a program for a small machine with a stack: "push this text", "make a dictionary of these", "call this
function". Python's own machine imports whatever function the program names. This one builds lists, tuples,
dictionaries, texts and numbers, and for the rest asks `find`, which knows a few names.

Each step costs at least a byte of the file, and the memory of what it makes is counted: so neither time nor memory
exceed what the size of the file allows. There is no recursion, neither here nor in the hash of a key; and of numbers
as keys, which can be chosen so that a dictionary looks for each at the places of all others, there are few large ones.
"""

from __future__ import annotations

import os
import struct
import sys
from collections.abc import Callable
from typing import Any

from nn.serialization.damaged_file import DamagedFileError
from nn.serialization.pytorch.refused import STATE_ALONE, Refused

__all__ = ["read_pickle"]

_PROTOCOLS = range(2, 6)
_SPARE = 1 << 24  # bytes that lists and numbers may take beyond the size of the file
_SLOT, _ITEM = 8, 64  # bytes of an element of a list, and of an item of a dictionary
_LONGEST_NAME = 1000  # bytes
_SMALL_KEY = 1 << 16  # whole numbers below have places of their own in a dictionary, or nearly so
_OTHER_KEYS = 1 << 12  # larger ones and fractions that a pickle may use as keys

# The opcodes, by what they do; `pickletools` of Python describes all that there are. Texts begin with their length.
_CONSTANTS = {b"N": None, b"\x88": True, b"\x89": False}
_NUMBERS = {b"K": "<B", b"M": "<H", b"J": "<i", b"G": ">d"}
_TEXTS = {b"X": "<I", b"\x8c": "<B", b"\x8d": "<Q", b"T": "<I", b"U": "<B"}
_MADE: dict[bytes, Callable[[], Any]] = {b"]": list, b"}": dict, b")": tuple}
_TUPLES = {b"\x85": 1, b"\x86": 2, b"\x87": 3}
_PUT = {b"q": "<B", b"r": "<I"}
_GET = {b"h": "<B", b"j": "<I"}
_STOP = b"."

#: What other opcodes do, for messages.
_REFUSED = {
    **dict.fromkeys((b"i", b"o", b"\x81", b"\x92"), "makes an object of a class"),
    **dict.fromkeys((b"\x82", b"\x83", b"\x84"), "makes an object by an extension of Python"),
    **dict.fromkeys((b"B", b"C", b"\x8e", b"\x96", b"\x97", b"\x98"), "has bytes that are not a tensor"),
    **dict.fromkeys((b"\x8f", b"\x90", b"\x91"), "makes a set"),
}


def read_pickle(
    path: str | os.PathLike[str],
    file: Any,
    begin: int,
    size: int,
    find: Callable[[str, str], Any],
    persistent: Callable[[Any], Any],
) -> Any:
    """The object that a pickle describes.

    Arguments:
        path: the file, for errors.
        file: where the pickle is read from; afterwards it is at the byte after it. ``read(n)`` allocates no more bytes
            than there are.
        begin: the byte of the file at which `file` begins, for errors.
        size: the bytes of the whole file.
        find: what a module and a name in it stand for; raises `Refused` for all that is not known.
        persistent: what a persistent id stands for, the tuple by which PyTorch names a storage.

    Raises:
        DamagedFileError: if it is not in order, or asks for something that is not done.
    """
    machine = _Machine(file, size, find, persistent)
    at = file.tell()
    try:
        while (opcode := machine.read(1)) != _STOP:
            machine.step(opcode)
            at = file.tell()
        return machine.result()
    except Refused as error:
        raise DamagedFileError(path, begin + at, *error.args) from None


class _Machine:
    """The program, the stack, the marks in it, and the memo: what the program keeps to use it again."""

    def __init__(self, file: Any, size: int, find: Callable[[str, str], Any], persistent: Callable[[Any], Any]) -> None:
        self.file, self.size, self.find, self.persistent = file, size, find, persistent
        self.room = size + _SPARE  # bytes
        self.stack: list[Any] = []
        self.marks: list[int] = []
        self.memo: dict[int, Any] = {}
        self.other_keys = _OTHER_KEYS

    def result(self) -> Any:
        value = self.pop(1)[0]
        if self.stack or self.marks:
            raise Refused("the pickle ends with something left on its stack")
        return value

    def step(self, opcode: bytes) -> None:
        """What an opcode does."""
        if opcode in _CONSTANTS:
            self.take(_SLOT)
            self.stack.append(_CONSTANTS[opcode])
        elif opcode in _NUMBERS:
            self.push(self.number(_NUMBERS[opcode]))
        elif opcode in _TEXTS:
            self.push(self.text(self.read(self.number(_TEXTS[opcode]))))
        elif opcode in _PUT or opcode == b"\x94":
            self.put(self.number(_PUT[opcode]) if opcode in _PUT else len(self.memo))
        elif opcode in _GET:
            self.get(self.number(_GET[opcode]))
        elif opcode in _TUPLES:
            self.push(tuple(self.pop(_TUPLES[opcode])))
        elif opcode in _MADE:
            self.push(_MADE[opcode]())
        elif opcode == b"(":
            self.take(_ITEM)  # the number of values below it is a number of its own
            self.marks.append(len(self.stack))
        elif opcode == b"t":
            self.push(tuple(self.pop_to_mark()))
        elif opcode in (b"a", b"e"):
            items = self.pop(1) if opcode == b"a" else self.pop_to_mark()
            self.last(list).extend(items)
            self.take(_SLOT * len(items))
        elif opcode in (b"s", b"u"):
            self.set_items(self.pop(2) if opcode == b"s" else self.pop_to_mark())
        elif opcode == b"c":
            self.push(self.find(self.line(), self.line()))
        elif opcode == b"Q":
            self.push(self.persistent(self.pop(1)[0]))
        elif opcode == b"R":
            self.call(*self.pop(2))
        elif opcode == b"b":
            self.build(self.pop(1)[0])
        else:
            self.rare(opcode)

    def rare(self, opcode: bytes) -> None:
        """Opcodes that stand once in a file, or are those of newer protocols."""
        if opcode == b"\x8a":
            self.push(int.from_bytes(self.read(self.number("<B")), "little", signed=True))
        elif opcode == b"\x93":
            module, name = self.pop(2)
            if not isinstance(module, str) or not isinstance(name, str):
                raise Refused("the pickle names something that is not a text")
            self.push(self.find(module, name))
        elif opcode == b"\x80":
            if (protocol := self.number("<B")) not in _PROTOCOLS:
                raise Refused(f"it is a pickle of protocol {protocol}, expected {_PROTOCOLS[0]} to {_PROTOCOLS[-1]}")
        elif opcode == b"\x95":  # a frame: how many bytes may be read at once
            self.number("<Q")
        elif opcode in _REFUSED:
            raise Refused(f"the pickle {_REFUSED[opcode]}", STATE_ALONE)
        else:
            raise Refused(f"the pickle has the opcode {opcode!r}, which state_dicts do not need")

    # ------------------------------------------------------------------ what is in the program

    def read(self, count: int) -> bytes:
        data: bytes = self.file.read(min(count, self.size))
        if len(data) < count:
            raise Refused(f"the pickle ends, expected {count - len(data)} bytes more")
        return data

    def number(self, form: str) -> Any:
        return struct.unpack(form, self.read(struct.calcsize(form)))[0]

    def line(self) -> str:
        data: bytes = self.file.readline(_LONGEST_NAME)
        if not data.endswith(b"\n"):
            raise Refused("the pickle names something that does not end")
        return self.text(data[:-1])

    def text(self, data: bytes) -> str:
        try:
            return data.decode()
        except UnicodeDecodeError:
            raise Refused("a text in the pickle is not in UTF-8") from None

    # ------------------------------------------------------------------ the stack

    def take(self, size: int) -> None:
        """Count so many bytes that something new takes."""
        self.room -= size
        if self.room < 0:
            raise Refused(
                f"the lists and numbers would take more memory than the file has bytes, and {_SPARE >> 20} MiB",
                "in PyTorch, save long lists as tensors",
            )

    def push(self, value: Any) -> None:
        self.take(sys.getsizeof(value) + _SLOT)
        self.stack.append(value)

    def pop(self, count: int) -> list[Any]:
        """The last values, none of them below a mark."""
        if len(self.stack) - count < (self.marks[-1] if self.marks else 0):
            raise Refused("the pickle takes from an empty stack")
        values = self.stack[-count:]
        del self.stack[-count:]
        return values

    def pop_to_mark(self) -> list[Any]:
        if not self.marks:
            raise Refused("the pickle takes from an empty stack")
        mark = self.marks.pop()
        values = self.stack[mark:]
        del self.stack[mark:]
        return values

    def last(self, kind: type) -> Any:
        """The last value, which stays on the stack."""
        (value,) = self.pop(1)
        self.stack.append(value)
        if not isinstance(value, kind):
            raise Refused(f"the pickle takes a {type(value).__name__} for a {kind.__name__}")
        return value

    # ------------------------------------------------------------------ what opcodes do

    def put(self, place: int) -> None:
        """Keep the last value. Python numbers the places from 0, and Python 2 from 1."""
        if place > len(self.memo) + 1:
            raise Refused(f"the pickle keeps something at place {place}, expected at most {len(self.memo) + 1}")
        self.take(_ITEM)
        self.memo[place] = self.last(object)

    def get(self, place: int) -> None:
        if place not in self.memo:
            raise Refused("the pickle takes something that it has not kept")
        self.take(_SLOT)
        self.stack.append(self.memo[place])

    def set_items(self, items: list[Any]) -> None:
        """Put keys and values into the dictionary that is last.

        A nested tuple as a key would recurse in its hash, and many large numbers may share their places: the time of a
        dictionary then grows with the square of its length. The hashes of texts cannot be foreseen.
        """
        target, keys = self.last(dict), items[::2]
        if len(items) % 2:
            raise Refused("a dictionary has a key without a value")
        for key in keys:
            if not isinstance(key, str | int | float | None):
                what = f"a {type(key).__name__} as a key, expected texts and numbers"
                raise Refused(f"a dictionary has {what}", STATE_ALONE)
            if isinstance(key, int | float) and not (abs(key) < _SMALL_KEY and key == int(key)):
                self.other_keys -= 1
                if self.other_keys < 0:
                    what = f"more than {_OTHER_KEYS} keys that are numbers from {_SMALL_KEY} or fractions"
                    raise Refused(f"the dictionaries have {what}", "in PyTorch, save them as tensors")
        self.take(_ITEM * len(keys))
        target.update(zip(keys, items[1::2], strict=True))

    def call(self, function: Any, arguments: Any) -> None:
        if not callable(function) or not isinstance(arguments, tuple):
            raise Refused("the pickle calls something that is not a function")
        self.push(function(*arguments))

    def build(self, state: Any) -> None:
        """Set attributes: of an OrderedDict, those that PyTorch gives a state_dict, which hold versions of layers."""
        target = self.last(object)
        if not (isinstance(target, dict) and isinstance(state, dict) and set(state) <= {"_metadata"}):
            raise Refused(f"the pickle sets attributes of a {type(target).__name__}", STATE_ALONE)
