"""Functions that move elements and compute nothing: shapes, joins, indices, order."""
