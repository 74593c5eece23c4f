"""A derivation as one HTML page that anybody goes through step by step: ``walkthrough.player().save("player.html")``.

`moments` are its steps, `questions` what a learner may be asked, `arrays` the numbers of arrays, `scenes` what an
operation does with each of them; `page` writes all of it down, and the script of the
`document` shows and hides. `film` shows a training, the steps of which are such derivations.
"""

from minigrad.player.film import animate as animate
from minigrad.player.player import Player as Player
from minigrad.player.player import build_player as build_player
