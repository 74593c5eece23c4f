"""Which files belong to a room, and which tests a file is held against: tests mirror the packages."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path

#: Tests of all tables together.
EVERY_RULE = [
    "tests/minigrad/core/test_dispatch.py",
    *(f"tests/minigrad/promises/test_{subject}.py" for subject in ("ties", "nonfinite", "slopes", "empty", "types")),
    "tests/minigrad/promises/numbers",
    "tests/minigrad/rules/test_range.py",
    "tests/minigrad/core/implicit_exits/test_settings.py",
    "tests/minigrad/array_checks/test_lossy.py",
    "tests/minigrad/test_unsupported.py",  # the hints of errors
    "tests/nn/analysis",  # how an operation treats axes
]

#: Rooms whose tests are in another folder, too.
_ALSO = {
    "minigrad/notation": ["tests/minigrad/walkthrough"],
    "minigrad/axis_map": ["tests/nn/analysis"],
    "minigrad/device": ["tests/gpu"],
    "minigrad/methods": ["tests/minigrad/core"],
    "minigrad/pytree": ["tests/minigrad/transforms"],
    "minigrad/rules/elementwise/hyperbolic": ["tests/minigrad/rules/elementwise/test_complex.py"],  # branch cuts
    "minigrad/rules/manipulation/indexing": ["tests/minigrad/core/implicit_exits"],  # np.poly1d
    "minigrad/rules/manipulation/select": ["tests/minigrad/drawing/graph"],
    "minigrad/rules/reductions/nan_reductions": ["tests/minigrad/rules/reductions/test_quantiles.py"],
    "minigrad/rules/reductions/quantiles": ["tests/minigrad/rules/reductions/test_nan_reductions.py"],
    "minigrad/rules/multi_output_primitive": ["tests/gpu/test_registry.py"],
    "minigrad/rules/nondifferentiable": ["tests/minigrad/drawing/graph"],  # what a recording keeps
    "minigrad/rules/normalization/local_response_norm": ["tests/nn/layers/normalization"],  # receptive fields
    "minigrad/rules/normalization/standardize": ["tests/nn/layers/normalization"],
    "minigrad/rules/spatial/pool_arguments": ["tests/minigrad/rules/test_looked_up.py"],
    "minigrad/unsupported": ["tests/minigrad/core"],
    "minigrad/user_frame": ["tests/minigrad/walkthrough"],
    "minigrad/walkthrough": ["tests/minigrad/notation"],
}

#: Outside the rules, tests over every operation run on the samples of a few tables.
_FEW = ["elementwise/arithmetic", "elementwise/activations", "reductions/sum", "linalg/matmul", "manipulation/shape"]


@dataclass
class Tests:
    """Test files, and the files of samples for the tests over every operation.

    The files run in stages: most mutants die in the first, and then the later ones are not even collected.
    """

    stages: list[list[str]]
    samples: list[str]

    def __post_init__(self) -> None:
        seen: set[str] = set()
        for stage in self.stages:
            stage[:] = [path for path in dict.fromkeys(stage) if path not in seen]
            seen |= set(stage)


def name(file: Path) -> str:
    """The name of a file's room: rules/reductions/sum, nn/layers/linear."""
    return file.with_suffix("").as_posix().removeprefix("minigrad/")


def files(room: str) -> list[Path]:
    """The files of a room: rules/reductions/sum, notation, nn/layers, minigrad/notation/typeset.py."""
    for path in (Path("minigrad", room.removesuffix(".py")), Path(room.removesuffix(".py"))):
        if (file := path.with_suffix(".py")).is_file():
            return [file]
        if path.is_dir():
            return sorted(file for file in path.rglob("[a-z]*.py"))
    raise SystemExit(
        f"there is no room {room!r}: give a file or folder of minigrad or nn, such as rules/reductions/sum"
    )


def tests_of(file: Path) -> Tests:
    """A file's own tests, those of the rules that use it, and those of its room."""
    also = _ALSO.get(file.with_suffix("").as_posix(), [])
    registry = [f"tests/minigrad/rules/test_registry{law}.py" for law in ("", "_complex", "_dtypes")]
    if _samples(file):
        own = [*(_own(file) or _folder(file)), *registry]
        return Tests([own, [*_of_helpers(file), *EVERY_RULE, *also]], [_table(file)])
    if file.is_relative_to("minigrad/rules") or file.is_relative_to("minigrad/kernels"):
        tables = _users(file)
        of_users = [path for table in tables for path in _own(table)]
        own = _own(file) or _folder(file)
        return Tests([[*own, *also], registry, of_users, [*EVERY_RULE]], [*map(_table, tables)])
    room = Path(*file.parts[:2]).with_suffix("")
    folder = sorted(Path("tests", room).rglob("test_*.py"))
    whole = [str(path) for path in folder] or _folder(file)
    return Tests([_own(file), whole, [*also, *_ALSO.get(room.as_posix(), [])]], _FEW)


def _own(file: Path) -> list[str]:
    """The tests of a file: test_max_pool.py, and test_max_pool_ties.py, of max_pool.py."""
    folder = Path("tests", file.parent)
    return [str(path) for pattern in ("", "_*") for path in sorted(folder.glob(f"test_{file.stem}{pattern}.py"))]


def _folder(file: Path) -> list[str]:
    """The tests in the folder of a file that has none of its own."""
    return [str(path) for path in sorted(Path("tests", file.parent).glob("test_*.py"))]


def _of_helpers(file: Path) -> list[str]:
    """The tests of what a table imports from its shelf: those of arguments of losses call all of them."""
    shelf = Path(*file.parts[:3])
    helpers = [other for other in sorted(shelf.rglob("[a-z]*.py")) if module_name(other) in _imports()[file]]
    return [path for helper in helpers if not _samples(helper) for path in _own(helper)]


def _table(file: Path) -> str:
    return file.relative_to("minigrad/rules").with_suffix("").as_posix()


def _samples(file: Path) -> bool:
    return file.is_relative_to("minigrad/rules") and Path("tests/samples", _table(file)).with_suffix(".py").is_file()


def _users(file: Path) -> list[Path]:
    """The tables of rules that import a helper or a kernel, by way of other helpers, too; its namesake is the first."""
    found: list[Path] = []
    asked = {module_name(file)}
    queue = [module_name(file)]
    while queue:
        module = queue.pop(0)
        for user, imports in _imports().items():
            if module not in imports or module_name(user) in asked:
                continue
            asked.add(module_name(user))
            if _samples(user):
                found.append(user)
            else:
                queue.append(module_name(user))
    return sorted(found, key=lambda user: user.stem != file.stem)


def module_name(file: Path) -> str:
    return ".".join(file.with_suffix("").parts)


@cache
def _imports() -> dict[Path, set[str]]:
    """The modules that each file of rules and kernels imports."""
    found = {}
    for folder in ("rules", "kernels"):
        for file in sorted(Path("minigrad", folder).rglob("[a-z]*.py")):
            found[file] = names = set()
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.ImportFrom) and node.module:
                    names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found
