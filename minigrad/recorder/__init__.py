"""How arrays that are being recorded make themselves known to operations and kernels; these know of no programs.

`protocol` is for what is computed with them, `outside` for what a function uses besides its arguments.
"""

from minigrad.recorder.outside import Draws as Draws
from minigrad.recorder.outside import again_for_backward as again_for_backward
from minigrad.recorder.outside import called as called
from minigrad.recorder.outside import drawn as drawn
from minigrad.recorder.outside import effect as effect
from minigrad.recorder.outside import given as given
from minigrad.recorder.outside import holds_while as holds_while
from minigrad.recorder.outside import name_of as name_of
from minigrad.recorder.outside import updating as updating
from minigrad.recorder.outside import writer as writer
from minigrad.recorder.outside import writers as writers
from minigrad.recorder.protocol import also_noted as also_noted
from minigrad.recorder.protocol import noting_signals as noting_signals
from minigrad.recorder.protocol import recordable as recordable
from minigrad.recorder.protocol import recorder_of as recorder_of
from minigrad.recorder.snapshot import snapshot as snapshot

__all__ = [
    "Draws",
    "again_for_backward",
    "also_noted",
    "called",
    "drawn",
    "effect",
    "given",
    "holds_while",
    "name_of",
    "noting_signals",
    "recordable",
    "recorder_of",
    "snapshot",
    "updating",
    "writer",
    "writers",
]
