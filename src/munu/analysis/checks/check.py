"""Warnings about physics that is possible but suspicious, for ``munu check``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from munu.analysis.checks.axes import axes_remarks
from munu.analysis.checks.counts import counts_remarks
from munu.analysis.checks.detector import detector_remarks
from munu.analysis.checks.recoil_threshold import recoil_threshold_remarks
from munu.analysis.checks.remark import Remark, unusual
from munu.analysis.checks.shared_names import shared_name_remarks
from munu.analysis.checks.tables import table_remarks
from munu.analysis.checks.uncertainties import (
    flux_factor_remarks,
    shape_remarks,
    uncertainty_remarks,
)
from munu.base.constants import DAYS_PER_YEAR, SECONDS_PER_DAY
from munu.base.errors import MunuError, nearest
from munu.experiments.model import CountingExperiment, Experiment, counting_part
from munu.experiments.named import catalogue
from munu.sources.base import Source
from munu.sources.reactor import ReactorSource
from munu.sources.several import each
from munu.sources.spallation import SpallationSource

USUAL_REACTOR_FLUX_PER_CM2_S: Final = (1e11, 1e14)
"""From a research reactor at a few metres to a power reactor at 10 m."""

USUAL_STATED_FLUX: Final = (0.7, 1.3)
"""A stated total flux over that of power and distance: spectra hold 5.6 antineutrinos per fission
without those of neutron captures, and up to 7.2 with them."""

USUAL_SPALLATION_FLUX_PER_CM2_S: Final = (1e5, 1e9)
"""Per flavour; the SNS has about 4e7 at 20 m."""

USUAL_FRACTIONS: Final = {
    "U235": (0.40, 1.0),
    "U238": (0.0, 0.12),
    "Pu239": (0.0, 0.45),
    "Pu241": (0.0, 0.12),
}
"""Fission fractions over a fuel cycle, from fresh to burnt fuel, and of research reactors."""

USUAL_CAPTURES_PER_FISSION: Final = (0.0, 1.0)
"""On 238U: about 0.6 in power reactors."""

USUAL_NEUTRINOS_PER_PROTON: Final = (0.03, 0.3)
"""Per flavour, for proton beams of about 1 to 3 GeV."""

USUAL_SIN2_THETA_W: Final = {True: (0.229, 0.234), False: (0.221, 0.241)}
"""With radiative corrections that at the Z mass, 0.2312; at tree level also that at zero momentum
transfer, 0.2386."""

LARGEST_REACTOR_ENDPOINT_MEV: Final = 10.0
"""Up to here the extrapolation of spectra fitted to 8 MeV holds 1e-4 of the flux."""

LONGEST_EXPOSURE_YEARS: Final = 30.0


def check(experiment: Experiment) -> tuple[Remark, ...]:
    """Return remarks about suspicious physics in an experiment; none if all is usual.

    Covered: flux, fuel, proton yield and extrapolated spectra; thresholds above the endpoint,
    and those in recoil energy that cut recoils which the detector would see;
    efficiencies above one, negative or zero throughout; quenching outside its validity, above one
    or missing; coarse tables; beams outside of a window in time; few events for a Gaussian;
    uncertainties above 100 %, fluxes that a variant more than doubles, and shapes of backgrounds
    that are factors; observations far from the Standard Model; values without a source; names of
    overlapping data and of nuisances that are nearly those of the catalogue.
    """
    remarks = [
        *_sources(experiment),
        *_overlaps(experiment),
        *shared_name_remarks(experiment),
        *table_remarks(experiment),
    ]
    counting = counting_part(experiment)
    if counting is not None:
        remarks += [*_setting(counting), *detector_remarks(counting)]
        remarks += recoil_threshold_remarks(counting)
        remarks += [*axes_remarks(counting), *uncertainty_remarks(counting.statistic)]
        remarks += [*flux_factor_remarks(counting), *shape_remarks(counting.statistic)]
        try:
            remarks += counts_remarks(counting)
        except MunuError as error:
            remarks.append(Remark("detector", str(error)))
    return tuple(dict.fromkeys([*remarks, *_provenance(experiment)]))


def _sources(experiment: Experiment) -> Iterator[Remark]:
    for key, source in each(experiment.source):
        yield from _source(key, source)


def _source(key: str, source: Source) -> Iterator[Remark]:
    if isinstance(source, ReactorSource):
        flux = source.components()[0].spectrum.total_flux_per_cm2_s
        yield from unusual(key, "flux", flux, USUAL_REACTOR_FLUX_PER_CM2_S, "/cm2/s")
        ratio, name = (
            flux / source.flux_from_power_per_cm2_s,
            "flux over that of power and baseline",
        )
        yield from unusual(f"{key}.total_flux", name, ratio, USUAL_STATED_FLUX)
        if source.endpoint_mev > LARGEST_REACTOR_ENDPOINT_MEV:
            message = (
                f"the spectra are fitted up to 8 MeV, and extrapolated to {source.endpoint_mev:g}"
            )
            yield Remark(f"{key}.endpoint", message)
        for isotope, fraction in source.fractions.items():
            name, usual = f"fission fraction of {isotope}", USUAL_FRACTIONS[isotope]
            yield from unusual(f"{key}.fission_fractions", name, fraction, usual)
        captures, name = source.captures_per_fission, "number of neutron captures per fission"
        yield from unusual(
            f"{key}.captures_per_fission", name, captures, USUAL_CAPTURES_PER_FISSION
        )
    if isinstance(source, SpallationSource):
        flux, usual = source.flux_per_flavour_per_cm2_s, USUAL_SPALLATION_FLUX_PER_CM2_S
        yield from unusual(key, "flux per flavour", flux, usual, "/cm2/s")
        yields = source.neutrinos_per_proton
        yield from unusual(
            f"{key}.neutrinos_per_proton", "number of neutrinos", yields, USUAL_NEUTRINOS_PER_PROTON
        )


def _setting(experiment: CountingExperiment) -> Iterator[Remark]:
    couplings = experiment.electron_couplings
    usual = USUAL_SIN2_THETA_W[couplings.radiative]
    mixing_angle = couplings.sin2_theta_w
    yield from unusual("interaction.sin2_theta_w", "weak mixing angle", mixing_angle, usual)
    yield from unusual("target.mass", "target mass", experiment.mass_kg, (1e-3, 1e6), "kg")
    years = experiment.live_time_s / (DAYS_PER_YEAR * SECONDS_PER_DAY)
    if years > LONGEST_EXPOSURE_YEARS:
        yield Remark("exposure.live_time", f"{years:.3g} years are a long exposure")


def _provenance(experiment: Experiment) -> Iterator[Remark]:
    bare = [entry.key for entry in experiment.identity.provenance if not entry.source]
    if bare:
        yield Remark(bare[0], f"no source is given for {', '.join(bare)}")


def _overlaps(experiment: Experiment) -> Iterator[Remark]:
    for name in experiment.identity.same_events:
        guess = nearest(name, catalogue())
        if guess and name not in catalogue():
            message = f"'{name}' is not in the catalogue, '{guess}' is"
            yield Remark("same_events", message)
