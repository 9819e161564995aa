from .couplings import coupling_region
from .envelopes import Envelope, envelope
from .islands import Islands
from .region import Region
from .solve import region
from .worst import worst_contour

__all__ = [
    "Envelope",
    "Islands",
    "Region",
    "coupling_region",
    "envelope",
    "region",
    "worst_contour",
]
