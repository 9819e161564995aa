"""The atomic correction of xenon: its numbers, and what it corrects."""

import numpy as np
import pytest

from munu.base.errors import MunuError
from munu.physics.atomic_corrections import atomic_correction, corrections
from munu.physics.atoms import effective_electrons, steps
from munu.physics.centres import ElectronCentre
from munu.physics.interactions.dipole import ON_ELECTRON
from munu.physics.interactions.weak import FALLING, FLAT, MIXED

# The two curves that the ratio is of, as SNuDD has them (data/exps/lz, read off figures): energy
# (keV), RRPA and stepping, in one unit.
CURVES = np.array(
    [
        [0.5210400800619706, 2.2804086491358707, 2.6331587765019402],
        [1.0248, 3.457785495943881, 4.037215385821217],
        [2.142340236256214, 3.905281283066191, 4.409099815809068],
        [3.009, 3.905281283066191, 4.39003164556962],
        [6.011232750691397, 4.320372202845162, 5.10811909707254],
        [10.0, 4.0691, 5.0056],
        [15.14, 3.7718, 4.8789],
        [20.378865952717252, 3.5048497080377788, 4.757066367519692],
        [24.6, 3.303, 4.6506],
    ]
)


def test_the_ratio_is_that_of_the_two_curves():
    correction = atomic_correction("rrpa", "Xe")
    energy, rrpa, stepping = CURVES.T
    assert correction(energy) == pytest.approx(rrpa / stepping, rel=8e-3)


def test_the_ends_are_held():
    correction = atomic_correction("rrpa", "Xe")
    assert correction(np.array([0.01, 100.0])).tolist() == [0.8361, 0.6878]
    assert correction.reach_kev == (0.25, 30.0)
    assert "1610.04177" in correction.source


def test_the_weak_kernels_are_corrected_and_that_of_moments_is_not():
    recoil = np.array([0.5, 1.0, 3.0, 10.0, 20.0])
    plain, corrected = ElectronCentre("Xe"), ElectronCentre("Xe", atomic="rrpa")
    for kernel in (FLAT, FALLING, MIXED):
        before, after = (kernel.coefficients(centre, recoil) for centre in (plain, corrected))
        ratio = after[before != 0] / before[before != 0]
        expected = np.broadcast_to([0.863, 0.8577, 0.8895, 0.8133, 0.7404], before.shape)
        assert ratio == pytest.approx(expected[before != 0], rel=1e-12)
    moment = ON_ELECTRON.kernel
    assert np.array_equal(
        moment.coefficients(plain, recoil), moment.coefficients(corrected, recoil)
    )
    per_electron = moment.coefficients(plain, recoil)[0] / effective_electrons("Xe", recoil)
    assert per_electron * recoil == pytest.approx(per_electron[0] * recoil[0], rel=1e-12, abs=0)


def test_panels_are_cut_where_the_correction_has_kinks():
    borders = ElectronCentre("Xe", atomic="rrpa").steps_kev()
    assert np.all(np.isin(steps("Xe"), borders))
    assert np.all(np.isin(corrections()["rrpa"]["Xe"].energies_kev, borders))
    assert borders[0] == steps("Xe")[0]
    assert np.all(np.diff(borders) > 0)


def test_other_elements_have_no_numbers():
    with pytest.raises(MunuError, match=r"'rrpa' has no numbers of Ge.*Allowed: Xe"):
        ElectronCentre("Ge", atomic="rrpa")
