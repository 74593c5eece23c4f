"""Losses as modules, thin on minigrad's functions: of classes, of numbers, of distributions, and of pairs."""
