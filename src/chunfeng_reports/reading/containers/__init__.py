"""Containers: a file as received → grids, paragraphs and properties, by its content."""
