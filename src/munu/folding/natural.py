r"""Nuclear recoils of natural neutrinos: solar, Earth's, past supernovae's and the atmosphere's.

A detector of dark matter counts them above a threshold in recoil energy; a moment adds to each.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from munu.base.constants import DAYS_PER_YEAR, SECONDS_PER_DAY
from munu.base.errors import MunuError
from munu.base.roots import bracketed_roots
from munu.base.thresholds import delta_chi2
from munu.base.typing import ArrayLike, FloatArray
from munu.detectors.detector import Detector
from munu.detectors.efficiency import Flat
from munu.detectors.quenching import Unquenched
from munu.detectors.resolution import Perfect
from munu.experiments.identity import Identity
from munu.experiments.model import CountingExperiment
from munu.folding.counts import FoldedCounts
from munu.folding.fold import fold
from munu.physics.couplings import weak_couplings
from munu.physics.form_factors import Helm
from munu.physics.mixing import Mixing, paper_mixing
from munu.physics.nuclei import parse_material
from munu.sources import (
    AtmosphericSource,
    DecoheredSource,
    GeoneutrinoSource,
    SolarSource,
    Source,
    SupernovaBackgroundSource,
)
from munu.statistics.specification import Projection

TONNE_KG: Final = 1e3
SOLAR_FLUXES: Final = "b16-gs98"
SOLAR_PARTS: Final = {
    "pp": ("pp",),
    "7Be, pep": ("7Be", "pep"),
    "CNO": ("13N", "15O", "17F"),
    "8B": ("8B",),
    "hep": ("hep",),
}


def natural_sources() -> dict[str, Source]:
    """Return the natural sources as mass states at the Earth, the Sun's by nuclide.

    The other sources are decohered in vacuum (`munu.sources.DecoheredSource`).
    """
    sources: dict[str, Source] = {
        name: SolarSource(fluxes=SOLAR_FLUXES, nuclides=nuclides)
        for name, nuclides in SOLAR_PARTS.items()
    }
    others: Mapping[str, Source] = {
        "geoneutrinos": GeoneutrinoSource(fluxes="gran-sasso"),
        "supernovae": SupernovaBackgroundSource(),
        "atmosphere": AtmosphericSource(),
    }
    for name, source in others.items():
        sources[name] = DecoheredSource(source=source)
    return sources


def natural_counts(
    source: Source,
    material: str,
    recoil_thresholds_kev: ArrayLike,
    *,
    exposure_tonne_yr: float = 1.0,
    mixing: Mixing | None = None,
) -> FoldedCounts:
    """Return the counts of nuclear recoils between thresholds; the last bin has no upper end.

    Parameters
    ----------
    source : Source
    material : str
        Target, such as ``Xe``.
    recoil_thresholds_kev : array, shape (n,)
        Increasing true recoil energies (keV).
    exposure_tonne_yr : float
    mixing : Mixing, optional

    Raises
    ------
    MunuError
        For an unknown material, thresholds that do not increase from above zero, or one above all
        recoils.
    """
    thresholds = np.atleast_1d(np.asarray(recoil_thresholds_kev, float))
    if not np.all(thresholds > 0):
        raise MunuError("recoil thresholds must be positive", "Allowed: above 0 keV")
    experiment = CountingExperiment(
        identity=Identity("natural", "current", "natural neutrinos"),
        source=source,
        target=parse_material(material),
        mass_kg=TONNE_KG * exposure_tonne_yr,
        live_time_s=DAYS_PER_YEAR * SECONDS_PER_DAY,
        detector=Detector(
            "recoil", np.append(thresholds, np.inf), Unquenched(), Flat(1.0), Perfect()
        ),
        form_factor=Helm("charge-radius", 0.9),
        couplings=weak_couplings(),
        statistic=Projection(0.0, 0.0),
        mixing=mixing or paper_mixing(),
    )
    return fold(experiment)


def events_above(
    source: Source,
    material: str,
    recoil_thresholds_kev: ArrayLike,
    *,
    exposure_tonne_yr: float = 1.0,
    mixing: Mixing | None = None,
) -> tuple[FloatArray, FloatArray]:
    """Return Standard Model events and dipole events per μ_B² above thresholds, shape (n,) each.

    The moment is one effective moment of every species. Zero where no recoil reaches a threshold.
    Arguments as for `natural_counts`.
    """
    thresholds = np.atleast_1d(np.asarray(recoil_thresholds_kev, float))
    sm, dipole = np.zeros(thresholds.size), np.zeros(thresholds.size)
    reached = thresholds < highest_recoil_kev(source, material)
    if np.any(reached):
        counts = natural_counts(
            source,
            material,
            thresholds[reached],
            exposure_tonne_yr=exposure_tonne_yr,
            mixing=mixing,
        )
        for total, events in (
            (sm, counts.sm_events),
            (dipole, counts.dipole_events_per_mu_b2),
        ):
            total[reached] = np.cumsum(events.sum(axis=0)[::-1])[::-1]
    return sm, dipole


def highest_recoil_kev(source: Source, material: str) -> float:
    """Return the largest recoil energy (keV) of the lightest isotope."""
    from munu.physics.coherent import cevns_maximum_recoil_kev

    components = source.components(paper_mixing())
    endpoint = np.array([max(c.spectrum.endpoint_mev for c in components)])
    return max(
        float(cevns_maximum_recoil_kev(endpoint, nucleus)[0])
        for nucleus, _ in parse_material(material).nuclei_per_kg()
    )


def expected_limit_mu_b(
    sm_events: ArrayLike, dipole_events_per_mu_b2: ArrayLike, cl: float = 0.90
) -> FloatArray:
    r"""Return the effective moment (μ_B) that the expected counts exclude; inf without dipole.

    The excess x solves :math:`2\,[x - N\ln(1+x/N)] = \Delta\chi^2`: Poisson counts that equal the
    Standard Model's N, known without uncertainty, one degree of freedom.

    Parameters
    ----------
    sm_events, dipole_events_per_mu_b2 : array
    cl : float
    """
    n, dipole = np.broadcast_arrays(
        np.asarray(sm_events, float), np.asarray(dipole_events_per_mu_b2, float)
    )
    delta = delta_chi2(cl, 1)

    def over(x: FloatArray) -> FloatArray:
        safe = np.maximum(n, 1e-300)
        return 2 * (x - np.where(n > 0, n * np.log1p(x / safe), 0.0)) - delta

    low = np.full(n.shape, 0.25 * delta)
    high = delta + 2 * np.sqrt(delta * (n + delta))
    excess = bracketed_roots(over, low, high)
    with np.errstate(divide="ignore"):
        return np.asarray(np.sqrt(excess / dipole))
