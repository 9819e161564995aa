"""Interactions, one file each: what they add to amplitudes."""
