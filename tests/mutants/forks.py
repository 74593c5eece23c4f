"""Work in forks of this process: it shares what was imported, and what it breaks stays in it."""

from __future__ import annotations

import os
import pickle
import resource
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import IO, Any

#: A function, and the seconds of the processor that it may take, if there is a limit.
Work = tuple[Callable[[], Any], int | None]


@dataclass
class Outcome:
    """What the work with this number returned, None if its process broke off, and what it printed."""

    number: int
    result: Any
    printed: str
    cpu_seconds: float


@dataclass
class _Fork:
    number: int
    result: IO[bytes] = field(default_factory=tempfile.TemporaryFile)
    printed: IO[bytes] = field(default_factory=tempfile.TemporaryFile)

    def start(self, work: Callable[[], Any], cpu_seconds: int | None) -> int:
        if child := os.fork():
            return child
        try:
            if cpu_seconds:
                resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))  # a mutant may run for ever
                signal.alarm(900 + 10 * cpu_seconds)  # or wait for ever; others may keep the processor
            resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
            os.dup2(self.printed.fileno(), 1)
            os.dup2(self.printed.fileno(), 2)
            result = work()
            sys.stdout.flush()
            pickle.dump(result, self.result)
            self.result.flush()
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(0)

    def outcome(self, cpu_seconds: float) -> Outcome:
        with self.result, self.printed:
            self.result.seek(0)
            self.printed.seek(0)
            written = self.result.read()
            result = pickle.loads(written) if written else None
            return Outcome(self.number, result, self.printed.read().decode(errors="replace"), cpu_seconds)


def in_forks(works: Iterable[Work], jobs: int = 1) -> Iterator[Outcome]:
    """Does works, this many at a time, and gives what came of each as soon as it ends."""
    running: dict[int, _Fork] = {}

    def next_outcome() -> Outcome:
        child, _, usage = os.wait4(-1, 0)
        return running.pop(child).outcome(usage.ru_utime + usage.ru_stime)

    for number, (work, cpu_seconds) in enumerate(works):
        if len(running) == jobs:
            yield next_outcome()
        fork = _Fork(number)
        running[fork.start(work, cpu_seconds)] = fork
    while running:
        yield next_outcome()
