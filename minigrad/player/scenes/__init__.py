"""What an operation does with the numbers of its arrays, position by position: what it reads, and what it writes.

`scene` has the types and the table, keyed by the operation, `loops` the counters of positions; the other files fill the
table.
"""

from minigrad.player.scenes import convolution as convolution
from minigrad.player.scenes import einsum as einsum
from minigrad.player.scenes import matmul as matmul
from minigrad.player.scenes import pooling as pooling
from minigrad.player.scenes import reductions as reductions
from minigrad.player.scenes.loops import Loops as Loops
from minigrad.player.scenes.scene import VIEWS as VIEWS
from minigrad.player.scenes.scene import Lines as Lines
from minigrad.player.scenes.scene import Operand as Operand
from minigrad.player.scenes.scene import Scene as Scene
from minigrad.player.scenes.scene import scenes_of as scenes_of
