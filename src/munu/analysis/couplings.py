"""From experiments to χ² of couplings: the forms of all their bins, and what a question varies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final, final

import numpy as np

from munu.analysis.data_likelihood import likelihood_of
from munu.analysis.question import Question
from munu.base.errors import MunuError
from munu.base.identity import Same
from munu.base.typing import FloatArray, IntArray
from munu.experiments.combination import check_combination
from munu.experiments.model import CountingExperiment
from munu.folding.counts import FoldedCounts
from munu.folding.folded import Folded, counts_of
from munu.folding.reachable import check_reachable
from munu.physics.assumptions import Assumptions
from munu.physics.centres import RecoilKind
from munu.physics.interactions.base import Amplitude, Interaction
from munu.physics.interactions.form import forms
from munu.physics.interactions.registry import interaction_of
from munu.physics.interactions.weak import standard_amplitude
from munu.physics.parameters import MASS_PARAMETERS, PARAMETERS, Parameter
from munu.statistics.likelihoods import as_newton
from munu.statistics.models import CouplingModel, check_distinct

KEPT: Final = 16
"""Forms that are kept."""
ROUNDING: Final = 1e-6
"""Part of χ² to which a minimum is known."""


@final
@dataclass(frozen=True, eq=False)
class Couplings:
    """χ² of the couplings of a question, and which real coordinates are whose.

    Parameters
    ----------
    model : CouplingModel
    columns : dict of Parameter to tuple of int
        Coordinates of each coupling: one, or its real and imaginary part.
    standard : array, shape (n,)
        x of the Standard Model, as the first experiment's file has it.
    standard_chi2 : float
        χ² of the Standard Model, that of each file.
    """

    model: CouplingModel
    columns: dict[Parameter, tuple[int, ...]]
    standard: FloatArray
    standard_chi2: float

    def standard_rise(self, chi2_min: float) -> float:
        """Return by how much χ² rises from a minimum to the Standard Model.

        Below zero where the Standard Model is none of what the minimum is over, and fits better:
        with values stated of others. A minimum that is above it by rounding is at zero.
        """
        rise = self.standard_chi2 - chi2_min
        return rise if rise < -ROUNDING * max(abs(chi2_min), 1.0) else max(rise, 0.0)

    def unit(self, column: int) -> FloatArray:
        """Return a coordinate of one, the others zero, shape (n,)."""
        return np.asarray(np.eye(self.standard.size)[column])


def couplings_of(
    folded: Sequence[Folded],
    asked: Question,
    assumptions: Assumptions,
    whole_beam: Sequence[Parameter] = (),
) -> Couplings:
    """Return `couplings_by_bin` with bins of proportional events as one: χ² is the same.

    Toys are drawn bin by bin, and need the others.
    """
    found = couplings_by_bin(folded, asked, assumptions, whole_beam)
    return replace(found, model=found.model.pooled())


def couplings_by_bin(
    folded: Sequence[Folded],
    asked: Question,
    assumptions: Assumptions,
    whole_beam: Sequence[Parameter] = (),
) -> Couplings:
    """Return χ² of a question's couplings, shared nuisances minimised together.

    Parameters
    ----------
    folded : sequence of Folded
    asked : Question
    assumptions : Assumptions
    whole_beam : sequence of Parameter, optional
        Those by which all species scatter, whatever the beam that is assumed.

    Raises
    ------
    MunuError
        If an experiment appears twice, one is a bound on a moment, and as `check_combination`.
    """
    check_combination([one.experiment for one in folded])
    names = [one.counts.experiment for one in folded]
    check_distinct(names)
    parameters = asked.couplings
    if assumptions.convention == "published":
        raise MunuError(
            "the published convention is of moments alone", "Use the per-species convention"
        )
    check_reached([counting(one) for one in folded], assumptions)
    pieces = [form_of(one, parameters, assumptions, whole_beam) for one in folded]
    likelihoods = [
        likelihood_of(one.experiment, counts, assumptions)
        for one, (counts, _) in zip(folded, pieces, strict=True)
    ]
    standard = np.concatenate([counts.sm_of_folds() for counts, _ in pieces])
    likelihood = as_newton(likelihoods, standard)
    return Couplings(
        CouplingModel(tuple(names), likelihood, np.concatenate([form for _, form in pieces])),
        columns_of(parameters),
        standard_values(folded[0], parameters, assumptions),
        float(likelihood.chi2(standard)),
    )


def check_reached(experiments: Sequence[CountingExperiment], assumptions: Assumptions) -> None:
    """Raise `MunuError` if a sterile mass is above what every source can make."""
    errors = []
    for one in experiments:
        try:
            check_reachable(one, assumptions)
        except MunuError as error:
            errors.append(error)
    if errors and len(errors) == len(experiments):
        raise errors[0]


def columns_of(parameters: Sequence[Parameter]) -> dict[Parameter, tuple[int, ...]]:
    """Return the numbers of the coordinates of each coupling."""
    columns, start = {}, 0
    for parameter in parameters:
        size = 2 if parameter.kind == "modulus" else 1
        columns[parameter] = tuple(range(start, start + size))
        start += size
    return columns


def counting(folded: Folded) -> CountingExperiment:
    """Return an experiment that counts events; raises `MunuError` for a bound on a moment."""
    experiment = folded.experiment
    if not isinstance(experiment, CountingExperiment):
        raise MunuError(
            f"'{experiment.identity.name}' is a published bound on transition or effective "
            "moments, and says nothing of other couplings, Dirac moments among them",
            f"Take experiments that count events, or ask for {', '.join(PARAMETERS)} and no other",
        )
    return experiment


def standard_values(
    folded: Folded, parameters: Sequence[Parameter], assumptions: Assumptions
) -> FloatArray:
    """Return x of the Standard Model of an experiment, shape (n,)."""
    columns, model = columns_of(parameters), counting(folded).standard_model
    found = np.zeros(sum(map(len, columns.values())))
    for parameter, own in columns.items():
        found[own[0]] = interaction_of(parameter.name).standard(parameter, model, assumptions)
    return found


def form_of(
    folded: Folded,
    parameters: Sequence[Parameter],
    assumptions: Assumptions,
    whole_beam: Sequence[Parameter] = (),
) -> tuple[FoldedCounts, FloatArray]:
    """Return the counts with all the shapes, and G_b of its signal, shape (n_signal, 1+n, 1+n).

    The coordinates are the parameters' values: amplitudes are those of differences from the
    Standard Model's. Those of observed and of expected data are made once.
    """
    interactions = Same(*(interaction_of(one.name) for one in parameters))
    given = replace(assumptions, asimov=False)
    return _form_of(Same(folded), interactions, tuple(parameters), given, tuple(whole_beam))


@lru_cache(maxsize=KEPT)
def _form_of(
    same: Same[Folded],
    _interactions: Same[Interaction],
    parameters: tuple[Parameter, ...],
    assumptions: Assumptions,
    whole_beam: tuple[Parameter, ...],
) -> tuple[FoldedCounts, FloatArray]:
    folded = same.objects[0]
    amplitudes = amplitudes_of(folded, parameters, assumptions)
    counts = at_shapes(folded, amplitudes, assumptions)
    columns = columns_of(parameters)
    everywhere = np.array([0, *(1 + at for one in whole_beam for at in columns[one])])
    form = np.concatenate(
        [_seen(one, amplitudes, folded, assumptions, everywhere) for one in counts.folds()]
    )
    shift = np.eye(form.shape[1])
    shift[1:, 0] = -standard_values(folded, parameters, assumptions)
    found = shift.T @ form @ shift
    found.flags.writeable = False
    return counts, found


def amplitudes_of(
    folded: Folded, parameters: Sequence[Parameter], assumptions: Assumptions
) -> list[Amplitude]:
    """Return the Standard Model's amplitude, then that of each coordinate x."""
    model = counting(folded).standard_model
    found: list[Amplitude] = [standard_amplitude(model)]
    for parameter in parameters:
        found += interaction_of(parameter.name).amplitudes(parameter, model, assumptions)
    return found


def amplitudes_at(
    folded: Folded, asked: Question, assumptions: Assumptions
) -> tuple[list[Amplitude], FloatArray]:
    """Return the amplitudes of couplings that have values, and (1, x) there.

    The values are those of `Question.values`, x their differences from the Standard Model's.
    """
    settled = assumptions.settled(folded.mixing)
    found = amplitudes_of(folded, asked.couplings, settled)
    x = -standard_values(folded, asked.couplings, settled)
    for one, columns in columns_of(asked.couplings).items():
        size, phase = asked.values[one.name], _fixed_phase(asked, one, settled)
        size = size**2 if one.kind == "squared" else size
        x[list(columns)] += [size * np.cos(phase), size * np.sin(phase)][: len(columns)]
    return found, np.concatenate([[1.0], x])


def _fixed_phase(asked: Question, one: Parameter, assumptions: Assumptions) -> float:
    """Return the phase of a coupling whose value is given; zero if it is real."""
    if one.name in MASS_PARAMETERS:
        return float(assumptions.zeta()[MASS_PARAMETERS.index(one.name)])
    return float(asked.values.get(one.phase, 0.0))


def events_with(
    folded: Folded, asked: Question, assumptions: Assumptions
) -> dict[RecoilKind, FloatArray]:
    """Return events by species and bin, shape (n_s, n_bins), of each recoil; none without values.

    Those of the Standard Model with the couplings of a question that have values.
    """
    if not asked.values:
        return {}
    check_reached([counting(folded)], assumptions)
    amplitudes, x = amplitudes_at(folded, asked, assumptions)
    settled = assumptions.settled(folded.mixing)
    counts = at_shapes(folded, amplitudes, settled)
    found = {}
    for kind in folded.counts.recoils:
        form = counts.of_recoils((kind,)).form(amplitudes, settled.neutrino_mixing)
        found[kind] = np.asarray(form @ x @ x)
    return found


def at_values(folded: Folded, asked: Question, assumptions: Assumptions) -> Folded:
    """Return an experiment whose events besides moments are those at the values of couplings."""
    if not asked.values:
        return folded
    amplitudes, x = amplitudes_at(folded, asked, assumptions)
    counts = at_shapes(folded, amplitudes, assumptions.settled(folded.mixing))
    whole = tuple(
        replace(term, matrix=factor * term.matrix)
        for factor, amplitude in zip(x, amplitudes, strict=True)
        for term in amplitude
    )
    return replace(folded, counts=counts.with_amplitude(whole))


def at_shapes(
    folded: Folded, amplitudes: Sequence[Amplitude], assumptions: Assumptions
) -> FoldedCounts:
    """Return an experiment's counts at a mixing with every shape that amplitudes need."""
    experiment = counting(folded)
    states = folded.counts.states
    needed = forms(amplitudes, states, assumptions.neutrino_mixing)
    shapes = tuple(s for s in needed if s.kernel.recoil in experiment.recoils)
    counts = counts_of(experiment, assumptions.neutrino_mixing, shapes)
    return counts.of_recoils(folded.counts.recoils)


def _seen(
    counts: FoldedCounts,
    amplitudes: Sequence[Amplitude],
    folded: Folded,
    assumptions: Assumptions,
    everywhere: IntArray,
) -> FloatArray:
    """Return Σ_s G_sb: amplitudes ``everywhere`` on all species, others on those asked for."""
    whole = counts.form(amplitudes, assumptions.neutrino_mixing)
    part = whole
    if folded.channels != "all":
        part = counts.of_recoils((folded.channels,)).form(amplitudes, assumptions.neutrino_mixing)
    chosen = part[counts.selected(assumptions.beam)].sum(axis=0)
    block = np.ix_(np.arange(len(chosen)), everywhere, everywhere)
    chosen[block] = whole.sum(axis=0)[block]
    return np.asarray(chosen)
