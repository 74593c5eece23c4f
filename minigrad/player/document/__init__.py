"""One HTML file from its contents: the style sheet, the script, and the policy that allows nothing else."""

from minigrad.player.document.document import document as document
from minigrad.player.document.document import json_in_page as json_in_page
from minigrad.player.document.document import moves as moves
from minigrad.player.document.packing import LARGE as LARGE
from minigrad.player.document.packing import packed as packed
from minigrad.player.document.packing import packed_level as packed_level
from minigrad.player.document.packing import packed_part as packed_part
