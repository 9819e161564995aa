"""The sterile dipole portal: its kinematics, and what it becomes without a mass."""

from __future__ import annotations

import itertools
from dataclasses import replace
from math import sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import munu
from munu.base.errors import MunuError
from munu.base.typing import FloatArray
from munu.detectors.detector import Detector
from munu.detectors.efficiency import Flat
from munu.detectors.quenching import Unquenched
from munu.detectors.resolution import Perfect
from munu.experiments.model import CountingExperiment
from munu.folding.fold import fold_shapes
from munu.physics.assumptions import Assumptions
from munu.physics.centres import ElectronCentre, NuclearCentre, ScatteringCentre
from munu.physics.form_factors import Helm
from munu.physics.interactions.base import Amplitude
from munu.physics.interactions.dipole import Dipole
from munu.physics.interactions.form import forms
from munu.physics.interactions.portal_kinematics import (
    LeastEnergy,
    RecoilLimits,
    heaviest_mev,
    threshold_mev,
)
from munu.physics.interactions.propagator import target_mass_mev
from munu.physics.interactions.sterile_portal import PORTAL, SterilePortal
from munu.physics.interactions.weak import standard_amplitude
from munu.physics.mixing import global_fit
from munu.physics.nuclei import Target, nucleus
from munu.physics.parameters import MOMENTS

MIXING = global_fit("nufit60-no")
CENTRES = [
    ElectronCentre("Xe"),
    NuclearCentre(nucleus=munu.load("conus").target.fractions[0][0], form_factor=Helm()),
]
EFFECTIVE = [one for one in MOMENTS if one.name.startswith("mu_nu_")]


def counting(name: str) -> CountingExperiment:
    loaded = munu.load(name)
    assert isinstance(loaded, CountingExperiment)
    return loaded


def form_of(experiment: CountingExperiment, amplitudes: list[Amplitude]) -> FloatArray:
    """Return G_sb of amplitudes without the Standard Model's row, shape (n_s, n_bins, n, n)."""
    states = [one.state for one in experiment.source.components(MIXING)]
    whole = [standard_amplitude(experiment.standard_model), *amplitudes]
    shapes = [s for s in forms(whole, states, MIXING) if s.kernel.recoil in experiment.recoils]
    return fold_shapes(experiment, MIXING, shapes).form(whole, MIXING)[:, :, 1:, 1:]


def portal(experiment: CountingExperiment, mass_mev: float) -> FloatArray:
    """Return G_sb of all three moments: six coordinates."""
    given_ = Assumptions(mixing=MIXING, sterile_mass=f"{mass_mev!r} MeV")
    amplitudes = [
        one
        for parameter in PORTAL
        for one in SterilePortal().amplitudes(parameter, experiment.standard_model, given_)
    ]
    return form_of(experiment, amplitudes)


@settings(max_examples=60)
@given(centre=st.sampled_from(CENTRES), mass=st.floats(1e-3, 20.0), ratio=st.floats(1.001, 50.0))
def test_recoils_begin_and_end_where_the_least_energy_says(
    centre: ScatteringCentre, mass: float, ratio: float
) -> None:
    energy = ratio * threshold_mev(mass, target_mass_mev(centre))
    ends = RecoilLimits(mass)(centre, np.array([energy]))
    np.testing.assert_allclose(LeastEnergy(mass)(centre, ends), energy, rtol=1e-9)
    assert ends[0] < ends[1]
    assert LeastEnergy(mass)(centre, np.array([sqrt(ends[0] * ends[1])]))[0] < energy


@pytest.mark.parametrize("centre", CENTRES, ids=["electron", "nucleus"])
@pytest.mark.parametrize("mass", [0.1, 2.0, 9.0, 40.0])
def test_threshold(mass: float, centre: ScatteringCentre) -> None:
    """The least of E_min is m4 + m4²/2M, and the heaviest of an energy is its inverse."""
    recoils = np.geomspace(1e-5, 1e6, 4_000_001)
    least, target = LeastEnergy(mass)(centre, recoils).min(), target_mass_mev(centre)
    own = threshold_mev(mass, target)
    assert least == pytest.approx(own, rel=1e-9)
    assert heaviest_mev(own, target) == pytest.approx(mass, rel=1e-8)
    assert RecoilLimits(mass)(centre, np.array([0.999 * own])).size == 0


def test_nothing_is_made_above_the_threshold_of_a_line() -> None:
    """Prompt neutrinos have 29.792 MeV, less what argon takes: the heaviest is 29.781 MeV."""
    prompt = replace(
        counting("coherent-lar"),
        target=Target(((nucleus("Ar40"), 1.0),)),
        detector=Detector("recoil", np.array([1.0, 60.0]), Unquenched(), Flat(1.0), Perfect()),
        axes=(),
        variants=(),
    )
    heaviest = heaviest_mev(29.7919, nucleus("Ar40").mass_mev)
    assert heaviest == pytest.approx(29.780, abs=1e-3)
    rows = [i for i, one in enumerate(prompt.source.components(MIXING)) if one.beam == "prompt"]
    below, above = (portal(prompt, part * heaviest)[rows].max() for part in (1 - 1e-4, 1 + 1e-4))
    assert below > 0 == above


@pytest.mark.parametrize(
    ("name", "apart"),
    [("coherent-csi-2021", 1e-3), ("conus", 1e-3), ("dresden-ii", 1e-3), ("xenonnt-sr0-er", 1e-10)],
)
def test_without_a_mass_it_is_a_magnetic_moment(name: str, apart: float) -> None:
    """On nuclei but for the √(T/2M) of moments, whose kinematics are those of the paper."""
    experiment = counting(name)
    massless = portal(experiment, 1e-7)[:, :, ::2, ::2]
    given_ = Assumptions(mixing=MIXING)
    moments = [Dipole().amplitudes(one, experiment.standard_model, given_)[0] for one in EFFECTIVE]
    expected = form_of(experiment, moments)
    diagonal = np.arange(3)
    np.testing.assert_allclose(
        massless[:, :, diagonal, diagonal].sum(axis=1),
        expected[:, :, diagonal, diagonal].sum(axis=1),
        rtol=apart,
    )


def test_a_mass_lowers_the_rate_and_shifts_it_away_from_low_recoils() -> None:
    experiment = counting("conus")
    totals = [portal(experiment, mass)[..., 0, 0].sum() for mass in (1e-6, 0.1, 1.0, 2.0, 4.0, 6.0)]
    assert all(one > other > 0 for one, other in itertools.pairwise(totals))


@settings(max_examples=8)
@given(
    name=st.sampled_from(["coherent-lar", "conus", "xenonnt-sr0-er"]),
    part=st.floats(1e-3, 0.99),
    seed=st.integers(0, 2**32 - 1),
)
def test_counts_are_never_negative(name: str, part: float, seed: int) -> None:
    experiment = counting(name)
    endpoint = max(one.spectrum.endpoint_mev for one in experiment.source.components(MIXING))
    target = max(target_mass_mev(centre) for centre, _ in experiment.centres())
    form = portal(experiment, part * heaviest_mev(endpoint, target))
    x = np.random.default_rng(seed).normal(size=(20, 6))
    counts = np.einsum("nj,sbjk,nk->nsb", x, form, x)
    assert counts.min() >= -1e-12 * max(counts.max(), 1e-300)


def test_phases_and_common_rotations_of_the_flavours() -> None:
    """A common phase changes nothing; the Sun tells the relative one, pure flavours do not."""
    turn = np.exp(0.7j)
    mu = np.array([0.4, -0.2 + 0.5j, 0.9j])
    for name, tells in (("xenonnt-sr0-er", True), ("coherent-lar", False)):
        form = portal(counting(name), 0.05).sum(axis=(0, 1))

        def counts(vector: FloatArray, form: FloatArray = form) -> float:
            x = np.column_stack([vector.real, vector.imag]).ravel()
            return float(x @ form @ x)

        assert counts(turn * mu) == pytest.approx(counts(mu), rel=1e-12)
        relative = mu * np.array([turn, 1.0, 1.0])
        assert (abs(counts(relative) / counts(mu) - 1) > 1e-3) == tells


def test_lines_of_the_sun_begin_and_end_abruptly() -> None:
    """Recoils of ⁷Be neutrinos lie between both ends of the line, to the last digit of a bin."""
    mass, electron = 0.3, 0.51099895
    loaded = counting("xenonnt-sr0-er")
    energy = 0.8618
    root = energy * sqrt(
        4 * electron**2 * energy**2 - 4 * electron * mass**2 * (electron + energy) + mass**4
    )
    middle = 2 * electron * energy**2 - mass**2 * (electron + energy)
    low, high = (
        1e3 * (middle + sign * root) / (2 * electron * (electron + 2 * energy)) for sign in (-1, 1)
    )
    (source,) = [replace(loaded.source, nuclides=("7Be",))]
    lines = [line for c in source.components(MIXING) for line in c.spectrum.lines]
    assert max(line[0] for line in lines) == pytest.approx(energy, abs=1e-3)
    edges = np.array([0.5 * low, 0.98 * low, 1.02 * low, 0.98 * high, 1.02 * high, 2 * high])
    detector = Detector("recoil", edges, Unquenched(), Flat(1.0), Perfect())
    experiment = replace(
        loaded, source=source, detector=detector, axes=(), variants=(), recoils=("electron",)
    )
    counts = portal(experiment, mass)[..., 0, 0].sum(axis=0)
    assert counts[0] == 0
    assert counts[-1] == 0
    assert np.all(counts[1:-1] > 0)


@pytest.mark.parametrize(
    ("mass", "message"),
    [
        (None, "no sterile mass is stated. State it, as in --sterile-mass"),
        ("10", "10"),
        ("10 kg", "kg"),
        ("-1 MeV", "-1 MeV"),
        ("0 MeV", "0 MeV"),
        ("nan MeV", "nan"),
    ],
)
def test_a_mass_that_is_none_is_refused(mass: str | None, message: str) -> None:
    with pytest.raises(MunuError, match=message):
        SterilePortal().amplitudes(
            PORTAL[0],
            counting("conus").standard_model,
            Assumptions(mixing=MIXING, sterile_mass=mass),
        )
