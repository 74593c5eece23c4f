"""A program in a file: a module of its own, which gives the same numbers in another process."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import minigrad as mg
from minigrad.program.compiled import compile
from tests.minigrad.program import own_operation


def network(W: Any, b: Any, x: Any, t: Any) -> Any:
    z = x @ mg.transpose(W) + b
    return mg.cross_entropy(own_operation.doubled(z), t)


def run(folder: Path, code: str, **environment: str) -> str:
    found = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, env={**os.environ, **environment}
    )
    assert found.returncode == 0, found.stderr
    return found.stdout


def test_the_same_numbers_in_a_fresh_process(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    args = rng.normal(size=(4, 3)), rng.normal(size=4), rng.normal(size=(5, 3)), rng.integers(0, 4, 5)
    compiled = compile(mg.value_and_grad(network, argnums=(0, 1)))
    value, (W_bar, b_bar) = compiled(*args)
    compiled.save(tmp_path / "program.py")
    np.savez(tmp_path / "args.npz", *args)
    code = """
import numpy as np
from program import network
with np.load("args.npz") as file:
    value, (W_bar, b_bar) = network(*(file[name] for name in file))
np.savez("found.npz", value, W_bar, b_bar)
try:
    network(np.ones((4, 3)), np.ones(4), np.ones((6, 3)), np.zeros(6, int))
except ValueError as error:
    print(error)
"""
    printed = run(tmp_path, code, PYTHONPATH=os.pathsep.join(p for p in sys.path if p))
    assert "the argument x is float64 (6, 3), and the program was written for float64 (5, 3)" in printed
    with np.load(tmp_path / "found.npz") as file:
        for found, expected in zip((file[name] for name in file), (value, W_bar, b_bar), strict=True):
            np.testing.assert_array_equal(found, expected)


def test_numpy_alone_where_that_is_enough(tmp_path: Path) -> None:
    def loss(w: Any, x: Any, p: Any) -> Any:
        return mg.sum((mg.tanh(w * x) - p["t"]) ** 2) / 3

    compiled = compile(mg.value_and_grad(loss))
    value, w_bar = compiled(np.float64(0.5), np.array([1.0, 2.0]), {"t": np.array([0.0, 1.0])})
    compiled.save(tmp_path / "program.py")
    assert "minigrad." not in compiled.source.split('"""')[2]
    code = """
import sys
import numpy as np
from program import loss
print(*[float(x) for x in loss(np.float64(0.5), np.array([1.0, 2.0]), {"t": np.array([0.0, 1.0])})])
assert "minigrad" not in sys.modules
"""
    assert run(tmp_path, code).split() == [str(float(value)), str(float(w_bar))]


def test_what_another_process_would_not_find_is_not_saved(tmp_path: Path) -> None:
    @mg.primitive(lambda y_bar, y, x: y_bar)
    def local(x: Any) -> Any:
        return x + 1.0

    large = np.random.default_rng(0).normal(size=(40, 40))
    compiled = compile(lambda x: local(x) @ large)
    x = np.ones((2, 40))
    np.testing.assert_array_equal(compiled(x), local(x) @ large)
    with pytest.raises(
        RuntimeError, match=r"cannot be saved; it needs constant_1, a constant array of shape \(40, 40\)"
    ):
        compiled.save(tmp_path / "program.py")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("namespace", [{}, {"__name__": None}], ids=["without", "None"])
@pytest.mark.parametrize("style", ["readable", "fast"])
def test_what_exec_defined_without_the_name_of_a_module(namespace: dict[str, Any], style: str) -> None:
    """Functions, operations and modules of a namespace without ``__name__`` have the module ``None``."""
    text = """
import numpy as np, minigrad as mg, nn

@mg.primitive(lambda y_bar, y, x: y_bar * 2 * x)
def squared_of_exec(x):
    return x * x

class Layer(nn.Module):
    def __init__(self):
        self.w = nn.Parameter(np.full(3, 2.0))
    def forward(self, x):
        return mg.sum(squared_of_exec(x * self.w))

layer = Layer()

def loss(x):
    return layer(x) + mg.sum(squared_of_exec(x))
"""
    namespace = dict(namespace)
    exec(text, namespace)
    x = np.arange(3.0)
    loss, operation = namespace["loss"], namespace["squared_of_exec"]
    assert operation.__module__ == "__main__"
    assert pickle.loads(pickle.dumps(operation)) is operation
    compiled = mg.compile(mg.value_and_grad(loss), style=style)
    for x in (np.arange(3.0), np.ones(3)):
        for found, expected in zip(compiled(x), mg.value_and_grad(loss)(x), strict=True):
            np.testing.assert_array_equal(found, expected)
    with pytest.raises(RuntimeError, match="cannot be saved"):
        compiled.save("unwritten.py")
