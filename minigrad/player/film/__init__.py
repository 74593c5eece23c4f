"""Training as a film: successive steps of one program on one page, ``mg.animate(walkthroughs).save("film.html")``.

`training` compares the walkthroughs and follows the parameters, `series` draws the graph of each with everything in the
same place, `changes` finds what differs between these pictures, and `page` writes it all down.
"""

from minigrad.player.film.animate import animate as animate
