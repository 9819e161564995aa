"""Light scalar, pseudoscalar and tensor: what their masses do, limits of g, bad input."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import munu
from munu.base.errors import MunuError
from munu.base.typing import FloatArray
from munu.experiments.model import CountingExperiment
from munu.folding.fold import fold_shapes
from munu.physics.assumptions import Assumptions
from munu.physics.interactions.flipping_mediator import FlippingMediator
from munu.physics.interactions.form import forms
from munu.physics.interactions.pseudoscalar_mediator import PSEUDOSCALAR_MEDIATOR
from munu.physics.interactions.scalar_mediator import SCALAR_MEDIATOR
from munu.physics.interactions.tensor_mediator import TENSOR_MEDIATOR
from munu.physics.interactions.weak import standard_amplitude
from munu.physics.mixing import global_fit
from munu.results import CouplingLimitResult

MIXING = global_fit("nufit60-no")
MEDIATORS = {
    one.coupling.name: one for one in (SCALAR_MEDIATOR, PSEUDOSCALAR_MEDIATOR, TENSOR_MEDIATOR)
}


def quadratic(name: str, mediator: FlippingMediator, mass: str) -> FloatArray:
    """Return events per x², shape (n_bins,); x = g²."""
    experiment = munu.load(name)
    assert isinstance(experiment, CountingExperiment)
    model = experiment.standard_model
    own = mediator.amplitudes(
        mediator.coupling, model, Assumptions(mixing=MIXING, mediator_mass=mass)
    )
    whole = [standard_amplitude(model), *own]
    states = [one.state for one in experiment.source.components(MIXING)]
    shapes = [s for s in forms(whole, states, MIXING) if s.kernel.recoil in experiment.recoils]
    form = fold_shapes(experiment, MIXING, shapes).form(whole, MIXING).sum(axis=0)
    np.testing.assert_array_equal(form[:, 0, 1], 0.0)
    return np.asarray(form[:, 1, 1])


@pytest.mark.parametrize("name", MEDIATORS)
def test_a_heavy_mediator_is_a_contact_interaction(name: str) -> None:
    """Rates go as (g/m)⁴, and the next order in momentum over mass is gone."""
    mediator = MEDIATORS[name]
    light, heavy = (quadratic("dresden-ii", mediator, mass) for mass in ("10 GeV", "100 GeV"))
    np.testing.assert_allclose(1e4 * heavy, light, rtol=1e-4)
    assert np.all(light > 0)


@pytest.mark.parametrize("name", MEDIATORS)
def test_a_light_mediator_has_no_mass(name: str) -> None:
    mediator = MEDIATORS[name]
    light, lighter = (quadratic("xenonnt-sr0-er", mediator, mass) for mass in ("1 eV", "0.1 eV"))
    np.testing.assert_allclose(light, lighter, rtol=1e-4)


@settings(max_examples=6)
@given(name=st.sampled_from(sorted(MEDIATORS)), mass=st.floats(1e-6, 1e4))
def test_counts_are_never_negative_and_fall_with_the_mass(name: str, mass: float) -> None:
    mediator = MEDIATORS[name]
    one, other = (quadratic("xenonnt-sr0-er", mediator, f"{m!r} MeV") for m in (mass, 1.5 * mass))
    assert np.all(one >= other)
    assert np.all(other >= 0)


def test_limits_are_of_g_and_scale_with_a_heavy_mass() -> None:
    found = [
        munu.limit("coherent-csi-2021", "g_scalar", mediator_mass=mass)
        for mass in ("1 GeV", "10 GeV")
    ]
    assert all(isinstance(one, CouplingLimitResult) for one in found)
    ends = [one.intervals[-1, 1] for one in found]
    assert ends[1] / ends[0] == pytest.approx(10.0, rel=5e-3)
    assert all(len(one.intervals) == 1 and one.intervals[0, 0] == 0 for one in found)


@pytest.mark.parametrize("name", ["g_pseudoscalar", "g_tensor"])
def test_nuclei_alone_tell_nothing_of_what_electrons_feel(name: str) -> None:
    found = munu.limit("conus", name, mediator_mass="1 MeV")
    assert isinstance(found, CouplingLimitResult)
    assert np.isinf(found.intervals[-1, 1])


@pytest.mark.parametrize("name", MEDIATORS)
@pytest.mark.parametrize("mass", [None, "30", "30 s", "-3 MeV", "0 eV", "inf MeV"])
def test_masses_that_are_none_are_refused(name: str, mass: str | None) -> None:
    mediator = MEDIATORS[name]
    with pytest.raises(MunuError):
        mediator.amplitudes(
            mediator.coupling,
            munu.load("conus").standard_model,
            Assumptions(mixing=MIXING, mediator_mass=mass),
        )
