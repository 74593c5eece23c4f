"""Data sets by name, and the formats of their files: `idx`, `csv_table`, `wav`; `download` fetches files."""
