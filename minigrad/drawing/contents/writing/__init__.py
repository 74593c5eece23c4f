"""Names, formulas, numbers and labels as spans, lines and words."""
