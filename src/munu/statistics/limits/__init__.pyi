from .couplings import CouplingLine
from .falls import Fall, fall_beyond
from .intervals import BLIND_TOLERANCE, Curve, Interval
from .one_modulus import curve, interval

__all__ = [
    "BLIND_TOLERANCE",
    "CouplingLine",
    "Curve",
    "Fall",
    "Interval",
    "curve",
    "fall_beyond",
    "interval",
]
