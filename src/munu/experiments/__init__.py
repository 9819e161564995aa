"""Experiments: the file format, its border and the catalogue."""
