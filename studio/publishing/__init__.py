"""From a drawn book to files: layout in points (pure), PDF."""
