"""W_b(δ) as a Fourier series of second degree, against W_b at any δ."""

import numpy as np
import pytest

from munu.analysis.model import joint_model
from munu.analysis.planes import family_of, plane_columns
from munu.folding.folded import fold_experiment
from munu.physics.assumptions import Assumptions
from munu.statistics.models.harmonics import DEGREE
from munu.statistics.models.moments import MomentModel
from munu.statistics.models.plane import Plane

PLANES = [("Lambda_1", "Lambda_3"), ("Lambda_e", "Lambda_tau")]
EXPERIMENTS = ["conus", "coherent-csi", "coherent-lar-2020", "borexino", "xenonnt-sr0-er"]


def at_any_delta(name, axes, **conditions):
    """Return the family's harmonics, its excess and that of the experiment at several δ."""
    folded = [fold_experiment(name)]
    plane = Plane(*axes, profiled=("delta_cp",))
    with pytest.MonkeyPatch.context() as by_bin:
        by_bin.setattr(MomentModel, "pooled", lambda model: model)
        family = family_of(folded, Assumptions(mixing="desalas2018-no", **conditions), plane)
    rng = np.random.default_rng(4)
    moments = rng.normal(size=(7, 3)) + 1j * rng.normal(size=(7, 3))
    deltas = rng.uniform(-4.0, 4.0, 7)
    expected = []
    for z, delta in zip(moments, deltas, strict=True):
        assumptions = Assumptions(mixing="desalas2018-no", delta_cp=delta, **conditions)
        columns = plane_columns(plane, assumptions.neutrino_mixing)
        expected.append(joint_model(folded, assumptions).in_basis(columns).dipole_events(z))
    return family.series[0], family.dipole_events(moments, deltas), np.array(expected)


@pytest.mark.parametrize("axes", PLANES)
@pytest.mark.parametrize("name", EXPERIMENTS)
def test_five_values_of_delta_give_all(name, axes):
    harmonics, excess, expected = at_any_delta(name, axes)
    assert np.abs(harmonics).max() <= DEGREE
    np.testing.assert_allclose(excess, expected, rtol=1e-11, atol=1e-12 * expected.max())


@pytest.mark.parametrize("axes", PLANES)
def test_five_values_of_delta_give_all_of_the_published_convention(axes):
    _, excess, expected = at_any_delta("coherent-csi", axes, convention="published")
    np.testing.assert_allclose(excess, expected, rtol=1e-11, atol=1e-12 * expected.max())


def test_flavour_moments_of_flavour_states_do_not_depend_on_delta():
    plane = Plane("Lambda_e", "Lambda_mu", profiled=("delta_cp",))
    model = family_of([fold_experiment("conus")], Assumptions(mixing="desalas2018-no"), plane)
    assert model.series[0].tolist() == [0]
