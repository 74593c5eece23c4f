"""One HTML file from its contents: the style sheet, the script, and the policy that allows nothing else."""

from minigrad.player.document.document import document as document
