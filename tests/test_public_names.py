"""The public names of minigrad and nn: each is an ordinary object, and tab completion offers nothing else."""

from __future__ import annotations

import copy
import functools
import inspect
import pickle
import pydoc
import re
import subprocess
import sys
from types import ModuleType
from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn
from tests.helpers.parametrized.for_each import for_each

PACKAGES = [mg, nn, nn.attribution, nn.callbacks, nn.data, nn.distributed, nn.init, nn.metrics, nn.optim, nn.plot]
PUBLIC = {
    f"{package.__name__}.{name}": value
    for package in PACKAGES
    for name in package.__all__
    if not isinstance(value := getattr(package, name), ModuleType)
}
every_public_name = for_each(
    "name",
    {p.__name__: [name for name in PUBLIC if name.rpartition(".")[0] == p.__name__] for p in PACKAGES},
    "package",
)


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.__name__)
def test_tab_completion_offers_the_public_names_alone(package: Any) -> None:
    assert dir(package) == sorted(package.__all__)
    assert len(set(package.__all__)) == len(package.__all__)
    assert not [name for name in package.__all__ if name.startswith("_")]
    imported = {
        name for name, value in vars(package).items() if not name.startswith("_") and not inspect.ismodule(value)
    }
    assert imported <= set(package.__all__)
    modules = [name for name in package.__all__ if isinstance(getattr(package, name), ModuleType)]
    assert modules == (
        ["attribution", "callbacks", "data", "distributed", "init", "metrics", "optim", "plot"] if package is nn else []
    )


def test_a_name_that_there_is_not_is_refused_with_the_closest() -> None:
    for name, meant in {"tensor": "Tensor", "sigmod": "sigmoid", "Exp": "exp"}.items():
        with pytest.raises(AttributeError, match=rf"no attribute '{name}'; did you mean mg\.{meant}\?"):
            getattr(mg, name)
    assert not hasattr(mg, "frobnicate_entirely")
    assert not hasattr(mg, "_tensor")


@every_public_name
def test_it_has_a_signature_and_help(name: str) -> None:
    value = PUBLIC[name]
    signature = inspect.signature(value)
    assert inspect.getdoc(value)
    assert value.__name__ == value.__qualname__ == name.rpartition(".")[2] or value is getattr(
        mg, value.__name__
    )  # an alias: mg.mod is mg.remainder
    assert value.__module__.split(".")[0] in ("minigrad", "nn")
    text = pydoc.plain(pydoc.render_doc(value))
    assert value.__name__ in text
    if not inspect.isclass(value):
        assert all(parameter in text for parameter in signature.parameters)
        assert inspect.getdoc(value).splitlines()[0] in text  # type: ignore[union-attr]


@every_public_name
def test_its_docstring_has_bars_in_literals_alone(name: str) -> None:
    """In the reference, |x| would be a substitution: an absolute value is written ``|x|``."""
    prose = re.sub(r"``.*?``", "", inspect.getdoc(PUBLIC[name]) or "", flags=re.DOTALL)
    assert not [line for line in prose.splitlines() if "|" in line and not line.startswith((">>>", "..."))]


@every_public_name
def test_it_is_pickled_and_copied_as_itself(name: str) -> None:
    value = PUBLIC[name]
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        assert pickle.loads(pickle.dumps(value, protocol)) is value
    assert copy.copy(value) is value
    assert copy.deepcopy(value) is value
    held = pickle.loads(pickle.dumps({"activation": [value]}))
    assert held["activation"][0] is value


@every_public_name
def test_it_can_be_wrapped(name: str) -> None:
    value = PUBLIC[name]

    @functools.wraps(value, updated=())
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        return value(*args, **kwargs)

    assert (wrapped.__name__, wrapped.__module__, wrapped.__doc__) == (value.__name__, value.__module__, value.__doc__)
    assert inspect.signature(wrapped) == inspect.signature(value)


@pytest.mark.parametrize("operation", [o for o in PUBLIC.values() if isinstance(o, mg.Unary | mg.Binary)])
def test_operations_of_one_and_two_arguments_show_as_many(operation: Any) -> None:
    parameters = inspect.signature(operation).parameters.values()
    required = [p for p in parameters if p.default is p.empty]
    assert len(required) == (1 if isinstance(operation, mg.Unary) else 2)
    assert all(p.kind is not p.VAR_POSITIONAL for p in parameters)


def test_what_signatures_show() -> None:
    assert str(inspect.signature(mg.exp)) == "(x)"
    assert str(inspect.signature(mg.multiply)) == "(x, y)"
    assert list(inspect.signature(mg.gelu).parameters) == ["x", "approximate"]
    assert inspect.getsourcefile(inspect.unwrap(mg.gelu)).endswith("activations.py")  # type: ignore[union-attr]
    assert mg.relu.__module__ == "minigrad.rules.elementwise.activations"


def test_an_operation_is_pickled_in_one_process_and_loaded_in_another() -> None:
    stored = pickle.dumps([mg.relu, mg.gelu, mg.concat, nn.Conv2d])
    program = f"import pickle; print(*[f.__name__ for f in pickle.loads({stored!r})])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["relu", "gelu", "concat", "Conv2d"]


# ---------------------------------------------------------------- a user's primitive


@mg.primitive(lambda y_bar, y, x, scale=2.0: y_bar * scale)
def scaled(x: Any, scale: float = 2.0) -> Any:
    """x times a number."""
    return x * scale


def test_a_primitive_of_a_user_is_an_ordinary_object() -> None:
    assert str(inspect.signature(scaled)) == "(x, /, *, scale=2.0)"
    assert (scaled.__name__, scaled.__module__, scaled.__doc__) == ("scaled", __name__, "x times a number.")
    assert inspect.getsourcefile(inspect.unwrap(scaled)) == __file__
    assert pickle.loads(pickle.dumps(scaled)) is scaled
    assert copy.deepcopy([scaled])[0] is scaled
    assert "x times a number." in pydoc.plain(pydoc.render_doc(scaled))


def test_a_primitive_of_a_user_that_is_not_defined_where_it_is_loaded() -> None:
    stored = pickle.dumps(scaled).replace(b"scaled", b"scalez")
    with pytest.raises(LookupError, match=r"pickle: no operation .*test_public_names\.scalez'; run its definition"):
        pickle.loads(stored)
    with pytest.raises(LookupError, match=r"pickle: no operation .*'exz'; another version of minigrad"):
        pickle.loads(pickle.dumps(mg.exp).replace(b"exp", b"exz"))


@pytest.mark.parametrize("name", ["getitem", "scatter", "lower_half", "row", "less", "exp", "sum", "softsign"])
def test_a_primitive_of_a_user_may_have_any_name(name: str) -> None:
    """Also one that minigrad has, or gets one day: neither takes the place of the other."""
    before = getattr(mg, name, None)
    mine = mg.Unary(name, lambda x: 3 * x, lambda y_bar, y, x: 3 * y_bar)
    assert getattr(mg, name, None) is before
    assert pickle.loads(pickle.dumps(mine)) is mine
    assert before is None or pickle.loads(pickle.dumps(before)) is before
    mg.check_grads(mine, [0.5, -1.5], order=2)
    built_in = mg.Unary(f"later_{name}", np.exp, lambda y_bar, y, x: y_bar * y, module="minigrad.rules.later")
    users = mg.Unary(f"later_{name}", lambda x: 3 * x, lambda y_bar, y, x: 3 * y_bar)
    assert pickle.loads(pickle.dumps(built_in)) is built_in
    assert pickle.loads(pickle.dumps(users)) is users


def test_two_libraries_may_have_operations_of_one_name() -> None:
    one, other = (
        mg.Unary("swish_of_two", np.exp, lambda y_bar, y, x: y_bar * y, module=module) for module in ("one", "other")
    )
    assert pickle.loads(pickle.dumps(one)) is one
    assert pickle.loads(pickle.dumps(other)) is other
