"""The loss around a point of parameter space: where its `directions` lead, and the numbers of the `loss_surface`."""
