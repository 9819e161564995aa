"""Remarks of munu check on an experiment, and mistakes of its file."""
