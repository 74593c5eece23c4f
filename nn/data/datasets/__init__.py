"""Data sets, read from files: `mnist` and `spoken_digits`; `idx` is a file format, `download` fetches files."""
