"""The engine: what a Tensor and an operation are, the recorded graph, and the sweeps through it."""
