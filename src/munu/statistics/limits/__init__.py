"""What is allowed of one modulus.

The door of the room: what other rooms import, they import from here.
"""

from munu.statistics.limits.away import RiseAway
from munu.statistics.limits.cls import cls_of, expected_rise
from munu.statistics.limits.couplings import CouplingLine
from munu.statistics.limits.falls import Fall, fall_beyond
from munu.statistics.limits.intervals import BLIND_TOLERANCE, Curve, Interval
from munu.statistics.limits.one_modulus import curve, interval

__all__ = [
    "BLIND_TOLERANCE",
    "CouplingLine",
    "Curve",
    "Fall",
    "Interval",
    "RiseAway",
    "cls_of",
    "curve",
    "expected_rise",
    "fall_beyond",
    "interval",
]
