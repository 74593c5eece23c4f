"""One HTML file from its contents: the style sheet, the script, and the policy that allows nothing else."""

from minigrad.player.document.document import document as document
from minigrad.player.document.document import json_in_page as json_in_page
from minigrad.player.document.document import moves as moves
