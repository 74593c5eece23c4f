"""The `grad` of leaves: adding error signals to it, arrays that belong to nothing else, and hooks that see them."""
