"""The work of the benchmarks in engines that need more than a few lines for it."""
