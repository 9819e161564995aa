"""From experiments to χ² of couplings: the forms of all their bins, and what a question varies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

import numpy as np

from munu.analysis.model import specification_of
from munu.base.errors import MunuError
from munu.base.typing import FloatArray
from munu.experiments.model import CountingExperiment
from munu.experiments.overlaps import check_overlaps
from munu.folding.counts import Response
from munu.folding.folded import Folded, response_of
from munu.physics.assumptions import Assumptions
from munu.physics.interactions.base import Amplitude
from munu.physics.interactions.form import forms
from munu.physics.interactions.registry import interaction_of
from munu.physics.interactions.weak import SIN2_THETA_W, standard_amplitude
from munu.physics.parameters import Parameter
from munu.statistics.build import build, with_expected_data
from munu.statistics.likelihoods import as_newton
from munu.statistics.models import CouplingModel, check_distinct


@final
@dataclass(frozen=True)
class Couplings:
    """χ² of some parameters, and which real coordinates are whose.

    Parameters
    ----------
    model : CouplingModel
    columns : dict of str to tuple of int
        Coordinates of each parameter: one, or its real and imaginary part.
    origin : array, shape (n,)
        x of the Standard Model, as the experiments' files have it.
    standard_chi2 : float
        χ² there.
    """

    model: CouplingModel
    columns: dict[str, tuple[int, ...]]
    origin: FloatArray
    standard_chi2: float

    def along(self, parameter: Parameter, phase: float = 0.0) -> FloatArray:
        """Return x for a coordinate of one, shape (n,): the phase is that of a modulus."""
        found = np.zeros(self.model.forms.shape[1] - 1)
        own = self.columns[parameter.name]
        found[list(own)] = (np.cos(phase), np.sin(phase))[: len(own)]
        return found

    def free(self, parameters: Sequence[Parameter]) -> FloatArray:
        """Return the directions of all coordinates of parameters, shape (n, k)."""
        columns = [column for one in parameters for column in self.columns[one.name]]
        return np.eye(self.model.forms.shape[1] - 1)[:, columns]


def couplings_of(
    folded: Sequence[Folded], parameters: Sequence[Parameter], assumptions: Assumptions
) -> Couplings:
    """Return χ² of parameters for several experiments, shared nuisances minimised together.

    Raises
    ------
    MunuError
        If an experiment appears twice, two hold the same events, or one is a bound on a moment.
    """
    check_overlaps([one.experiment for one in folded])
    names = [one.response.experiment for one in folded]
    check_distinct(names)
    pieces = [_form_of(one, parameters, assumptions) for one in folded]
    likelihoods = []
    for one, (response, _) in zip(folded, pieces, strict=True):
        specification = specification_of(one.experiment, assumptions)
        if assumptions.asimov:
            specification = with_expected_data(specification, response.sm_total())
        variants = tuple(variant.name for variant in response.variants)
        sm = response.signal()
        likelihoods.append(build(specification, response.experiment, sm, variants))
    whole = np.concatenate([form for _, form in pieces])
    standard = np.concatenate([response.signal() for response, _ in pieces])
    likelihood = as_newton(likelihoods, standard)
    columns, start = {}, 0
    for parameter in parameters:
        size = 2 if parameter.kind == "modulus" else 1
        columns[parameter.name] = tuple(range(start, start + size))
        start += size
    return Couplings(
        CouplingModel(tuple(names), likelihood, whole),
        columns,
        _origin(folded, columns, start),
        float(likelihood.chi2(standard)),
    )


def _origin(folded: Sequence[Folded], columns: dict[str, tuple[int, ...]], size: int) -> FloatArray:
    """Return x of the Standard Model: zero, but for sin²θ_W, of which the first file's is taken."""
    found = np.zeros(size)
    if SIN2_THETA_W.name in columns:
        first = folded[0].experiment
        assert isinstance(first, CountingExperiment)
        found[list(columns[SIN2_THETA_W.name])] = first.standard_model.electron.sin2_theta_w
    return found


def _form_of(
    folded: Folded, parameters: Sequence[Parameter], assumptions: Assumptions
) -> tuple[Response, FloatArray]:
    """Return a response with all the shapes, and G_b of its signal, shape (n_signal, 1+n, 1+n)."""
    experiment = folded.experiment
    if not isinstance(experiment, CountingExperiment):
        raise MunuError(
            f"'{experiment.identity.name}' is a bound on a moment",
            "Take experiments that count events, or moments alone",
        )
    model = experiment.standard_model
    amplitudes: list[Amplitude] = [standard_amplitude(model)]
    for parameter in parameters:
        amplitudes += interaction_of(parameter.name).amplitudes(parameter, model, assumptions)
    response = at_shapes(folded, amplitudes, assumptions)
    form = np.concatenate([_seen(one, amplitudes, folded, assumptions) for one in response.folds()])
    return response, _from_values(form, parameters, model.electron.sin2_theta_w)


def at_shapes(
    folded: Folded, amplitudes: Sequence[Amplitude], assumptions: Assumptions
) -> Response:
    """Return an experiment's response at a mixing with every shape that amplitudes need."""
    experiment = folded.experiment
    assert isinstance(experiment, CountingExperiment)
    states = folded.response.states
    needed = forms(amplitudes, states, assumptions.neutrino_mixing)
    shapes = tuple(s for s in needed if s.kernel.recoil in experiment.interactions)
    return response_of(experiment, assumptions.neutrino_mixing, shapes)


def _seen(
    response: Response, amplitudes: Sequence[Amplitude], folded: Folded, assumptions: Assumptions
) -> FloatArray:
    """Return Σ_s G_sb: what is new on the species and recoils asked for, the rest on all."""
    whole = response.form(amplitudes, assumptions.neutrino_mixing)
    part = whole
    if folded.channels != "all":
        part = response.of_recoils((folded.channels,)).form(amplitudes, assumptions.neutrino_mixing)
    chosen = part[response.selected(assumptions.beam)].sum(axis=0)
    chosen[:, 0, 0] = whole[:, :, 0, 0].sum(axis=0)
    return np.asarray(chosen)


def _from_values(form: FloatArray, parameters: Sequence[Parameter], own: float) -> FloatArray:
    """Return forms over the parameters' values, where coordinates differ from an experiment's own.

    That is so of sin²θ_W, whose amplitude is that of a difference.
    """
    if SIN2_THETA_W not in parameters:
        return form
    column = 1 + sum(
        2 if one.kind == "modulus" else 1 for one in parameters[: parameters.index(SIN2_THETA_W)]
    )
    shift = np.eye(form.shape[1])
    shift[column, 0] = -own
    return np.asarray(shift.T @ form @ shift)
