"""``np.array([s, t])`` of Tensors that require gradients: NumPy copies their numbers, and their graph ends there.

``np.asarray(t)`` is somebody's wish, for a picture perhaps, and is free. NumPy asks a Tensor in the same way whether it
is the argument or an element of a list. But the array of an argument is handed on, and that of an element dropped
after it has been copied, within the instruction that asked for it. Of an element that is a single number, NumPy asks
for the array, to learn its shape, and then for the number.
"""

from __future__ import annotations

import sys
import weakref
from dataclasses import dataclass
from functools import partial
from types import CodeType, FrameType
from typing import Any

from minigrad.core.implicit_exits.lost_gradient_warning import described_call
from minigrad.core.implicit_exits.silent_functions import outside_numpy
from minigrad.user_frame import calling, is_installed, is_ours, warn

__all__ = ["has_been_asked", "note_question", "number_asked", "watch_array"]


@dataclass(eq=False)
class _Instruction:
    """An instruction that asks Tensors for their arrays, one after the other."""

    code: CodeType | None
    frame: int  # its identity: the frame itself would keep all local variables alive
    offset: int
    questions: int = 0
    warned: bool = False

    def runs_in(self, frame: FrameType) -> bool:
        return self.code is frame.f_code and self.frame == id(frame) and self.offset == frame.f_lasti


_latest = _Instruction(None, 0, 0)

#: References to arrays, kept until these are dropped: a weak reference that is dropped before calls nothing.
_references: dict[int, Any] = {}

#: What takes a single Tensor, and drops its array.
_FREE = ("ascontiguousarray", "asfortranarray", "require")

#: Assignments to elements of an array, and to the whole of it: ``a[i] = t``, ``a.flat = t``.
_ASSIGNMENTS = ("[…] =", ". =")


def note_question(asking: FrameType) -> None:
    """Note that a frame asks a Tensor for its array."""
    global _latest
    again = _latest.warned and calling(asking) not in _ASSIGNMENTS  # which is warned of once, not for each element
    if again or not _latest.runs_in(asking):
        _latest = _Instruction(asking.f_code, id(asking), asking.f_lasti)
    _latest.questions += 1


def watch_array(array: Any, asking: FrameType, *, any_dtype: bool) -> Any:
    """The array for NumPy, with a warning when it turns out that its Tensor was the element of a list.

    Arguments:
        asking: the frame whose instruction asked for it, of which `note_question` knows.
        any_dtype: whether NumPy left the dtype open. If not, a single array that is dropped may have been the argument
            of ``np.float32(t)``: only that of several Tensors is taken for an element.
    """
    if calling(asking) in _ASSIGNMENTS:
        _warn(_latest, asking)
    elif array.ndim:
        array = array.view()  # which nobody else holds
        dropped = partial(_dropped, _latest, _latest.questions, any_dtype, id(array))
        _references[id(array)] = weakref.ref(array, dropped)
    return array


def _dropped(asked: _Instruction, question: int, any_dtype: bool, array: int, _: Any) -> None:
    del _references[array]
    frame = sys._getframe().f_back
    if frame is not None and asked.runs_in(frame) and (any_dtype or asked.questions > question):
        _warn(asked, frame)


def has_been_asked(asking: FrameType) -> bool:
    """Whether a frame has asked a Tensor for its array, within the same instruction."""
    return _latest.runs_in(asking)


def number_asked(asking: FrameType, *, in_list: bool) -> None:
    """Warn if a frame asks for the number of a Tensor after its array, within the same instruction, or assigns it.

    Arguments:
        in_list: whether it `has_been_asked`.
    """
    global _latest
    if not in_list:
        if calling(asking) not in _ASSIGNMENTS:
            return
        _latest = _Instruction(asking.f_code, id(asking), asking.f_lasti)
    _warn(_latest, asking)


def _warn(asked: _Instruction, frame: FrameType) -> None:
    """Warn if the user's line asked, or NumPy for it. What other libraries do is free: they make a picture, a log."""
    user = outside_numpy(frame)
    if user is None or is_installed(user) or is_ours(user) or asked.warned or (what := calling(user)) in _FREE:
        return
    asked.warned = True
    if what in _ASSIGNMENTS:
        warn(
            "an assignment copies the numbers of a Tensor that requires gradients into a plain array, and no gradient "
            "flows through it. Join Tensors by mg.stack([…]), choose among elements by mg.where(mask, a, b); if a "
            "record is meant, write t.item() or t.numpy()"
        )
        return
    warn(
        f"{described_call(what)} makes a plain array of Tensors that require gradients, and no gradient flows through "
        "it. Join Tensors by mg.stack([…]) or mg.concatenate([…]); if an array is meant, write t.numpy() for each"
    )
