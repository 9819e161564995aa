"""How exactly χ² is minimised and followed: one number for each meaning."""

from typing import Final

PRECISION: Final = 1e-10
"""Of χ²: gains below end a minimisation, and a boundary lies where χ² is its level to it."""
ROUNDING: Final = 1e-13
"""Of χ², relative to its size: what is rounding alone."""
DISTINCT: Final = 1e-7
"""Difference of χ², relative to 1 + χ², that tells one minimum from another."""
NARROW: Final = 1e-12
"""Width of a bracket, relative to where it is, below which it is a root."""
FARTHEST: Final = 1e5
"""Distance, in about the unit at which Δχ² is one, from which what is allowed counts as endless."""
TINY: Final = 1e-280
"""Keeps quotients finite, and their squares."""
