"""Image files: `files` are opened by Pillow, `check` finds broken ones, `modes` converts colours, `resize` sizes."""
