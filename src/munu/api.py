"""From names to results: the functions of ``import munu`` and of the command line."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from munu.analysis import (
    Assumptions,
    ExperimentLike,
    Folded,
    basis_of,
    fold_experiment,
    interval,
    joint_model,
    profile_curve,
)
from munu.errors import MunuError
from munu.experiments.model import CountingExperiment, MomentBound
from munu.mixing import Mixing, global_fit
from munu.parameters import MASS_PARAMETERS, Others
from munu.rates import recoil_spectrum
from munu.references import found_in, references_of
from munu.response import FULL_BEAM, Convention
from munu.results import (
    BinAxis,
    ComponentRate,
    ComponentSpectrum,
    Conditions,
    LimitResult,
    Origin,
    ProfileResult,
    RateResult,
    SpectrumResult,
)
from munu.statistics.model import MomentModel
from munu.statistics.thresholds import delta_chi2
from munu.typing import ArrayLike, FloatArray

SPECTRUM_POINTS = 200
LOWEST_RECOIL_KEV = 0.01
PROFILE_POINTS = 201
PROFILE_REACH = 1.5
"""The default Δχ² curve ends at this multiple of the 90 % limit."""


def make_origin(folded: Sequence[Folded], mixing: Mixing | None = None) -> Origin:
    """Return the origin of a result made from these experiments, in this order."""
    identities = [one.experiment.identity for one in folded]
    keys = [key for one in folded for key in references_of(one.experiment)]
    keys += found_in(mixing.source) if mixing else []
    notes = [note for identity in identities for note in identity.notes]
    return Origin(
        experiments=tuple(f"{identity.id}@{identity.setup}" for identity in identities),
        inputs_hash=tuple(identity.inputs_hash for identity in identities),
        notes=tuple(dict.fromkeys(notes)),
        references=tuple(dict.fromkeys(keys)),
    )


def make_assumptions(
    *,
    beam: str = FULL_BEAM,
    convention: Convention = "per-species",
    sigma_sys: float | None = None,
    delta_cp: float = 0.0,
    xi_1: float | None = None,
    xi_2: float | None = None,
    mixing: str | Mixing = "desalas2018-no",
) -> Assumptions:
    """Return assumptions from names; see `limit`."""
    named = global_fit(mixing) if isinstance(mixing, str) else mixing
    return Assumptions(
        mixing=named.with_delta(delta_cp),
        xi_1=xi_1 or 0.0,
        xi_2=xi_2 or 0.0,
        beam=beam,
        convention=convention,
        sigma_sys=sigma_sys,
    )


def make_conditions(assumptions: Assumptions, *, phases: str) -> Conditions:
    """Return how a result names its assumptions; ``phases`` is ``fixed`` or ``profiled``."""
    return Conditions(
        mixing=assumptions.mixing.name,
        delta_cp=assumptions.mixing.delta_cp,
        xi_1=assumptions.xi_1,
        xi_2=assumptions.xi_2,
        phases=phases,
        beam=assumptions.beam,
        convention=assumptions.convention,
        sigma_sys=assumptions.sigma_sys,
    )


def fold_all(
    experiments: ExperimentLike | Sequence[ExperimentLike], setup: str | None = None
) -> list[Folded]:
    """Fold one experiment or several; ``setup`` holds for each that does not name its own."""
    if isinstance(experiments, str | CountingExperiment | MomentBound):
        return [fold_experiment(experiments, setup)]
    return [fold_experiment(one, setup) for one in experiments]


def _counting(experiment: ExperimentLike, setup: str | None) -> tuple[Folded, CountingExperiment]:
    folded = fold_experiment(experiment, setup)
    if isinstance(folded.experiment, CountingExperiment):
        return folded, folded.experiment
    raise MunuError(
        f"'{folded.experiment.identity.id}' is a bound on a moment and counts no events",
        "`munu limit` takes it",
    )


def rate(
    experiment: ExperimentLike,
    setup: str | None = None,
    *,
    with_spectrum: bool = False,
) -> RateResult:
    """Return the expected events of an experiment (Eq. 32 of arXiv:1905.03750).

    Parameters
    ----------
    experiment : str or Experiment
        Identifier (``conus``, ``conus@future``), path of a TOML file, or a loaded experiment.
    setup : str, optional
        ``current`` or ``future``, where the name does not say.
    with_spectrum : bool
        Add the recoil spectrum, at the energies of `spectrum`.

    Raises
    ------
    MunuError
        For an unknown experiment or setup, or one that counts no events.
    """
    folded, counting = _counting(experiment, setup)
    response = folded.response
    detector = counting.detector
    components = tuple(
        ComponentRate(
            species=species,
            beam=beam,
            sm_events=float(sm.sum()),
            dipole_events_per_mu_b2=float(dipole.sum()),
            sm_events_per_bin=sm,
            dipole_events_per_mu_b2_per_bin=dipole,
        )
        for species, beam, sm, dipole in zip(
            response.species,
            response.beams,
            response.sm_events,
            response.dipole_events_per_mu_b2,
            strict=True,
        )
    )
    return RateResult(
        experiment=response.experiment,
        setup=response.setup,
        sm_events=float(response.sm_total().sum()),
        components=components,
        axes=(
            BinAxis(observable=detector.observable, unit=detector.unit, edges=detector.bin_edges),
            *(BinAxis(observable=a.name, unit=a.unit, edges=a.edges) for a in counting.axes),
        ),
        spectrum=_spectrum(folded, counting) if with_spectrum else None,
        origin=make_origin([folded]),
    )


def spectrum(
    experiment: ExperimentLike,
    setup: str | None = None,
    *,
    recoil_energy_kev: ArrayLike | None = None,
) -> SpectrumResult:
    """Return the differential rate on the target, before the detector.

    Parameters
    ----------
    experiment, setup
        As in `rate`.
    recoil_energy_kev : array, optional
        True recoil energies (keV); by default 200, logarithmic from 10 eV to the endpoint.
    """
    folded, counting = _counting(experiment, setup)
    return _spectrum(folded, counting, recoil_energy_kev)


def _recoil_energies_kev(experiment: CountingExperiment) -> FloatArray:
    """Return 200 recoil energies (keV), logarithmic from 10 eV to the endpoint."""
    endpoint = max(c.spectrum.endpoint_mev for c in experiment.source.components())
    highest = max(
        float(channel.maximum_recoil_kev(np.array([endpoint]))[0])
        for channel, _ in experiment.channels()
    )
    return np.geomspace(LOWEST_RECOIL_KEV, highest, SPECTRUM_POINTS)


def _spectrum(
    folded: Folded, experiment: CountingExperiment, recoil_energy_kev: ArrayLike | None = None
) -> SpectrumResult:
    if recoil_energy_kev is None:
        recoil_energy_kev = _recoil_energies_kev(experiment)
    found = recoil_spectrum(experiment, recoil_energy_kev)
    components = tuple(
        ComponentSpectrum(
            species=species, beam=beam, sm_per_kg_kev_day=sm, dipole_per_mu_b2_kg_kev_day=dipole
        )
        for species, beam, sm, dipole in zip(
            found.species,
            found.beams,
            found.sm_per_kg_kev_day,
            found.dipole_per_mu_b2_kg_kev_day,
            strict=True,
        )
    )
    return SpectrumResult(
        experiment=folded.response.experiment,
        setup=folded.response.setup,
        recoil_energy_kev=found.recoil_energy_kev,
        components=components,
        origin=make_origin([folded]),
    )


def limit(
    experiment: ExperimentLike | Sequence[ExperimentLike],
    parameter: str = "Lambda_1",
    *,
    setup: str | None = None,
    cl: float = 0.90,
    beam: str = FULL_BEAM,
    convention: Convention = "per-species",
    others: Others = "zero",
    sigma_sys: float | None = None,
    delta_cp: float = 0.0,
    xi_1: float | None = None,
    xi_2: float | None = None,
    mixing: str | Mixing = "desalas2018-no",
) -> LimitResult:
    """Return the limit on one modulus, Δχ² with one degree of freedom.

    Parameters
    ----------
    experiment : str, Experiment, or a sequence of them
        As in `rate`; several are combined, nuisances of equal name being one.
    parameter : str
        ``Lambda_1``, ``Lambda_2``, ``Lambda_3``, ``Lambda_e``, ``Lambda_mu`` or ``Lambda_tau``.
    setup : str, optional
        ``current`` or ``future``, where the name does not say.
    cl : float
        Confidence level, between 0 and 1.
    beam : str
        ``prompt``, ``delayed`` or ``full``: the species that scatter with the moment. The
        Standard Model events are those of the whole beam.
    convention : {"per-species", "published"}
        How species are added; ``published`` is that of Table II of arXiv:1905.03750.
    others : {"zero", "profiled"}
        The other two moments of the basis: zero (a slice) or minimised over.
    sigma_sys : float, optional
        Fractional uncertainty of the signal instead of the experiment's.
    delta_cp : float
        Dirac phase (rad).
    xi_1, xi_2 : float, optional
        Phases ζ₃ - ζ₂ and ζ₃ - ζ₁ of the moments (rad). Left out, they are profiled when the others
        are, and drop out of a slice.
    mixing : str or Mixing
        A named global fit, or mixing parameters.

    Raises
    ------
    MunuError
        For an unknown name, a value out of range, or phases of a flavour moment.
    """
    assumptions = make_assumptions(
        beam=beam,
        convention=convention,
        sigma_sys=sigma_sys,
        delta_cp=delta_cp,
        xi_1=xi_1,
        xi_2=xi_2,
        mixing=mixing,
    )
    threshold = delta_chi2(cl, 1)
    columns, index = basis_of(parameter, assumptions)
    free = others == "profiled" and xi_1 is None and xi_2 is None
    folded = fold_all(experiment, setup)
    found = interval(
        joint_model(folded, assumptions),
        parameter,
        assumptions,
        cl=cl,
        others=others,
        phases_free=free,
    )
    blind = found.blind_direction
    if blind is None and found.unbounded_because == "blind direction":
        blind = np.eye(3, dtype=complex)[index]
    if blind is not None and parameter in MASS_PARAMETERS:
        blind = columns @ blind
    return LimitResult(
        parameter=parameter,
        cl=cl,
        delta_chi2=threshold,
        others=others,
        limit_mu_b=found.upper_mu_b,
        lower_mu_b=found.lower_mu_b,
        best_fit_mu_b=found.best_fit_mu_b,
        chi2_min=found.chi2_min,
        unbounded=bool(np.isinf(found.upper_mu_b)),
        unbounded_because=found.unbounded_because,
        blind_direction=blind,
        conditions=make_conditions(assumptions, phases="profiled" if free else "fixed"),
        origin=make_origin(folded, assumptions.mixing),
    )


def profile(
    experiment: ExperimentLike | Sequence[ExperimentLike],
    parameter: str = "Lambda_1",
    *,
    moment_mu_b: ArrayLike | None = None,
    setup: str | None = None,
    beam: str = FULL_BEAM,
    convention: Convention = "per-species",
    others: Others = "zero",
    sigma_sys: float | None = None,
    delta_cp: float = 0.0,
    xi_1: float | None = None,
    xi_2: float | None = None,
    mixing: str | Mixing = "desalas2018-no",
) -> ProfileResult:
    """Return Δχ² along one modulus, as in Fig. 2 of arXiv:1905.03750.

    Parameters
    ----------
    moment_mu_b : array, optional
        Moduli (μ_B); by default 201 from zero to 1.5 times the 90 % limit with the others zero.
    experiment, parameter, setup, beam, convention, others, sigma_sys, delta_cp, xi_1, xi_2, mixing
        As in `limit`.

    Raises
    ------
    MunuError
        As `limit`; for negative moduli; and without moduli if the experiment sets no limit.
    """
    assumptions = make_assumptions(
        beam=beam,
        convention=convention,
        sigma_sys=sigma_sys,
        delta_cp=delta_cp,
        xi_1=xi_1,
        xi_2=xi_2,
        mixing=mixing,
    )
    free = others == "profiled" and xi_1 is None and xi_2 is None
    folded = fold_all(experiment, setup)
    model = joint_model(folded, assumptions)
    if moment_mu_b is None:
        moduli = _default_moduli_mu_b(model, parameter, assumptions)
    else:
        moduli = np.atleast_1d(np.asarray(moment_mu_b, float))
    if not np.all(np.isfinite(moduli) & (moduli >= 0)):
        raise MunuError("the moduli of a profile must be finite", "Allowed: 0 mu_B and above")
    return ProfileResult(
        parameter=parameter,
        others=others,
        moment_mu_b=moduli,
        delta_chi2=profile_curve(
            model, parameter, assumptions, moduli, others=others, phases_free=free
        ),
        conditions=make_conditions(assumptions, phases="profiled" if free else "fixed"),
        origin=make_origin(folded, assumptions.mixing),
    )


def _default_moduli_mu_b(
    model: MomentModel, parameter: str, assumptions: Assumptions
) -> FloatArray:
    end = interval(model, parameter, assumptions).upper_mu_b
    if not np.isfinite(end):
        raise MunuError(
            f"{' + '.join(model.names)} sets no limit on {parameter}, so the curve has no end",
            "State the moduli: moment_mu_b in Python, --max on the command line",
        )
    return np.linspace(0.0, PROFILE_REACH * end, PROFILE_POINTS)
