"""Which values a Tensor may have: `plain_arrays` of numbers, nested `lists` of them, and nothing `lossy`."""

from minigrad.array_checks.lists import (
    DEEPEST,
    NUMBERS,
    is_list_of_numbers,
    parts_of_list,
    refuse_depth,
)
from minigrad.array_checks.lossy import refuse_lossy
from minigrad.array_checks.other_libraries import way_to_numbers
from minigrad.array_checks.plain_arrays import (
    NUMERIC,
    assignable,
    conversion,
    is_read_only,
    numeric_copy,
    refuse_non_numeric,
    require_bool,
    require_floating,
    shown,
)

__all__ = [
    "DEEPEST",
    "NUMBERS",
    "NUMERIC",
    "assignable",
    "conversion",
    "is_list_of_numbers",
    "is_read_only",
    "numeric_copy",
    "parts_of_list",
    "refuse_depth",
    "refuse_lossy",
    "refuse_non_numeric",
    "require_bool",
    "require_floating",
    "shown",
    "way_to_numbers",
]
