"""Folding, spectra, limits, regions, maps: each beside its floor."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, final

import numpy as np
import pytest

from munu.analysis.model import interval, joint_model, moment_model
from munu.analysis.planes import family_of
from munu.analysis.region import delta_chi2_map
from munu.base.constants import ELECTRON_MASS_MEV
from munu.base.thresholds import delta_chi2
from munu.base.typing import FloatArray
from munu.experiments.load import load, setups
from munu.experiments.model import CountingExperiment
from munu.experiments.named import catalogue
from munu.folding.fold import fold, fold_shapes, recoil_spectrum
from munu.folding.folded import fold_experiment
from munu.folding.kept import KeptFolds
from munu.folding.prepared import PreparedFold
from munu.physics.assumptions import Assumptions
from munu.physics.centres import ScatteringCentre
from munu.physics.interactions.base import Amplitude, AmplitudeTerm, One, Profile, Shape
from munu.physics.interactions.form import forms
from munu.physics.interactions.registry import INTERACTIONS
from munu.physics.interactions.weak import (
    LEFT,
    RIGHT,
    UNIT,
    VECTOR,
    NeutronForm,
    ProtonForm,
    standard_amplitude,
)
from munu.reproduction.limits import limits_of
from munu.reproduction.today import SETS
from munu.sources import base
from munu.statistics.likelihoods.newton import NewtonLikelihood
from munu.statistics.models.plane import Plane
from munu.statistics.regions import region

ASSUMPTIONS = Assumptions(mixing="desalas2018-no")
PLANE = Plane("Lambda_1", "Lambda_2")
FIVE = ("coherent-csi", "coherent-ge", "coherent-lar", "coherent-nai", "conus")
MULTIPLICATIONS_PER_NODE = 9 * base.NODES_PER_PANEL
"""Legendre series: three products per term, for three moments."""

PAPER = (
    "coherent-csi",
    "coherent-ge",
    "coherent-lar",
    "coherent-nai",
    "conus",
    "connie",
    "miner",
    "texono",
    "red-100",
    "borexino",
)
FOLDED = [f"{name}@{setup}" for name in PAPER for setup in setups(name)]
DATA = [name for name in catalogue() if name not in PAPER]


def multiplications(count: int) -> Callable[[], Any]:
    """Return the floor of so many multiplications, in pieces that fit the cache."""
    piece = np.random.default_rng(1).random(min(count, 20_000))
    repeats = max(1, round(count / piece.size))

    def run() -> None:
        for _ in range(repeats):
            piece * piece

    return run


def counted(call: Callable[[], Any], monkeypatch: pytest.MonkeyPatch) -> int:
    """Return at how many lower limits moments of a `Spectrum` are asked for."""
    asked = [0]
    original = base.Spectrum.moments_at

    def count(self: base.Spectrum, minimum: Any, places: Any) -> Any:
        asked[0] += np.size(minimum) * bool(self.knots_mev.size)
        return original(self, minimum, places)

    with monkeypatch.context() as patch:
        patch.setattr(base.Spectrum, "moments_at", count)
        call()
    return max(asked[0], 1)


@pytest.mark.parametrize("name", FOLDED)
def test_fold(name, measure, monkeypatch):
    experiment = load(name)
    count = counted(lambda: fold(experiment), monkeypatch)
    measure(lambda: fold(experiment), multiplications(count * MULTIPLICATIONS_PER_NODE), aim="-")


@pytest.mark.parametrize("name", DATA)
def test_fold_data(name, measure, monkeypatch):
    experiment = load(name)
    count = counted(lambda: fold(experiment), monkeypatch)
    floor = multiplications(count * MULTIPLICATIONS_PER_NODE)
    measure(lambda: fold(experiment), floor, aim="300 ms", rounds=3)


def contact_shapes(experiment: CountingExperiment) -> tuple[Shape, ...]:
    """Return the shapes of all interactions without a mass, whatever the registry has."""
    model, amplitudes = experiment.standard_model, [standard_amplitude(experiment.standard_model)]
    for interaction in INTERACTIONS:
        if not {"mediator_mass", "sterile_mass"} & set(interaction.settings):
            for parameter in interaction.parameters:
                amplitudes += interaction.amplitudes(parameter, model, ASSUMPTIONS)
    return shapes_of(experiment, amplitudes)


def shapes_of(experiment: CountingExperiment, amplitudes: Sequence[Amplitude]) -> tuple[Shape, ...]:
    """Return the shapes that amplitudes need of what an experiment counts."""
    states = [component.state for component in experiment.source.components(experiment.mixing)]
    needed = forms(amplitudes, states, experiment.mixing)
    return tuple(shape for shape in needed if shape.kernel.recoil in experiment.recoils)


COUNTING = [name for name in DATA if isinstance(load(name), CountingExperiment)]


@pytest.mark.parametrize("name", COUNTING)
def test_fold_with_all_contact_interactions(name, measure):
    """The floor is the fold without them."""
    experiment = load(name)
    shapes = contact_shapes(experiment)
    measure(
        lambda: fold_shapes(experiment, None, shapes),
        lambda: fold(experiment),
        aim="2 times the floor",
        rounds=5,
    )


@final
@dataclass(frozen=True)
class Exchange(Profile):
    """h' / (2MT + m²): what a mediator of mass m makes of the profile h' of a contact (1/MeV²)."""

    contact: Profile
    mass_mev: float

    def __call__(self, centre: ScatteringCentre, recoil_energy_kev: FloatArray) -> FloatArray:
        target = centre.nucleus.mass_mev if centre.nucleus else ELECTRON_MASS_MEV
        denominator = 2e-3 * target * recoil_energy_kev + self.mass_mev**2
        return self.contact(centre, recoil_energy_kev) / denominator


MASSES_MEV = np.geomspace(0.1, 1e4, 60)


def exchange_shapes(experiment: CountingExperiment, mass_mev: float) -> tuple[Shape, ...]:
    """Return the shapes of a vector mediator, on nuclei and electrons, with the weak amplitude."""
    contacts = (
        (VECTOR, ProtonForm()),
        (VECTOR, NeutronForm()),
        (LEFT, One()),
        (RIGHT, One()),
    )
    new = tuple(AmplitudeTerm(one, Exchange(h, mass_mev), UNIT) for one, h in contacts)
    return shapes_of(experiment, [standard_amplitude(experiment.standard_model), new])


@pytest.mark.parametrize("name", ["coherent-csi-2021", "xenonnt-sr0-er"])
def test_sixty_masses_of_a_mediator(name, measure):
    """From the experiment on; the floor is the product of each shape with the acceptance."""
    experiment = load(name)
    of_masses = [exchange_shapes(experiment, mass) for mass in MASSES_MEV]
    at = PreparedFold(experiment, experiment.mixing)
    products = []
    for index, (centre, _) in enumerate(at.centres):
        kernels = [s.kernel for s in of_masses[0] if s.kernel.recoil == centre.recoil]
        piece = at.centre(index, kernels[0])
        products.append((np.ones((len(kernels), len(at.components), piece.weights.size)), piece))

    def call() -> None:
        folds = KeptFolds(experiment, experiment.mixing)
        for shapes in of_masses:
            folds.counts(shapes)

    def floor() -> None:
        for _ in MASSES_MEV:
            for rates, piece in products:
                rates @ piece.acceptance

    measure(call, floor, aim="3 s", rounds=3)


def test_spectrum_of_200_points_on_natural_germanium(measure, monkeypatch):
    experiment = load("conus")
    energies = np.geomspace(0.05, 3.0, 200)

    def call() -> Any:
        return recoil_spectrum(experiment, energies)

    count = counted(call, monkeypatch)
    measure(call, multiplications(count * MULTIPLICATIONS_PER_NODE), aim="3 ms", rounds=50)


def test_limit_from_a_folded_response(measure):
    folded = fold_experiment("conus")
    model = moment_model(folded, ASSUMPTIONS)
    vector, matrix = np.ones(3, complex), model.w[0]
    measure(
        lambda: interval(model, "Lambda_1", ASSUMPTIONS),
        lambda: np.vdot(vector, matrix @ vector),
        aim="100 µs",
        rounds=500,
    )


def test_region_of_one_experiment(measure):
    family = family_of([fold_experiment("conus")], ASSUMPTIONS, PLANE)
    measure(
        lambda: region(family, PLANE, delta_chi2(0.9, 2)),
        multiplications(181 * 9 * 2),
        aim="1 ms",
        rounds=200,
    )


def test_region_of_five_experiments(measure):
    family = family_of([fold_experiment(name) for name in FIVE], ASSUMPTIONS, PLANE)
    measure(
        lambda: region(family, PLANE, delta_chi2(0.9, 2)),
        multiplications(181 * 9 * 2 * 5),
        aim="20 ms",
        rounds=30,
    )


def test_map_of_a_million_points_of_five_experiments(measure):
    family = family_of([fold_experiment(name) for name in FIVE], ASSUMPTIONS, PLANE)
    axis = np.linspace(0, 2e-9, 1000)
    measure(
        lambda: delta_chi2_map(family, PLANE, axis, axis),
        multiplications(5 * 5 * axis.size**2),
        aim="1 s",
        rounds=3,
    )


@pytest.mark.parametrize("name", DATA)
def test_likelihood_minimised_over_nuisances(name, measure):
    model = moment_model(fold_experiment(name), ASSUMPTIONS)
    limit = interval(model, "Lambda_3", ASSUMPTIONS).upper_mu_b
    signal = model.sm + model.dipole_events(np.array([0, 0, limit]))
    nuisances = len(getattr(model.likelihood, "names", ())) or 1
    measure(
        lambda: model.likelihood.chi2(signal),
        multiplications(signal.size * nuisances**2),
        aim="200 µs",
        rounds=30,
    )


LARGEST = ["coherent-csi-2021", "coherent-lar-2020", "dresden-ii"]


@pytest.mark.parametrize("name", LARGEST)
def test_a_hundred_likelihoods_minimised_over_nuisances(name, measure):
    model = moment_model(fold_experiment(name), ASSUMPTIONS)
    limit = interval(model, "Lambda_3", ASSUMPTIONS).upper_mu_b
    moments = np.zeros((100, 3))
    moments[:, 2] = np.linspace(0.0, 1.5 * limit, 100)
    signals = model.sm + model.dipole_events(moments)
    assert isinstance(model.likelihood, NewtonLikelihood)
    nuisances = len(model.likelihood.names)
    measure(
        lambda: model.likelihood.chi2(signals),
        multiplications(signals.size * nuisances**2),
        aim="20 ms",
        rounds=10,
    )


@pytest.mark.parametrize("name", LARGEST)
def test_region_with_a_moment_profiled(name, measure):
    plane = Plane("Lambda_1", "Lambda_2", ("Lambda_3",))
    family = family_of([fold_experiment(name)], ASSUMPTIONS, plane)
    nuisances = len(getattr(family.likelihood, "names", ()))
    measure(
        lambda: region(family, plane, delta_chi2(0.9, 2)),
        multiplications(181 * 20 * family.sm.size * nuisances**2),
        aim="-",
        rounds=1,
    )


@pytest.mark.parametrize("name", COUNTING)
def test_likelihood_at_given_nuisances(name, measure):
    model = moment_model(fold_experiment(name), ASSUMPTIONS)
    likelihood = model.likelihood
    if not isinstance(likelihood, NewtonLikelihood):
        pytest.skip("no nuisances")
    signal, theta = model.sm[None], np.zeros((1, len(likelihood.names)))
    measure(
        lambda: likelihood.terms(signal, theta),
        multiplications(signal.size * theta.size**2),
        aim="200 µs",
        rounds=100,
    )


@pytest.mark.parametrize("name", LARGEST)
def test_profiled_limit(name, measure):
    model = joint_model([fold_experiment(name), fold_experiment("xenonnt-sr0-er")], ASSUMPTIONS)
    signal = model.sm.size
    nuisances = len(getattr(model.likelihood, "names", ()))
    measure(
        lambda: interval(model, "Lambda_1", ASSUMPTIONS, others="profiled"),
        multiplications(100 * signal * nuisances**2),
        aim="100 ms",
        rounds=3,
    )


@pytest.mark.parametrize("label", ["COHERENT, reactors", "all"])
def test_profiled_limit_of_a_combination(label, measure):
    model = joint_model([fold_experiment(name) for name in SETS[label]], ASSUMPTIONS)
    nuisances = len(getattr(model.likelihood, "names", ()))
    measure(
        lambda: interval(model, "Lambda_1", ASSUMPTIONS, others="profiled"),
        multiplications(100 * model.sm.size * nuisances**2),
        aim="100 ms",
        rounds=3,
    )


@pytest.mark.parametrize("label", ["CsI", "COHERENT, reactors"])
def test_all_limits_of_a_set_of_data(label, measure):
    """Eleven, five of them profiled, of expected data: as `munu reproduce today` asks for them."""
    folded = [fold_experiment(name) for name in SETS[label]]
    model = joint_model(folded, ASSUMPTIONS)
    nuisances = len(getattr(model.likelihood, "names", ()))
    measure(
        lambda: limits_of(folded, replace(ASSUMPTIONS, asimov=True)),
        multiplications(11 * 100 * model.sm.size * nuisances**2),
        aim="-",
        rounds=3,
    )


def test_region_of_four_sets_with_a_moment_and_three_phases_profiled(measure):
    plane = Plane("Lambda_1", "Lambda_2", ("Lambda_3", "delta_cp", "xi_1", "xi_2"))
    folded = [fold_experiment(name) for name in SETS["COHERENT, reactors"]]
    family = family_of(folded, ASSUMPTIONS, plane)
    nuisances = len(getattr(family.likelihood, "names", ()))
    measure(
        lambda: region(family, plane, delta_chi2(0.9, 2)),
        multiplications(181 * 20 * family.sm.size * nuisances**2),
        aim="5 s",
        rounds=1,
    )
