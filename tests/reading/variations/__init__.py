"""Variations: one known return, written in every way that the returns of units come in."""
