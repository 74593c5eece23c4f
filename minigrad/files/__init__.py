"""Writing files: completely or not at all, whatever happens.

`atomic_write` puts the new contents in the place of the old ones; until then they are in one of the `parts` beside it,
and `folders` are created and made certain. `animated_gif` is the one format that both pictures and plots write.
"""

from minigrad.files.animated_gif import animated_gif as animated_gif
from minigrad.files.atomic_write import is_standard_output as is_standard_output
from minigrad.files.atomic_write import previous_of as previous_of
from minigrad.files.atomic_write import write_file as write_file
from minigrad.files.folders import make_folder as make_folder

__all__ = ["animated_gif", "is_standard_output", "make_folder", "previous_of", "write_file"]
