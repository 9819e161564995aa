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


def test_others_of_a_moment_are_profiled_beside_a_coupling_too():
    changes = {"interaction.radiative": False, "interaction.sin2_theta_w": 0.23}
    tree = munu.load("coherent-csi-2021", changes=changes)
    alone = munu.limit(tree, "Lambda_1", others="profiled")
    beside = munu.limit(tree, "Lambda_1", others="profiled", values={"sin2_theta_w": 0.23})
    assert beside.profiled == ("Lambda_2", "Lambda_3")
    assert beside.intervals[0, 1] == pytest.approx(alone.limit_mu_b, rel=1e-4)
    both = munu.limit(tree, "Lambda_1", others="profiled", profile="sin2_theta_w")
    assert both.profiled == ("sin2_theta_w", "Lambda_2", "Lambda_3")
    slice_ = munu.limit(tree, "Lambda_1", profile="sin2_theta_w")
    assert both.intervals[-1, 1] > 1.3 * slice_.intervals[-1, 1]


@pytest.mark.parametrize("question", [munu.limit, munu.profile, munu.coverage])
@pytest.mark.parametrize("name", ["sin2_theta_w", "mu_eff"])
def test_others_of_a_family_of_one_are_refused(question, name):
    with pytest.raises(MunuError, match=f"no difference to {name}: no other is of its family"):
        question("coherent-csi-2021", name, others="profiled")


@pytest.mark.parametrize(
    "question",
    [
        lambda: munu.limit("conus", profile="xi_1"),
        lambda: munu.region("conus", "sin2_theta_w,xi_1"),
        lambda: munu.envelope("conus", "epsilon_u_ee,delta_cp"),
    ],
)
def test_a_phase_of_moments_is_no_axis_beside_couplings(question):
    with pytest.raises(MunuError, match="is a phase, which regions, envelopes, posteriors"):
        question()


def test_an_envelope_of_real_couplings_says_that_no_phase_is_varied():
    with pytest.raises(MunuError, match="neither sin2_theta_w nor epsilon_u_ee is complex"):
        munu.envelope("conus", "sin2_theta_w,epsilon_u_ee")


def test_one_phase_alone_is_refused_by_a_profiled_scan_as_by_a_limit():
    question = {"others": "profiled", "xi_1": 0.4}
    with pytest.raises(MunuError, match="xi_1 is given and xi_2 is not"):
        munu.scan("conus", "Lambda_1", over="target.mass", at=["1 kg"], **question)
    with pytest.raises(MunuError, match="xi_1 is given and xi_2 is not"):
        munu.limit("coherent-csi-2021", "Lambda_1", profile="sin2_theta_w", **question)


def test_one_bin_beside_thousands_keeps_its_events():
    """Of CONUS+ and liquid argon: ends are where the likelihood itself says."""
    names = ["conus-plus", "coherent-lar-2020"]
    found = munu.limit(names, "sin2_theta_w", profile="mu_nu_e")
    likelihood = munu.likelihood(names, ["sin2_theta_w", "mu_nu_e"])
    (ends,) = found.intervals
    for end in ends:
        moments = np.linspace(0, 8e-10, 161)
        chi2 = likelihood.chi2(np.column_stack([np.full(moments.size, end), moments]))
        assert chi2.min() - found.chi2_min == pytest.approx(found.delta_chi2, abs=0.02)


@pytest.mark.parametrize(
    ("experiments", "one", "other"),
    [
        (("coherent-csi-2021",), "sin2_theta_w", "g_universal"),
        (("coherent-lar-2020",), "sin2_theta_w", "g_universal"),
        (("coherent-csi-2021", "coherent-lar-2020"), "g_b-l", "epsilon_u_ee"),
    ],
)
def test_a_mirror_of_what_is_profiled_is_found_from_either_side(experiments, one, other):
    """Its valley ends at the border of the domain, where no minimum over all coordinates is."""
    limits = [
        munu.limit(experiments, name, profile=[rest], mediator_mass="1 GeV")
        for name, rest in ((one, other), (other, one))
    ]
    assert limits[0].chi2_min == pytest.approx(limits[1].chi2_min, abs=1e-6)
    likelihood = munu.likelihood(experiments, (one, other), mediator_mass="1 GeV")
    grid = np.stack(
        np.meshgrid(np.linspace(0, 1, 41), np.linspace(0, 5e-3, 201), indexing="ij"), -1
    )
    if one == "sin2_theta_w":
        lowest = likelihood.chi2(grid.reshape(-1, 2)).reshape(41, 201).min(axis=1)
        allowed = grid[lowest < limits[0].chi2_min + limits[0].delta_chi2, 0, 0]
        inside = [any(a <= v <= b for a, b in limits[0].intervals) for v in allowed]
        assert all(inside)


def test_a_best_fit_elsewhere_does_not_contradict_the_standard_model() -> None:
    found = munu.limit("conus-plus", "epsilon_u_ee")
    twice = replace(found, best_fit=-1.151, standard_model_delta_chi2=0.0)
    assert "Best fit -1.151; the Standard Model fits as well (Δχ² = 0)." in str(twice)
    beside = replace(found, profiled=("epsilon_d_ee",), standard_model_delta_chi2=0.5)
    said = "at its best; the Standard Model, without any of it, is at Δχ² = 0.500."
    assert said in " ".join(str(beside).split())


@pytest.mark.parametrize(
    ("name", "parameter", "values"),
    [
        ("conus-plus", "Lambda_1", {"Lambda_2": 1e-8}),
        ("coherent-csi-2021", "epsilon_u_ee", {"epsilon_u_mumu": 0.3}),
    ],
)
def test_the_standard_model_may_fit_better_than_what_is_stated(
    name: str, parameter: str, values: dict[str, float]
) -> None:
    found = munu.limit(name, parameter, values=values)
    assert isinstance(found, CouplingLimitResult)
    standard = float(munu.likelihood(name, [parameter]).chi2(np.zeros((1, 1)))[0])
    rise = standard - found.chi2_min
    assert found.standard_model_delta_chi2 == pytest.approx(rise, abs=1e-6)
    assert rise < -4
    said = " ".join(str(found).split())
    assert f"the Standard Model fits better, by {-rise:.3g} in χ²." in said


def test_regions_say_that_the_standard_model_fits_better() -> None:
    plane, stated = ("epsilon_u_ee", "epsilon_d_ee"), {"epsilon_u_mumu": 0.3}
    found = munu.region("coherent-csi-2021", plane=plane, values=stated)
    assert found.standard_model_delta_chi2 < -4
    assert "the Standard Model fits better, by" in " ".join(str(found).split())
    alone = munu.region("conus-plus", plane=plane)
    assert alone.standard_model_delta_chi2 >= 0
    assert "the Standard Model is at Δχ² = " in " ".join(str(alone).split())
