"""What is allowed of two parameters.

The door of the room: what other rooms import, they import from here.
"""

from munu.statistics.regions.couplings import coupling_region
from munu.statistics.regions.envelopes import Envelope, envelope
from munu.statistics.regions.islands import Islands
from munu.statistics.regions.region import Region
from munu.statistics.regions.solve import region
from munu.statistics.regions.worst import worst_contour

__all__ = [
    "Envelope",
    "Islands",
    "Region",
    "coupling_region",
    "envelope",
    "region",
    "worst_contour",
]
