"""Layouts: the forms that a grid of cells holds, however they are laid out."""
