"""Experiments integrated once: counts per species, beam, recoil and bin."""
