"""A scene as SVG, PNG, PDF or GIF; a picture as DOT text or as an outline for terminals."""
