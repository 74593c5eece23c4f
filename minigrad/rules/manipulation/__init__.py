"""Moving elements without computing: shapes, joining and splitting, indexing, padding, sorting."""
