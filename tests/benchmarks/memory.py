"""Peak memory of a training step of the VGG-like network, each engine in its own process (Linux).

``python memory.py minigrad`` prints it in bytes: the peak of the process in three steps, less its memory just before
them, when model and data were already created, and compiled libraries loaded: PyTorch's are at its import, so oneDNN is
here, of which minigrad would load 14 MB in the first step.
"""

from __future__ import annotations

import gc
import subprocess
import sys
from pathlib import Path

import numpy as np
from networks import compiled_step, minigrad_step, torch_step, vgg
from timing import ENGINES, installed

from minigrad.kernels.spatial import onednn


def status(field: str) -> int:
    """A field of /proc/self/status, in bytes."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return 1024 * next(int(line.split()[1]) for line in lines if line.startswith(f"{field}:"))


def peak(engine: str) -> int:
    step = {"minigrad": minigrad_step, "compiled": compiled_step, "torch": torch_step}[engine](vgg)
    onednn.can_take(np.ones(1, np.float32))  # loads it, where it is installed
    gc.collect()
    before = status("VmRSS")
    Path("/proc/self/clear_refs").write_text("5")  # resets the peak
    for _ in range(3):
        step()
    return status("VmHWM") - before


def peak_in_own_process(engine: str) -> int:
    return int(subprocess.run([sys.executable, __file__, engine], check=True, capture_output=True, text=True).stdout)


def print_peaks() -> None:
    engines = ("minigrad", "compiled", *(["torch"] if installed("torch") else []))
    peaks = {engine: peak_in_own_process(engine) for engine in engines}
    of_torch = {
        engine: f" ({peaks[engine] / peaks['torch']:.2f}x PyTorch's)" if "torch" in peaks else "" for engine in peaks
    }
    cells = [
        f"{ENGINES[engine]} {peaks[engine] / 1e6:.1f} MB{of_torch[engine] * (engine != 'torch')}" for engine in peaks
    ]
    print(f"{'VGG-like step, peak memory':<36}{', '.join(cells)}", flush=True)


if __name__ == "__main__":
    print(peak(sys.argv[1]))
