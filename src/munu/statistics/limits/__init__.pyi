from .away import RiseAway
from .cls import cls_of, expected_rise
from .couplings import CouplingLine
from .falls import Fall, fall_beyond
from .intervals import BLIND_TOLERANCE, Curve, Interval, rise
from .one_modulus import curve, interval, intervals_of

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
    "intervals_of",
    "rise",
]
