"""Texts: the forms that a written document is, and the figures it states."""
