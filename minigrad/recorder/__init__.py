"""How arrays that are being recorded make themselves known to operations and kernels; these know of no programs."""

from minigrad.recorder.protocol import also_noted as also_noted
from minigrad.recorder.protocol import noting_signals as noting_signals
from minigrad.recorder.protocol import recordable as recordable
from minigrad.recorder.protocol import recorder_of as recorder_of

__all__ = ["also_noted", "noting_signals", "recordable", "recorder_of"]
