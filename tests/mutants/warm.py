"""Runs the tests of a file many times, in forks of one process that has imported and collected everything.

Most mutants change what a function does. In a fork, the functions that exist already get the changed code, and only the
tests run that call it: first those that have killed other mutants, then the fastest. Which ones do is recorded once,
without a mutant.

What ran before the tests, such as module code and what it calls, cannot be changed any more: such mutants start cold.
"""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import _lru_cache_wrapper
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType, FrameType, FunctionType
from typing import Any

import pytest
import rooms
from cold import OPTIONS
from forks import Work, in_forks
from mutants import Mutant

#: Where a function's code is within that of its module: (1, 0) is the first function in the second.
Place = tuple[int, ...]

#: In place of the number of a test that failed.
PASSED = -1


@dataclass
class Verdicts:
    """For each mutant whether it is killed, None if it has to start cold; the tests, and the seconds they take."""

    killed: list[bool | None]
    order: list[str]  # first those that are likely to kill a mutant soon
    seconds: float


@dataclass
class Shared:
    """Tests that many files are held against, recorded once: the files whose functions they call, and their seconds."""

    files: dict[str, set[str]] = field(default_factory=dict)
    seconds: float = 0.0


@dataclass
class Run:
    """A test without a mutant: its number, what it calls, its seconds, whether it failed while it was recorded."""

    number: int
    called: set[Any]
    seconds: float
    failed: bool


def verdicts(file: Path, paths: list[str], mutants: list[Mutant], shared: Shared, jobs: int) -> Verdicts | None:
    """What these tests say of mutants of a file; None if they fail without any, which is printed.

    minigrad is imported here; it must not have been before.
    """
    trials = _Trials(file, mutants, shared, jobs)
    pytest.main([*OPTIONS, *paths], plugins=[trials])
    return trials.verdicts


def record(paths: list[str]) -> Shared:
    """Which files the tests of these paths call."""
    recording = _Recording()
    pytest.main([*OPTIONS, *paths], plugins=[recording])
    return recording.shared


class _Tests:
    """A plugin of pytest that runs the tests in its own way. What they call is recorded, from the first import on."""

    def __init__(self) -> None:
        self._failures: list[str] = []
        self._ran: dict[int, CodeType] = {}
        sys.settrace(self._note)

    def _note(self, frame: FrameType, event: str, arg: object) -> None:  # noqa: ARG002
        self._ran[id(frame.f_code)] = frame.f_code

    def since_last_asked(self) -> list[CodeType]:
        """The code that ran."""
        sys.settrace(None)
        ran = [*self._ran.values()]
        self._ran.clear()
        return ran

    def called(self, ran: list[CodeType]) -> set[Any]:
        """What is kept of the code that a test ran."""
        raise NotImplementedError

    def recorded(self, items: list[pytest.Item]) -> list[Run]:
        """Every test by itself: what one has set up, or computed for later, is not there for the next."""
        caches = [thing for thing in everything() if isinstance(thing, _lru_cache_wrapper)]
        caches = [cached for cached in caches if cached.__module__.startswith(("minigrad.", "nn."))]
        runs = []
        for number, item in enumerate(items):
            for cached in caches:
                cached.cache_clear()
            began = time.process_time()
            sys.settrace(self._note)
            failed = not self.passes(item)
            called = self.called(self.since_last_asked())
            runs.append(Run(number, called, time.process_time() - began, failed))
        return runs

    def passes(self, item: pytest.Item) -> bool:
        self._failures.clear()
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)
        for failure in self._failures:
            print(failure)
        return not self._failures

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self._failures.append(f"{report.nodeid}\n{report.longreprtext}")


class _Recording(_Tests):
    """Records the files that each test calls."""

    def __init__(self) -> None:
        self.shared = Shared()
        super().__init__()

    def called(self, ran: list[CodeType]) -> set[str]:
        return {code.co_filename for code in ran}

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self.since_last_asked()
        for run in self.recorded(session.items):
            if not run.failed:  # else it is recorded for each file
                self.shared.files[session.items[run.number].nodeid] = run.called
                self.shared.seconds += run.seconds
        return True


class _Trials(_Tests):
    """Tries the mutants of a file."""

    def __init__(self, file: Path, mutants: list[Mutant], shared: Shared, jobs: int) -> None:
        self.file, self.mutants, self.shared, self.jobs = str(file.absolute()), mutants, shared, jobs
        self.code: dict[Place, CodeType] = {}
        self.killers: set[int | None] = set()  # the numbers of tests that have killed a mutant
        self.verdicts: Verdicts | None = None
        load = SourceFileLoader.get_code

        def get_code(loader: SourceFileLoader, name: str) -> CodeType | None:
            code = load(loader, name)
            if code and name == rooms.module_name(file):
                self.code = dict(code_objects(code))
            return code

        SourceFileLoader.get_code = get_code
        super().__init__()

    def called(self, ran: list[CodeType]) -> set[Place]:
        ids = {id(code) for code in ran}
        return {place for place, code in self.code.items() if id(code) in ids}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = [item for item in items if self.file in self.shared.files.get(item.nodeid, {self.file})]

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        before = self.called(self.since_last_asked())
        if session.testsfailed:
            return None  # pytest says what could not be collected
        seconds = time.process_time() + self.shared.seconds
        self.items = session.items
        places = {id(code): place for place, code in self.code.items()}
        functions = [thing for thing in everything() if isinstance(thing, FunctionType)]
        self.functions = [(f, places[id(f.__code__)]) for f in functions if id(f.__code__) in places]
        (recorded,) = in_forks([(lambda: self.recorded(self.items), None)])
        self.runs: list[Run] = sorted(recorded.result or [], key=lambda run: run.seconds)
        # Once more as with mutants: in another order, and without a record.
        (control,) = in_forks([self._work(set(self.code))])
        if recorded.result is None or control.result != PASSED:
            print(recorded.printed, control.printed)
            return True
        changes = [self._change(mutant, before) for mutant in self.mutants]
        killed: list[bool | None] = [None] * len(changes)
        tried = [number for number, change in enumerate(changes) if change]
        for outcome in in_forks((self._work(*change) for change in changes if change), self.jobs):
            killed[tried[outcome.number]] = outcome.result != PASSED
            self.killers.add(outcome.result)
        order = sorted(self.runs, key=lambda run: (not run.called, run.number not in self.killers))
        names = [self.items[run.number].nodeid for run in order]
        self.verdicts = Verdicts(killed, names, seconds + sum(run.seconds for run in order))
        return True

    def _change(self, mutant: Mutant, before: set[Place]) -> tuple[set[Place], dict[Place, CodeType]] | None:
        """The functions that a mutant changes, and the code to replace; None if that would come too late."""
        new = dict(code_objects(mutant.code))
        if new.keys() != self.code.keys():
            return None
        changed = {place for place, code in self.code.items() if own(code) != own(new[place])}
        around = {place[:depth] for place in changed for depth in range(1, len(place) + 1)}
        replaced = [(function, place) for function, place in self.functions if place in around]
        # A function has its cells from when it was made: they are for these variables.
        fits = all(function.__code__.co_freevars == new[place].co_freevars for function, place in replaced)
        if changed & before or not replaced or not fits:
            return None
        return changed, {place: new[place] for place in around}

    def _work(self, changed: set[Place], code: dict[Place, CodeType] | None = None) -> Work:
        """Finds the first test that fails of those that call these functions, which get this code."""
        runs = [run for run in self.runs if run.failed or run.called & changed]
        runs.sort(key=lambda run: run.number not in self.killers)

        def first_failure() -> int:
            for function, place in self.functions:
                if code and place in code:
                    function.__code__ = code[place]
            return next((run.number for run in runs if not self.passes(self.items[run.number])), PASSED)

        return first_failure, 10 + int(5 * sum(run.seconds for run in runs))


def code_objects(code: CodeType, place: Place = ()) -> Iterator[tuple[Place, CodeType]]:
    """That of a module, and of all functions in it."""
    yield place, code
    inner = [constant for constant in code.co_consts if isinstance(constant, CodeType)]
    for i, constant in enumerate(inner):
        yield from code_objects(constant, (*place, i))


def own(code: CodeType) -> tuple[object, ...]:
    """What a function does, without the functions in it, and without its lines and columns."""
    constants = ["" if isinstance(constant, CodeType) else repr(constant) for constant in code.co_consts]
    arguments = code.co_argcount, code.co_posonlyargcount, code.co_kwonlyargcount, code.co_flags
    names = code.co_names, code.co_varnames, code.co_freevars, code.co_cellvars
    return code.co_code, code.co_exceptiontable, constants, arguments, names


def everything() -> list[Any]:
    """All objects, those too that have been frozen after they were collected."""
    gc.unfreeze()
    try:
        return gc.get_objects()
    finally:
        gc.freeze()
