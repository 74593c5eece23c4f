"""The conditions under which figures were measured, printed above them."""

from __future__ import annotations

import gc
import os
import platform
import sys
from importlib.metadata import version
from pathlib import Path

import numpy as np
from timing import ROUNDS, installed

from minigrad.kernels.spatial import onednn

__all__ = ["conditions", "cores", "print_conditions"]

#: With these OpenBLAS computes for another processor than there is: its products may take twice as long.
_OVERRIDES = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")


def cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def conditions() -> dict[str, str]:
    """What figures that are written down are stated with."""
    packages = {"NumPy": "numpy", "PyTorch": "torch"}
    versions = {name: version(package) for name, package in packages.items() if installed(package)}
    return {"processor": _processor(), "cores": str(cores()), "rounds": str(ROUNDS), **versions}


def print_conditions() -> None:
    """Print processor, BLAS and its threads, collector and rounds; warn of what makes figures hard to compare."""
    extras = "with oneDNN" if onednn.can_take(np.ones(1, np.float32)) else "without oneDNN"
    collector = f"on, thresholds {gc.get_threshold()}" if gc.isenabled() else "off"
    print(f"{cores()} cores, Python {platform.python_version()}, NumPy {np.__version__}, {extras}; BLAS: {_blas()}")
    print(f"{ROUNDS} rounds; the garbage collector is {collector}")
    for name in _OVERRIDES:
        if name in os.environ:
            print(f"WARNING: {name}={os.environ[name]} overrides what OpenBLAS finds; unset it", file=sys.stderr)
    busy = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    if busy > 0.5:
        print(f"WARNING: the load is {busy:.1f}: other programs run; trust the minima more", file=sys.stderr)
    print("milliseconds, median (minimum); the ratios are those of the medians (of the minima)", flush=True)


def _blas() -> str:
    """NumPy's BLAS, the processor that it computes for, and its threads."""
    if not installed("threadpoolctl"):
        return "unknown, threadpoolctl is not installed"
    from threadpoolctl import threadpool_info

    found = [library for library in threadpool_info() if library["user_api"] == "blas"]
    return "; ".join(
        f"{library['internal_api']} {library['version']}, kernels for {library.get('architecture', 'unknown')}, "
        f"threads: {library['num_threads']}"
        for library in found
    )


def _processor() -> str:
    """Its name, on Linux."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.machine()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())
