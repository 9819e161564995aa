from .allowed_region import Region
from .couplings import coupling_region
from .envelopes import Envelope, envelope
from .islands import Islands
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
