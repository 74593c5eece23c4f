"""The formats of files, told by their first bytes: what is not read is named, with what to do about it."""

from __future__ import annotations

import os
import zipfile
from contextlib import suppress

from nn.serialization.damaged_file import DamagedFileError
from nn.serialization.open_file import open_file, read_exactly

__all__ = ["is_npz"]

_IN_PYTORCH = "in PyTorch, write safetensors.torch.save_file(model.state_dict(), path)"
_IN_KERAS = "in Keras, write numpy.savez(path, **arrays) with the weights by their names here"
_PICTURE = "pass the file of weights here, and the picture to nn.predict(model, path)"

#: Formats that are told by their first bytes, and what to do with them.
_OTHERS = {
    b"\x93NUMPY": ("a single array of NumPy", "save the arrays by name: np.savez(path, **arrays)"),
    **dict.fromkeys((b"\xff\xd8\xff", b"\x89PNG"), ("a picture", _PICTURE)),
    b"\x89HDF": ("an HDF5 file, as Keras writes them", _IN_KERAS),
    **{bytes([0x80, protocol]): ("a pickle, which can run any program", _IN_PYTORCH) for protocol in (2, 3, 4, 5)},
}


def is_npz(path: str | os.PathLike[str]) -> bool:
    """Whether it is a zip archive of arrays; a DamagedFileError for formats of other programs."""
    with open_file(path) as (file, size):
        start = read_exactly(path, file, min(size, 9))
        if start[8:] == b"{" and int.from_bytes(start[:8], "little") <= size:
            return False  # a safetensors file, whatever its length looks like
        for first, (kind, hint) in _OTHERS.items():
            if start.startswith(first):
                raise DamagedFileError(path, 0, f"it is {kind}, expected safetensors or npz", hint)
        if not start.startswith(b"PK"):
            return False
        names: list[str] = []
        with suppress(zipfile.BadZipFile, ValueError, NotImplementedError, OSError), zipfile.ZipFile(file) as archive:
            names = archive.namelist()
    if any(name.endswith("/data.pkl") for name in names):
        raise DamagedFileError(path, 0, "it is a pickle of PyTorch, expected safetensors or npz", _IN_PYTORCH)
    if "model.weights.h5" in names:
        raise DamagedFileError(path, 0, "it is a model of Keras, expected safetensors or npz", _IN_KERAS)
    return True
