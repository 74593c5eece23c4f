"""Functions of single numbers, applied to each element, by NumPy's headings."""
