"""The base of every result: JSON, CSV and tables."""
