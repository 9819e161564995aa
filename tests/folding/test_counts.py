"""W_b of several components by the published sum of amplitudes, and the order of the bins."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from munu.analysis.model import joint_model
from munu.base.errors import MunuError
from munu.folding.counts import FoldedCounts
from munu.folding.folded import fold_experiment
from munu.physics.assumptions import Assumptions
from munu.physics.interactions.dipole import ON_ELECTRON
from munu.physics.mixing import paper_mixing
from munu.physics.moments import HelicityState

DIPOLE = np.array([[3.0, 1.0], [2.0, 5.0]])
MIXING = paper_mixing().with_delta(0.7)


def counts(*states: HelicityState) -> FoldedCounts:
    names = tuple(str(i) for i in range(len(states)))
    dipole = DIPOLE[: len(states)]
    beams = ("beam",) * len(states)
    return FoldedCounts("x", "current", names, beams, states, {ON_ELECTRON: dipole}, None, MIXING)


def test_published_amplitudes_add_with_their_largest_component_positive() -> None:
    """A density leaves the phase of its amplitude open, and the sum depends on it."""
    superposition = HelicityState.from_amplitudes([0.6, -0.8j, 0.0])
    muon = HelicityState.of_species("nu_mu")
    together = HelicityState.from_amplitudes([0.6j, 0.8 + 1.0, 0.0]).moment_matrix(MIXING)
    found = counts(superposition, muon).w_matrices(MIXING, convention="published")
    np.testing.assert_allclose(found, np.multiply.outer([5.0, 6.0], together), atol=1e-12)


def test_helicities_do_not_interfere() -> None:
    muon, antimuon = (HelicityState.of_species(name) for name in ("nu_mu", "nu_mu_bar"))
    both = HelicityState.from_amplitudes([0, 1, 0], [0, 1, 0]).moment_matrix(MIXING)
    found = counts(muon, antimuon).w_matrices(MIXING, convention="published")
    np.testing.assert_allclose(found, np.multiply.outer([5.0, 6.0], both), atol=1e-12)


def test_a_mixture_has_no_amplitude() -> None:
    mixture = HelicityState(np.diag([0.7, 0.3, 0.0]), np.zeros((3, 3)))
    seen = counts(mixture, HelicityState.of_species("nu_e"))
    with pytest.raises(MunuError, match="needs pure states, and this source is a mixture"):
        seen.w_matrices(MIXING, convention="published")
    apart = seen.w_matrices(MIXING)
    expected = np.einsum("sb,sij->bij", DIPOLE, [s.moment_matrix(MIXING) for s in seen.states])
    np.testing.assert_allclose(apart, expected, rtol=1e-12)


def test_a_species_is_added_once_and_has_one_state() -> None:
    muon, electron = (HelicityState.of_species(name) for name in ("nu_mu", "nu_e"))
    twice = replace(counts(muon, muon), species=("nu_mu", "nu_mu"))
    found = twice.w_matrices(MIXING, convention="published")
    np.testing.assert_allclose(found, np.multiply.outer([5.0, 6.0], muon.moment_matrix(MIXING)))
    other = replace(counts(muon, electron), species=("nu_mu", "nu_mu"))
    with pytest.raises(MunuError, match="nu_mu comes in two states"):
        other.w_matrices(MIXING, convention="published")


def test_a_shape_one_sigma_above_is_the_response_above() -> None:
    """The order of the signal's bins is the likelihood's."""
    folded = fold_experiment("coherent-lar-2020")
    model = joint_model([folded], Assumptions(mixing="desalas2018-no"))
    (part,) = model.likelihood.parts
    for variant in folded.counts.variants:
        for sigmas, side in ((-1.0, variant.minus), (1.0, variant.plus)):
            theta = sigmas * (np.array([part.names]) == variant.name)
            with_signal, without = (part.predict(x * model.sm[None], theta) for x in (1.0, 0.0))
            np.testing.assert_allclose((with_signal - without)[0], side.sm_total(), atol=1e-9)
