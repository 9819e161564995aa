from .captions import caption
from .cls_limit import plot_cls_limit
from .coupling_coverage import plot_coupling_coverage
from .coupling_envelopes import plot_coupling_envelope
from .coupling_profiles import plot_coupling_profile
from .coupling_regions import plot_coupling_region
from .coverage import plot_coverage
from .data import plot_fit
from .envelopes import plot_envelope
from .feldman_cousins import plot_feldman_cousins
from .feldman_cousins_region import plot_feldman_cousins_region
from .figures import Picture
from .plane_coverage import plot_plane_coverage
from .posterior import plot_posterior
from .profiles import plot_limit_profile
from .regions import plot_region
from .scans import plot_scan
from .spectrum import plot_rate, plot_spectrum
from .style import house_style
from .weak_angle import plot_weak_angle

__all__ = [
    "Picture",
    "caption",
    "house_style",
    "plot_cls_limit",
    "plot_coupling_coverage",
    "plot_coupling_envelope",
    "plot_coupling_profile",
    "plot_coupling_region",
    "plot_coverage",
    "plot_envelope",
    "plot_feldman_cousins",
    "plot_feldman_cousins_region",
    "plot_fit",
    "plot_limit_profile",
    "plot_plane_coverage",
    "plot_posterior",
    "plot_rate",
    "plot_region",
    "plot_scan",
    "plot_spectrum",
    "plot_weak_angle",
]
