"""The version and its year, in one place."""

__version__ = "0.2.0"
YEAR = "2026"
