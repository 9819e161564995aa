"""Allowed regions of two parameters, and their envelopes."""
