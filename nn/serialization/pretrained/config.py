"""config.json: the name of a class and the arguments of its constructor. It never says what code to run."""

from __future__ import annotations

import hashlib
import json
import os
from inspect import Parameter, signature
from typing import Any, NamedTuple, NoReturn

import minigrad as mg
from nn.printed_text import printable
from nn.serialization.damaged_file import DamagedFileError
from nn.serialization.header import without_duplicates
from nn.serialization.open_file import open_file, read_exactly

__all__ = ["Config", "read_config", "require_arguments"]

_FORMAT = "minigrad.pretrained.1"
_LONGEST = 1_000_000  # bytes
_KEYS = ("format", "class", "arguments")
_SEVERAL: dict[Any, type] = {Parameter.VAR_POSITIONAL: list, Parameter.VAR_KEYWORD: dict}  # of *args and **kwargs


class Config(NamedTuple):
    """What config.json has, and its bytes, for errors."""

    name: str
    arguments: dict[str, Any]
    raw: bytes = b""

    def as_bytes(self) -> bytes:
        """The contents of the file."""
        content = dict(zip(_KEYS, (_FORMAT, self.name, self.arguments), strict=True))
        return f"{json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False)}\n".encode()

    def digest(self) -> str:
        """A checksum of what is in it, however it is written."""
        return hashlib.sha256(json.dumps([self.name, self.arguments], sort_keys=True).encode()).hexdigest()

    def at(self, name: str) -> int:
        """The byte at which a name stands in the file."""
        return max(self.raw.find(json.dumps(name, ensure_ascii=False).encode("utf-8", "replace")), 0)


def read_config(path: str | os.PathLike[str]) -> Config:
    """Read config.json.

    Raises:
        DamagedFileError: if it is not in order.
        OSError: if it cannot be read.
    """
    with open_file(path) as (file, size):
        if size > _LONGEST:
            raise DamagedFileError(path, 0, f"it has {size} bytes, expected at most {_LONGEST}")
        raw = read_exactly(path, file, size)
    found = _json(path, raw)
    if not isinstance(found, dict) or found.get("format") != _FORMAT:
        hint = "save_pretrained writes one; for weights of another library, construct the model and use nn.load"
        raise DamagedFileError(path, 0, f"it is not of the format {_FORMAT}", hint)
    name, arguments = found.get("class"), found.get("arguments")
    if set(found) != set(_KEYS) or not isinstance(name, str) or not isinstance(arguments, dict):
        raise DamagedFileError(path, 0, f"it does not have exactly {', '.join(_KEYS)}: two texts and a dictionary")
    return Config(name, arguments, raw)


def require_arguments(path: str | os.PathLike[str], config: Config, cls: type) -> None:
    """Compare a config with the class that is to be constructed.

    Raises:
        DamagedFileError: if it is the config of another class, or its arguments are not those of the constructor.
    """

    def refuse(name: str, problem: str, *hint: str) -> NoReturn:
        raise DamagedFileError(path, config.at(name), problem, *hint)

    if config.name != cls.__name__:
        name = printable(config.name[:80])
        refuse(
            config.name,
            f"it is the config of {name}, and {cls.__name__} was asked for",
            f"write {name}.from_pretrained(folder)",
        )
    parameters = signature(cls).parameters
    for name in config.arguments:
        if name not in parameters:
            close = mg.unsupported.closest(name, parameters)
            refuse(
                name,
                f"{cls.__name__} has no argument {printable(name[:80])}",
                f"did you mean {close}?" if close else f"it has {', '.join(parameters) or 'none'}",
            )
    for name, parameter in parameters.items():
        several = _SEVERAL.get(parameter.kind)
        if name in config.arguments:
            if several is not None and not isinstance(config.arguments[name], several):
                refuse(name, f"the argument {name} is not a {several.__name__}")
        elif parameter.default is Parameter.empty and several is None:
            refuse("arguments", f"the argument {name} of {cls.__name__} is missing")


def _json(path: Any, raw: bytes) -> Any:
    try:
        return json.loads(raw.decode(), object_pairs_hook=without_duplicates, parse_constant=_refuse)
    except UnicodeDecodeError as error:
        raise DamagedFileError(path, error.start, "it is not in UTF-8") from None
    except json.JSONDecodeError as error:
        raise DamagedFileError(path, len(error.doc[: error.pos].encode()), f"it is not JSON ({error.msg})") from None
    except (ValueError, RecursionError) as error:
        raise DamagedFileError(path, 0, f"it has {printable(str(error)[:200])}") from None


def _refuse(text: str) -> NoReturn:
    raise ValueError(f"the number {text}, which JSON does not have")
