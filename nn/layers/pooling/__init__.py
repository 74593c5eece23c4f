"""Pooling layers: the functions of the same names, with their windows chosen beforehand."""
