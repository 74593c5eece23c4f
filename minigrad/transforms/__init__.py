"""Derivatives of functions: gradients, tangents, Jacobians; recomputing instead of storing; gradients checked."""
