"""Runs the tests of a file from nothing: minigrad is imported with the mutant in the file's place."""

from __future__ import annotations

from importlib.machinery import SourceFileLoader
from pathlib import Path

import pytest
import rooms
from mutants import Mutant

OPTIONS = [
    *("-xq", "--tb=native", "-oaddopts=", "-pno:cacheprovider", "-pno:unraisableexception"),
    *("-m", "not oracle and not slow"),
    # These ask for the samples of all operations.
    "--deselect=tests/minigrad/rules/test_registry.py::test_every_operation_has_samples",
    "--deselect=tests/minigrad/walkthrough/formats/test_latex.py::test_a_formula_of_every_operation",
    # Time is not measured in a fork, whose memory is copied page by page, and beside other mutants.
    "--deselect=tests/minigrad/kernels/spatial/test_onednn.py::test_no_thread_spins_long_after_a_call",
    "--deselect=tests/minigrad/transforms/test_many_arrays.py",
    "--deselect=tests/minigrad/walkthrough/test_many_operations.py",
    "--deselect=tests/nn/test_many_layers.py",
    # Its processes would not have the mutant.
    "--deselect=tests/minigrad/kernels/spatial/test_convolution.py::test_infinity_gives_no_warning_whatever_the_processor",
    "--deselect=tests/nn/serialization/test_checkpoint_failures.py::test_processes",
]


class _InOrder:
    """A plugin of pytest: of the tests that it collects, those that are named come first, in this order."""

    def __init__(self, order: list[str]) -> None:
        self.rank = {test: rank for rank, test in enumerate(order)}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items.sort(key=lambda item: self.rank.get(item.nodeid, len(self.rank)))


def passes(file: Path, paths: list[str], mutant: Mutant, order: list[str]) -> bool:
    """Whether these tests pass, in this process, in which minigrad has not been imported."""
    unchanged = SourceFileLoader.get_code
    module = rooms.module_name(file)
    SourceFileLoader.get_code = lambda self, name: mutant.code if name == module else unchanged(self, name)
    code = pytest.main([*OPTIONS, *paths], plugins=[_InOrder(order)])
    return code in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED)
