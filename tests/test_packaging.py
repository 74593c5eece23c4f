"""The wheel that users install: two typed packages that need NumPy alone."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from email import message_from_string
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (file,) = folder.glob("*.whl")
    return zipfile.ZipFile(file)


def python(code: str) -> str:
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_wheel_holds_both_packages_and_nothing_else(wheel: zipfile.ZipFile) -> None:
    inside = {name.split("/")[0] for name in wheel.namelist()}
    assert {name for name in inside if not name.endswith(".dist-info")} == {"minigrad", "nn"}


@pytest.mark.parametrize("package", ["minigrad", "nn"])
def test_the_wheel_holds_every_module_and_py_typed(wheel: zipfile.ZipFile, package: str) -> None:
    modules = {file.relative_to(ROOT).as_posix() for file in (ROOT / package).rglob("*.py")}
    assert modules | {f"{package}/py.typed"} <= set(wheel.namelist())


def test_both_packages_import_from_the_wheel(wheel: zipfile.ZipFile, tmp_path: Path) -> None:
    wheel.extractall(tmp_path)
    output = python(f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import minigrad, nn; print(minigrad, nn)")
    assert output.count(str(tmp_path)) == 2


def test_the_metadata_of_the_wheel(wheel: zipfile.ZipFile) -> None:
    (file,) = (name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
    metadata = message_from_string(wheel.read(file).decode())
    assert metadata["Name"] == "minigrad-autograd"
    assert metadata["License-Expression"] == "MIT"
    assert [need for need in metadata.get_all("Requires-Dist", []) if "extra ==" not in need] == ["numpy>=2.0"]
    assert any(name.endswith("/LICENSE") for name in wheel.namelist())


@pytest.mark.parametrize("package", ["minigrad", "nn"])
def test_an_import_needs_numpy_alone(package: str) -> None:
    output = python(
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); before = set(sys.modules); import {package}; "
        "print(*{name.split('.')[0] for name in set(sys.modules) - before} - sys.stdlib_module_names)"
    )
    imported = {name for name in output.split() if "cython" not in name}  # NumPy's compiled parts
    assert imported == {"numpy", "minigrad", package}


def test_a_training_imports_no_derivation() -> None:
    """`minigrad` is imported in less time without it; all of its names are there when they are asked for."""
    output = python(
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); import minigrad as mg; "
        "x = mg.Tensor(3.0, requires_grad=True); L = x * x; "
        "L.backward(retain_graph=True); "
        "print(*[name for name in sys.modules if name.startswith(('minigrad.notation', 'minigrad.walkthrough'))]); "
        "print(type(mg.explain(L)) is mg.Walkthrough, all(hasattr(mg, name) for name in mg.__all__))"
    )
    assert output == "\nTrue True\n"


def test_no_text_says_to_install_the_other_project_of_the_same_name() -> None:
    """On the package index, minigrad is another project; ours is minigrad-autograd."""
    wrong = re.compile(r"pip3? install (-\S+ )*[\"']?minigrad(?!-autograd)")
    folders = [ROOT / name for name in ("minigrad", "nn", "examples", "docs", "tests")]
    files = [*ROOT.glob("*.md"), ROOT / "Makefile", ROOT / "pyproject.toml"]
    files += [file for folder in folders for file in folder.rglob("*") if file.suffix in (".py", ".md", ".ipynb")]
    assert len(files) > 50
    assert [file for file in files if wrong.search(file.read_text(encoding="utf-8"))] == []
