"""Plots of results: each takes one or several, and axes of yours if you like."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from munu.plotting.captions import caption
    from munu.plotting.cls_limit import plot_cls_limit
    from munu.plotting.coupling_coverage import plot_coupling_coverage
    from munu.plotting.coupling_envelopes import plot_coupling_envelope
    from munu.plotting.coupling_profiles import plot_coupling_profile
    from munu.plotting.coupling_regions import plot_coupling_region
    from munu.plotting.coverage import plot_coverage
    from munu.plotting.data import plot_fit
    from munu.plotting.envelopes import plot_envelope
    from munu.plotting.feldman_cousins import plot_feldman_cousins
    from munu.plotting.feldman_cousins_region import plot_feldman_cousins_region
    from munu.plotting.figures import Picture
    from munu.plotting.plane_coverage import plot_plane_coverage
    from munu.plotting.posterior import plot_posterior
    from munu.plotting.profiles import plot_limit_profile
    from munu.plotting.regions import plot_region
    from munu.plotting.scans import plot_scan
    from munu.plotting.spectrum import plot_rate, plot_spectrum
    from munu.plotting.style import house_style
    from munu.plotting.weak_angle import plot_weak_angle

_HOMES = {
    "Picture": "munu.plotting.figures",
    "caption": "munu.plotting.captions",
    "house_style": "munu.plotting.style",
    "plot_cls_limit": "munu.plotting.cls_limit",
    "plot_coupling_coverage": "munu.plotting.coupling_coverage",
    "plot_coupling_envelope": "munu.plotting.coupling_envelopes",
    "plot_coupling_profile": "munu.plotting.coupling_profiles",
    "plot_coupling_region": "munu.plotting.coupling_regions",
    "plot_coverage": "munu.plotting.coverage",
    "plot_envelope": "munu.plotting.envelopes",
    "plot_feldman_cousins": "munu.plotting.feldman_cousins",
    "plot_feldman_cousins_region": "munu.plotting.feldman_cousins_region",
    "plot_fit": "munu.plotting.data",
    "plot_limit_profile": "munu.plotting.profiles",
    "plot_plane_coverage": "munu.plotting.plane_coverage",
    "plot_posterior": "munu.plotting.posterior",
    "plot_rate": "munu.plotting.spectrum",
    "plot_region": "munu.plotting.regions",
    "plot_scan": "munu.plotting.scans",
    "plot_spectrum": "munu.plotting.spectrum",
    "plot_weak_angle": "munu.plotting.weak_angle",
}
"""Module of each public name, imported when the name is first used."""

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


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'munu.plotting' has no attribute '{name}'")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return list(__all__)
