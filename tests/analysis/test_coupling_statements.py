"""Limits and regions of couplings that interfere: a made-up interaction, by name, as a user asks.

χ² is checked against folds of experiments whose quarks have other couplings, species by species.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any, final

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import munu
from munu.analysis.couplings import couplings_by_bin
from munu.analysis.model import joint_model
from munu.analysis.question import Question
from munu.analysis.statement import fold_assumed
from munu.base.errors import MunuError
from munu.base.thresholds import delta_chi2
from munu.base.typing import FloatArray
from munu.cli import main as entry
from munu.experiments.model import CountingExperiment
from munu.folding.folded import fold_experiment
from munu.physics.assumptions import Assumptions
from munu.physics.interactions import registry
from munu.physics.interactions.base import (
    Amplitude,
    AmplitudeTerm,
    Interaction,
    StandardModel,
)
from munu.physics.interactions.weak import VECTOR, NeutronForm, ProtonForm
from munu.physics.parameters import PURE_NUMBER, Parameter
from munu.results import CouplingLimitResult, CouplingRegionResult

FLAVOURS = ("e", "mu")
SPECIES = {"e": ("nu_e", "nu_e_bar"), "mu": ("nu_mu", "nu_mu_bar")}
TO_PROTONS, TO_NEUTRONS = 1.0, 2.0
NINETY = delta_chi2(0.90, 1)


@final
@dataclass(frozen=True)
class MadeUp(Interaction):
    """Vector couplings of ν_e and of ν_μ to nuclei, diagonal in flavour."""

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """One for each flavour."""
        return tuple(
            Parameter(f"made_up_{one}", f"y_{one}", PURE_NUMBER, "made-up couplings", "a coupling")
            for one in FLAVOURS
        )

    @property
    def settings(self) -> tuple[str, ...]:
        """None."""
        return ()

    def standard(
        self, parameter: Parameter, standard_model: StandardModel, assumptions: Assumptions
    ) -> float:
        """Return zero."""
        return 0.0

    def amplitudes(
        self, parameter: Parameter, standard_model: StandardModel, assumptions: Assumptions
    ) -> tuple[Amplitude, ...]:
        """Return what a coupling of one adds."""
        matrix = np.diag([float(parameter.name == f"made_up_{one}") for one in ("e", "mu", "tau")])
        return (
            (
                AmplitudeTerm(VECTOR, ProtonForm(), TO_PROTONS * matrix.astype(complex)),
                AmplitudeTerm(VECTOR, NeutronForm(), TO_NEUTRONS * matrix.astype(complex)),
            ),
        )


@pytest.fixture(autouse=True)
def made_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "INTERACTIONS", [*registry.INTERACTIONS, MadeUp()])


def with_down_quarks(experiment: CountingExperiment, coupling: float) -> CountingExperiment:
    """Return an experiment whose down quarks have another vector coupling: 1 per p, 2 per n."""
    own = experiment.couplings
    left, right = own.down_left + 0.5 * coupling, own.down_right + 0.5 * coupling
    return replace(experiment, couplings=replace(own, down_left=left, down_right=right))


@pytest.fixture(scope="module")
def counted() -> Any:
    """Return the signal of an experiment as a function of the couplings, by folds of its own."""

    def signal_of(name: str) -> Any:
        folded = fold_experiment(name)
        experiment = folded.experiment
        assert isinstance(experiment, CountingExperiment)

        def one(flavour: str, coupling: float) -> FloatArray:
            folds = munu.fold(with_down_quarks(experiment, coupling)).folds()
            kept = [s in SPECIES[flavour] for s in folds[0].species]
            return np.concatenate([fold.sm_events[kept].sum(axis=0) for fold in folds])

        thrice = {
            flavour: np.array([one(flavour, x) for x in (-1.0, 0.0, 1.0)]) for flavour in FLAVOURS
        }

        def signal(*couplings: float) -> FloatArray:
            total = 0.0
            for flavour, x in zip(FLAVOURS, couplings, strict=True):
                low, middle, high = thrice[flavour]
                total = total + middle + 0.5 * x * (high - low)
                total = total + 0.5 * x**2 * (high + low - 2 * middle)
            return np.asarray(total)

        model = joint_model([folded], Assumptions(mixing="desalas2018-no"))
        return lambda *couplings: float(model.likelihood.chi2(signal(*couplings)))

    known: dict[str, Any] = {}

    def chi2_of(name: str) -> Any:
        if name not in known:
            known[name] = signal_of(name)
        return known[name]

    return chi2_of


def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: str) -> str:
    monkeypatch.setattr("sys.argv", ["munu", *words])
    with pytest.raises(SystemExit) as stop:
        entry.main()
    out, error = capsys.readouterr()
    assert stop.value.code == 0, error
    return out


@pytest.mark.parametrize("name", ["coherent-csi-2021", "coherent-lar-2020", "dresden-ii"])
def test_the_form_is_the_fold(name: str) -> None:
    folded, settled = fold_assumed(name, None, Assumptions())
    parameters = [registry.parameter(f"made_up_{one}") for one in FLAVOURS]
    model = couplings_by_bin(folded, Question(tuple(parameters), (), {}), settled).model
    experiment = folded[0].experiment
    assert isinstance(experiment, CountingExperiment)
    for x in (0.3, -0.4):
        expected = munu.fold(with_down_quarks(experiment, x)).sm_of_folds()
        both = np.array([1.0, x, x])
        np.testing.assert_allclose(both @ model.forms @ both, expected, rtol=1e-10)


@pytest.mark.parametrize("name", ["dresden-ii", "coherent-csi-2021"])
def test_both_solutions_are_found_and_end_on_the_level(name: str, counted: Any) -> None:
    found = munu.limit(name, "made_up_e")
    assert isinstance(found, CouplingLimitResult)
    chi2 = counted(name)
    grid = np.linspace(-0.5, 1.5, 2001)
    curve = np.array([chi2(x, 0.0) for x in grid])
    assert found.chi2_min == pytest.approx(curve.min(), abs=2e-3)
    assert found.chi2_min <= curve.min() + 1e-9
    inside = curve <= found.chi2_min + NINETY
    starts = grid[1:][inside[1:] & ~inside[:-1]]
    stops = grid[:-1][inside[:-1] & ~inside[1:]]
    assert len(found.intervals) == len(starts) == len(stops)
    np.testing.assert_allclose(found.intervals[:, 0], starts, atol=1.1e-3)
    np.testing.assert_allclose(found.intervals[:, 1], stops, atol=1.1e-3)
    for end in found.intervals.ravel():
        assert chi2(end, 0.0) == pytest.approx(found.chi2_min + NINETY, abs=1e-6)


def test_a_reactor_has_two_intervals_on_the_command_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ("limit", "conus", "--parameter", "made_up_e")
    document = json.loads(
        run(monkeypatch, capsys, "limit", "conus", "--parameter", "made_up_e", "--json")
    )
    assert document["unit"] == ""
    (first, second) = document["intervals"]
    assert first[0] < 0 < first[1] < second[0] < second[1]
    table = run(monkeypatch, capsys, *asked)
    assert "2 solutions" in table
    assert table.count("y_e") >= 2


def test_mirror_of_a_coupling() -> None:
    """With Asimov data x and its mirror image, at which the charge changes sign, are alike."""
    found = munu.limit("conus@future", "made_up_e", expected=True)
    assert isinstance(found, CouplingLimitResult)
    experiment = munu.load("conus@future")
    assert isinstance(experiment, CountingExperiment)
    couplings, charges = experiment.couplings, []
    for centre, _ in experiment.centres():
        z, n = centre.nucleus.protons, centre.nucleus.neutrons
        weak = couplings.proton_vector * z + couplings.neutron_vector * n
        charges.append(-2 * weak / (TO_PROTONS * z + TO_NEUTRONS * n))
    mirror = found.intervals[1].mean() + found.intervals[0].mean()
    assert min(charges) < mirror < max(charges)


def test_profiling_widens_and_obeys_the_other_coupling(counted: Any) -> None:
    name = "coherent-csi-2021"
    alone = munu.limit(name, "made_up_e")
    free = munu.limit(name, "made_up_e", profile=["made_up_mu"])
    assert isinstance(alone, CouplingLimitResult)
    assert isinstance(free, CouplingLimitResult)
    assert free.intervals[0, 0] < alone.intervals[0, 0]
    assert free.intervals[-1, 1] > alone.intervals[-1, 1]
    chi2 = counted(name)
    others = np.linspace(-0.6, 1.0, 801)
    for end in free.intervals.ravel():
        lowest = min(chi2(end, other) for other in others)
        assert lowest == pytest.approx(free.chi2_min + NINETY, abs=2e-3)


def test_regions_have_every_piece_and_end_on_the_level(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], counted: Any
) -> None:
    name = "coherent-csi-2021"
    text = run(monkeypatch, capsys, "region", name, "--plane", "made_up_e,made_up_mu", "--json")
    found = munu.results.read_json(text)
    assert isinstance(found, CouplingRegionResult)
    chi2 = counted(name)
    level = found.chi2_min + delta_chi2(0.90, 2)
    vertices = np.concatenate(found.polygons)
    assert len(vertices) > 60
    rises = np.array([chi2(x, y) - level for x, y in vertices[:: len(vertices) // 40]])
    # The nuisances of one signal may be found in a valley that is a little higher.
    assert np.all((rises > -1e-5) & (rises < 2e-3))
    assert np.mean(np.abs(rises) < 1e-5) > 0.9
    grid = np.linspace(-0.5, 0.9, 41)
    from matplotlib.path import Path

    for x in grid:
        for y in grid:
            rise = chi2(x, y) - level
            if abs(rise) > 0.3:
                crossings = sum(Path(one).contains_point((x, y)) for one in found.outlines)
                assert (crossings % 2 == 1) == (rise < 0), (x, y)


@pytest.mark.parametrize("name", ["coherent-csi-2021", "conus-plus", "dresden-ii"])
def test_the_weak_angle_is_the_same_by_both_ways(name: str) -> None:
    found = munu.limit(name, "sin2_theta_w")
    other = munu.weak_angle(name)
    assert isinstance(found, CouplingLimitResult)
    assert found.best_fit == pytest.approx(other.best_fit, abs=2e-6)
    low, high = found.intervals[0]
    assert low == pytest.approx(max(other.low_90, 0.0), abs=2e-6)
    assert high == pytest.approx(other.high_90, abs=2e-6)


@settings(max_examples=12, deadline=None)
@given(shift=st.floats(-0.05, 0.05))
def test_the_interval_of_expected_data_holds_the_standard_model(shift: float) -> None:
    found = munu.limit("conus-plus", "sin2_theta_w", expected=True, sigma_sys=0.1 + shift)
    assert isinstance(found, CouplingLimitResult)
    low, high = found.intervals[0]
    assert low < 0.2386 < high


def test_a_coupling_that_nothing_tells_is_named() -> None:
    found = munu.limit("conus", "made_up_mu")
    assert isinstance(found, CouplingLimitResult)
    assert np.all(np.isinf(found.intervals))
    assert found.unbounded_because == "blind direction"
    assert found.blind_because == "no neutrino of conus scatters by made_up_mu"
    with pytest.raises(MunuError, match="no event tells made_up_mu here"):
        munu.region("conus", ("made_up_e", "made_up_mu"))


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda: munu.limit("conus", "made_up_f"), "Did you mean 'made_up_e'"),
        (lambda: munu.limit("conus", "made_up_e", profile="made_up_e"), "made_up_e has two roles"),
        (lambda: munu.region("conus", ("made_up_e", "made_up_e")), "made_up_e has two roles"),
        (lambda: munu.region("conus", ("made_up_e", "delta_cp")), "delta_cp is a phase"),
    ],
)
def test_bad_questions_are_refused(ask: Any, message: str) -> None:
    with pytest.raises(MunuError, match=message):
        ask()


def test_results_are_saved_and_read() -> None:
    for found in (
        munu.limit("conus", "made_up_mu"),
        munu.limit("dresden-ii", "made_up_e", expected=True),
        munu.region("coherent-csi-2021", ("made_up_e", "made_up_mu")),
    ):
        again = munu.results.read_json(found.to_json())
        assert again.to_json() == found.to_json()
        assert str(again) == str(found)
        assert found.to_csv().startswith(("parameter,", "line,kind,"))
