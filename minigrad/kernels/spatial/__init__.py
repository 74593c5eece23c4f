"""Forward functions of `minigrad.rules.spatial`: NumPy's way, oneDNN's, and the layouts in memory they need."""
