"""A prepared fold: further shapes against direct integrals, and against folds made anew."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import pairwise
from math import pi

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import poisson

from munu.base.typing import FloatArray
from munu.detectors.detector import Detector
from munu.detectors.efficiency import TabulatedEfficiency
from munu.detectors.quenching import Unquenched
from munu.detectors.resolution import Perfect, PoissonPhotoelectrons
from munu.experiments.identity import Identity
from munu.experiments.load import load
from munu.experiments.model import CountingExperiment
from munu.folding import folded, kept, prepared
from munu.folding.fold import fold_shapes
from munu.folding.folded import counts_of
from munu.folding.kept import KeptFolds
from munu.folding.prepared import PreparedFold
from munu.folding.shapes import shape_events
from munu.physics.centres import ScatteringCentre
from munu.physics.couplings import weak_couplings
from munu.physics.form_factors import Helm
from munu.physics.interactions.base import Kernel, One, Profile, Shape
from munu.physics.interactions.dipole import ON_ELECTRON, ON_NUCLEUS
from munu.physics.interactions.weak import FLAT, MIXED, VECTOR
from munu.physics.mixing import paper_mixing
from munu.physics.nuclei import parse_material
from munu.sources.spallation import SpallationSource
from munu.statistics.specification import Projection

ELECTRON_MASS_MEV = 0.51099895
(VECTOR_KERNEL,) = VECTOR.times(VECTOR)["neutrino"]


def target_mass_mev(centre: ScatteringCentre) -> float:
    return centre.nucleus.mass_mev if centre.nucleus else ELECTRON_MASS_MEV


@dataclass(frozen=True)
class Exchange(Profile):
    """1/(2MT + m²), of a mediator (1/MeV²)."""

    mass_mev: float

    def __call__(self, centre: ScatteringCentre, recoil_energy_kev: FloatArray) -> FloatArray:
        twice = 2 * target_mass_mev(centre) * recoil_energy_kev * 1e-3
        return np.asarray(1 / (twice + self.mass_mev**2))


def exchange(mass_mev: float) -> tuple[Shape, ...]:
    """Return shapes on nuclei and on electrons that only a mediator of one mass needs."""
    profile = Exchange(mass_mev)
    pairs = [
        (kernel, other) for kernel in (VECTOR_KERNEL, FLAT, MIXED) for other in (One(), profile)
    ]
    return tuple(Shape.of(kernel, profile, other) for kernel, other in pairs)


EDGES = np.array([2.0, 5.0, 9.0])
SMALL = CountingExperiment(
    identity=Identity("small", "test", "two bins of recoil energy"),
    source=SpallationSource(baseline_m=20.0, neutrinos_per_proton=0.08, protons_per_s=1e15),
    target=parse_material("Ar"),
    mass_kg=10.0,
    live_time_s=1e7,
    detector=Detector(
        "recoil",
        EDGES,
        Unquenched(),
        TabulatedEfficiency((1.0, 3.0, 8.0), (0.0, 0.0, 1.0)),
        Perfect(),
    ),
    form_factor=Helm(),
    couplings=weak_couplings(),
    statistic=Projection(sigma_stat=0.0, sigma_sys=0.0),
    mixing=paper_mixing(),
    recoils=("nuclear", "electron"),
)


def efficiency(recoil_kev: float) -> float:
    return float(np.interp(recoil_kev, (3.0, 8.0), (0.0, 1.0)))


def of_experiment(name: str) -> CountingExperiment:
    experiment = load(name)
    assert isinstance(experiment, CountingExperiment)
    return experiment


def direct(shape: Shape, mass_mev: float, energy_mev: float, flux: float) -> FloatArray:
    """Integrate a mediator's squared exchange on one line of the flux, from the formulas."""
    own = SMALL.centres()
    found = np.zeros(EDGES.size - 1)
    cm2 = 1.1663787e-11**2 * (197.3269804e-13) ** 2
    for centre, per_kg in own:
        mass = target_mass_mev(centre)
        if centre.recoil != shape.kernel.recoil:
            continue

        def rate(recoil_kev: float, mass: float = mass, centre: ScatteringCentre = centre) -> float:
            recoil = 1e-3 * recoil_kev
            squared = 1 / (2 * mass * recoil + mass_mev**2) ** 2
            if centre.recoil == "nuclear":
                bracket = mass / pi * (1 - mass * recoil / (2 * energy_mev**2))
            else:
                bracket = 2 * mass / pi
                bracket *= 18 - 2 * (recoil_kev < 3.2059)  # the K shell of argon
            return cm2 * 1e-3 * bracket * squared * efficiency(recoil_kev)

        end = 2e3 * energy_mev**2 / (mass + 2 * energy_mev * (centre.recoil == "electron"))
        for number, (low, high) in enumerate(pairwise(EDGES)):
            cuts = [x for x in (3.0, 3.2059, 8.0) if low < x < high]
            integral = quad(rate, low, min(high, end), points=cuts or None, epsrel=1e-11)[0]
            found[number] += flux * per_kg * SMALL.exposure_kg_s * integral
    return found


@pytest.mark.parametrize("mass_mev", [0.05, 3.0, 400.0])
@pytest.mark.parametrize("kernel", [VECTOR_KERNEL, FLAT])
def test_a_further_shape_is_the_integral_of_its_cross_section(kernel, mass_mev) -> None:
    """On the line of the prompt ν_μ; the shapes of another mass come first, and stay kept."""
    folds = KeptFolds(SMALL, SMALL.mixing)
    folds.counts(exchange(17.0))
    shape = Shape.of(kernel, Exchange(mass_mev), Exchange(mass_mev))
    found = folds.counts([shape])
    row = found.species.index("nu_mu")
    ((energy, flux),) = SMALL.source.components()[row].spectrum.lines
    expected = direct(shape, mass_mev, energy, flux)
    assert found.events[shape][row] == pytest.approx(expected, rel=1e-9)


SETS = [
    "coherent-csi-2021",  # variants of detector and axis, nuclei and electrons
    "coherent-lar-2020",  # two further axes
    "conus-plus",  # a template fit
    "xenonnt-sr0-er",  # electrons, mass states
]


@pytest.mark.parametrize("name", SETS)
def test_shapes_added_to_a_fold_are_those_of_one_fold(name: str) -> None:
    """To the last bit: what was folded before makes no difference."""
    experiment = of_experiment(name)
    one, other = (
        [s for s in exchange(m) if s.kernel.recoil in experiment.recoils] for m in (5.0, 80.0)
    )
    folds = KeptFolds(experiment, experiment.mixing)
    folds.counts(one)
    found = folds.counts(other)
    anew = fold_shapes(experiment, experiment.mixing, other)
    assert [v.name for v in found.variants] == [v.name for v in anew.variants]
    for mine, theirs in zip(found.folds(), anew.folds(), strict=True):
        assert list(mine.events) == list(theirs.events)
        assert all(np.array_equal(mine.events[s], theirs.events[s]) for s in mine.events)
        assert mine.axes[0].n_bins == theirs.axes[0].n_bins
    assert all(found.events[shape].any() for shape in other)


def test_only_new_shapes_are_folded(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def counting(at: PreparedFold, shapes):
        asked.append(len(shapes))
        return shape_events(at, shapes)

    monkeypatch.setattr(kept, "shape_events", counting)
    folds = KeptFolds(SMALL, SMALL.mixing)
    always = len(folds.counts(()).events)
    shapes = exchange(4.0)
    folds.counts(shapes[:2])
    folds.counts(shapes)
    folds.counts(shapes)
    assert asked == [always, 2, len(shapes) - 2]


def test_equal_experiments_share_what_was_prepared(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    original = Detector.acceptance

    def counting(self: Detector, recoil: FloatArray, nucleus) -> FloatArray:
        made.append(self.observable)
        return original(self, recoil, nucleus)

    experiment = replace(SMALL, mass_kg=11.7)
    monkeypatch.setattr(Detector, "acceptance", counting)
    counts_of(experiment, None, exchange(2.0))
    assert len(made) == len(experiment.centres())
    counts_of(replace(SMALL, mass_kg=11.7), None, exchange(3.0))
    assert len(made) == len(experiment.centres())
    counts_of(replace(SMALL, mass_kg=11.8), None, exchange(3.0))
    assert len(made) == 2 * len(experiment.centres())


@pytest.mark.parametrize("name", ["coherent-csi-2021", "conus"])
def test_too_many_probabilities_are_not_kept(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    experiment = of_experiment(name)
    expected = fold_shapes(experiment, None, exchange(9.0)[:2])
    monkeypatch.setattr(prepared, "MOST_KEPT", 0)
    found = fold_shapes(experiment, None, exchange(9.0)[:2])
    for mine, theirs in zip(found.folds(), expected.folds(), strict=True):
        for shape, events in theirs.events.items():
            assert mine.events[shape] == pytest.approx(events, rel=1e-13, abs=0)


def test_many_shapes_are_folded_in_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = fold_shapes(SMALL, None, exchange(9.0))
    monkeypatch.setattr("munu.folding.shapes.MOST_RATES", 1)
    found = fold_shapes(SMALL, None, exchange(9.0))
    assert all(np.array_equal(found.events[s], expected.events[s]) for s in expected.events)


def test_recoils_that_are_never_counted_are_left_out() -> None:
    """The efficiency is zero up to 3 keV, the bins begin at 2."""
    at = PreparedFold(SMALL, SMALL.mixing)
    piece = at.centre(0, ON_NUCLEUS.kernel)
    assert piece is not None
    assert piece.recoil_energy_kev.min() > 3.0
    assert at.centre(0, VECTOR_KERNEL) is piece


def test_photoelectrons_that_are_never_kept_are_left_out() -> None:
    efficiency = TabulatedEfficiency((0.0, 5.0, 9.0), (0.0, 0.0, 1.0))
    mean, n = np.array([0.5, 4.0, 11.0]), np.arange(12)
    found = PoissonPhotoelectrons().accept(mean, np.array([0.0, 5.0, 8.0, 12.0]), efficiency)
    probability = poisson.pmf(n, mean[:, None]) * efficiency(n + 0.5)
    expected = np.add.reduceat(probability, [0, 5, 8], axis=1)
    assert found == pytest.approx(expected, rel=1e-12)
    assert np.all(found[:, 0] == 0)


@dataclass(frozen=True)
class HeavyEnergy:
    """E_min of a sterile neutrino of mass m: (T + √(T²+2MT))/2 · (1 + m²/2MT), in MeV."""

    mass_mev: float

    def __call__(self, centre: ScatteringCentre, recoil_energy_kev: FloatArray) -> FloatArray:
        recoil, target = 1e-3 * recoil_energy_kev, target_mass_mev(centre)
        massless = 0.5 * (recoil + np.sqrt(recoil**2 + 2 * target * recoil))
        return massless * (1 + self.mass_mev**2 / (2 * target * recoil))


@dataclass(frozen=True)
class HeavyLimits:
    """T± of a sterile neutrino of mass m, in keV."""

    mass_mev: float

    def __call__(self, centre: ScatteringCentre, energy_mev: FloatArray) -> FloatArray:
        target, squared = target_mass_mev(centre), self.mass_mev**2
        inside = 4 * target**2 * energy_mev**2 - 4 * target * squared * (target + energy_mev)
        root = energy_mev * np.sqrt(np.maximum(inside + squared**2, 0.0))
        middle = 2 * target * energy_mev**2 - squared * (target + energy_mev)
        scale = 2e-3 * target * (target + 2 * energy_mev)
        return np.concatenate([(middle - root) / scale, (middle + root) / scale])


def constant(centre: ScatteringCentre, recoil_energy_kev: FloatArray) -> FloatArray:
    return np.stack(
        [np.full_like(recoil_energy_kev, 1e-40), *np.zeros((2, recoil_energy_kev.size))]
    )


def heavy(mass_mev: float) -> Shape:
    kernel = Kernel("electron", constant, HeavyEnergy(mass_mev), HeavyLimits(mass_mev))
    return Shape.of(kernel, One(), One())


def test_kernels_with_kinematics_of_their_own_have_panels_of_their_own() -> None:
    """A line makes recoils from T- to T+: T- lies inside the second bin, no kink of others."""
    folds = KeptFolds(SMALL, SMALL.mixing)
    standard = folds.counts(()).events[ON_ELECTRON]
    ((energy, flux),) = SMALL.source.components()[0].spectrum.lines
    shape = heavy(2.1)
    found = folds.counts([shape]).events[shape][0]
    (per_kg,) = [number for centre, number in SMALL.centres() if centre.recoil == "electron"]
    (centre,) = [centre for centre, _ in SMALL.centres() if centre.recoil == "electron"]
    low, high = HeavyLimits(2.1)(centre, np.array([energy]))
    assert 5.0 < low < 8.0 < high
    below, above = quad(efficiency, low, 8.0, epsrel=1e-13)[0], 1.0
    scale = 1e-40 * flux * per_kg * SMALL.exposure_kg_s
    assert found == pytest.approx([0.0, scale * (below + above)], rel=1e-10, abs=0)
    assert np.array_equal(folds.counts([shape]).events[ON_ELECTRON], standard)


def test_what_is_kept_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Panels of sterile masses, and events of shapes, those asked for longest ago first."""
    monkeypatch.setattr(prepared, "MOST_PIECES", 2)
    monkeypatch.setattr(kept, "MOST_BYTES", 400)
    folds = KeptFolds(SMALL, SMALL.mixing)
    masses = (0.5, 1.0, 2.0, 2.3)
    found = [folds.counts([heavy(mass), *exchange(mass)]) for mass in masses]
    again = [folds.counts([heavy(mass), *exchange(mass)]) for mass in masses]
    for one, other in zip(found, again, strict=True):
        assert all(np.array_equal(one.events[s], other.events[s]) for s in one.events)
    assert len(folds._events) == len(found[0].events)
    assert sum(limits is not None for _, limits in folds._prepared._pieces) == 2
    assert folded._kept.cache_info().maxsize == folded.PREPARED


def test_threads_may_share_a_fold() -> None:
    experiment = of_experiment("coherent-csi-2017")
    folds = KeptFolds(experiment, experiment.mixing)
    masses = np.geomspace(1.0, 100.0, 12)

    def ask(mass: float) -> FloatArray:
        shape = exchange(mass)[0]
        return folds.counts([shape]).events[shape]

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(ask, masses))
    for mass, events in zip(masses, found, strict=True):
        shape = exchange(mass)[0]
        assert np.array_equal(events, fold_shapes(experiment, None, [shape]).events[shape])
