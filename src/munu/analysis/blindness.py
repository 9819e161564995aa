"""Why data tell nothing of a coupling."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from munu.analysis.couplings import counting, form_of
from munu.analysis.question import Question
from munu.folding.folded import Folded
from munu.physics.assumptions import Assumptions
from munu.physics.interactions.base import AmplitudeTerm
from munu.physics.interactions.registry import coupling_of, interaction_of
from munu.physics.parameters import Parameter


def why_blind(folded: Sequence[Folded], asked: Question, assumptions: Assumptions) -> str:
    """Return why no event tells the first parameter that is shown, in a clause."""
    interest = coupling_of(asked.shown[0].name)
    forms = [form_of(one, [interest], assumptions)[1] for one in folded]
    if any(np.any(form[:, 1:, 1:]) for form in forms):
        return "what is profiled undoes it"
    scattering = {kind for one in folded for kind in _recoils(one, interest, assumptions)}
    counted = {kind for one in folded for kind in one.counts.recoils}
    names = " + ".join(one.counts.experiment for one in folded)
    if not scattering & counted:
        return f"{names} counts no {' or '.join(sorted(scattering))} recoils"
    return f"no neutrino of {names} scatters by {interest.name}"


def _recoils(folded: Folded, parameter: Parameter, assumptions: Assumptions) -> set[str]:
    """Return what recoils by a coupling."""
    model = counting(folded).standard_model
    found = interaction_of(parameter.name).amplitudes(parameter, model, assumptions)
    return {kind for amplitude in found for term in amplitude for kind in _kinds(term)}


def _kinds(term: AmplitudeTerm) -> set[str]:
    products = term.structure.times(term.structure).values()
    return {kernel.recoil for kernels in products for kernel in kernels}
