"""The `grad` of leaves: adding error signals to it, and arrays that belong to nothing else."""
