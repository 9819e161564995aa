"""The mixing of a statement: that asked for, else that of the files; it reaches the fluxes too."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import munu
from munu.analysis.model import moment_model
from munu.base.errors import MunuError
from munu.cli import main as entry
from munu.experiments.load import load, loads
from munu.experiments.model import CountingExperiment, Experiment
from munu.folding.folded import at_mixing, counts_of, fold_experiment, fold_moment
from munu.physics.assumptions import Assumptions
from munu.physics.mixing import Mixing, global_fit, paper_mixing
from munu.sources import DecoheredSource, GeoneutrinoSource, SolarSource

OWN = replace(paper_mixing(), sin2_theta12=0.9, name="own")

FILE = """
format = 1
id = "ge"
title = "Germanium at a reactor"
reference = "none"

[source]
kind = "tabulated"
species = "nu_e_bar"
beam = "reactor"
points = [[1.8, 1e11], [4, 2e11], [8, 1e9]]

[target]
material = "Ge"
mass = "1 kg"

[exposure]
live_time = "100 days"

[detector]
observable = "recoil"
bins = { kind = "edges", edges = [0.3, 2], unit = "keV" }
efficiency = { model = "flat", fraction = 1 }
resolution = "perfect"

[interaction]
channels = ["nuclear"]
form_factor = { model = "helm", radius = "lewin-smith", skin_thickness = "0.9 fm" }
sin2_theta_w = 0.2312
radiative = true
mixing = "nufit60-no"

[statistic]
kind = "poisson"
observed = [720]
sigma_signal = 0.02
"""


def conversion(mixing: Mixing, energy_mev: float) -> float:
    """P_e1 of Be neutrinos at a sharp potential of 6.16e-12 eV, hep-ph/0404042."""
    two = 2 * np.arcsin(np.sqrt(mixing.sin2_theta12))
    gamma = 2e6 * energy_mev * 6.16e-12 * (1 - mixing.sin2_theta13) / mixing.dm2_21_ev2
    matter = np.arctan2(np.sin(two), np.cos(two) - gamma)
    two_flavours = np.cos(matter / 2) ** 2
    return float((1 - mixing.sin2_theta13) * two_flavours)


@pytest.mark.parametrize("name", ["nufit60-no", "desalas2020-io", OWN])
def test_the_mixing_asked_for_reaches_the_sun(name: Any) -> None:
    mixing = global_fit(name) if isinstance(name, str) else name
    first = 0.897 * conversion(mixing, 0.8618) + 0.103 * conversion(mixing, 0.3843)
    found = munu.limit("borexino-phase-ii", mixing=name)
    assert found.limit_mu_b == pytest.approx(2.8e-11 / np.sqrt(1 - first), rel=1e-3)
    assert found.assumptions.mixing == mixing.name


def test_an_own_mixing_moves_borexino_by_a_third() -> None:
    assert munu.limit("borexino-phase-ii").limit_mu_b == pytest.approx(4.46e-11, rel=1e-3)
    assert munu.limit("borexino-phase-ii", mixing=OWN).limit_mu_b == pytest.approx(
        2.92e-11, rel=2e-3
    )


def test_events_of_the_sun_follow_the_mixing() -> None:
    """Electrons tell ν_e from the others, so events grow with P_ee = Σ|U_ei|² P_ei."""
    counting = load("borexino-phase-ii")
    assert not isinstance(counting, CountingExperiment)
    detector = counting.counting
    assert detector is not None
    one = replace(detector, source=SolarSource(fluxes={"7Be": 1e9}))

    def p_ee(mixing: Mixing) -> float:
        first = conversion(mixing, 0.8618)
        weights = np.array([first, 1 - mixing.sin2_theta13 - first, mixing.sin2_theta13])
        return float(np.abs(mixing.pmns()[0]) ** 2 @ weights)

    mixings = [paper_mixing(), OWN, replace(paper_mixing(), sin2_theta12=0.1)]
    events = [munu.fold(one, mixing).sm_total().sum() for mixing in mixings]
    survival = [p_ee(mixing) for mixing in mixings]
    slope = (events[1] - events[0]) / (survival[1] - survival[0])
    assert slope > 0
    straight = events[0] + slope * (survival[2] - survival[0])
    assert events[2] == pytest.approx(straight, rel=2e-3)
    assert abs(events[2] / events[0] - 1) > 0.05
    assert munu.fold(one).sm_total() == pytest.approx(munu.fold(one, one.mixing).sm_total())


def test_what_a_file_states_does_not_follow_and_the_output_says_so() -> None:
    """P_e1 = 0.616 of arXiv:1905.03750's Borexino: only θ13 moves it."""
    found = munu.limit("borexino", mixing=OWN)
    assert found.limit_mu_b == pytest.approx(munu.limit("borexino").limit_mu_b, rel=1e-9)
    assert any("P_e1 = 0.616" in note and "own" in note for note in found.origin.notes)
    assert not any("P_e1 = 0.616 is" in note for note in munu.limit("borexino").origin.notes)
    assert not any("P_e1" in n for n in munu.limit("borexino-phase-ii", mixing=OWN).origin.notes)


STATEMENTS: dict[str, Callable[..., Any]] = {
    "limit": munu.limit,
    "profile": munu.profile,
    "region": munu.region,
    "envelope": munu.envelope,
    "coverage": lambda e, **options: munu.coverage(e, toys=1, moment_mu_b=[0.0], **options),
    "weak_angle": munu.weak_angle,
}


@pytest.mark.parametrize("name", STATEMENTS)
def test_the_file_s_mixing_is_that_of_every_statement(name: str) -> None:
    experiment = loads(FILE)
    statement = STATEMENTS[name]
    assert statement(experiment).assumptions.mixing == "nufit60-no"
    assert statement(experiment, mixing="desalas2018-no").assumptions.mixing == "desalas2018-no"
    assert statement(experiment, mixing=OWN).assumptions.mixing == "own"


def test_limits_take_the_file_s_mixing() -> None:
    """A reactor's W is D (1 - |U_e1|²) for Λ₁: the limits go as its inverse root."""
    experiment = loads(FILE)
    found = munu.limit(experiment).limit_mu_b
    other = munu.limit(experiment, mixing="desalas2018-no").limit_mu_b
    seen = [1 - abs(global_fit(n).pmns()[0, 0]) ** 2 for n in ("nufit60-no", "desalas2018-no")]
    assert found / other == pytest.approx(np.sqrt(seen[1] / seen[0]), rel=1e-6)
    assert found / other == pytest.approx(1.80321 / 1.77234, rel=1e-4)


def test_files_that_differ_are_refused_unless_one_is_asked_for() -> None:
    both = [loads(FILE), "conus"]
    with pytest.raises(MunuError, match=r"ge nufit60-no, conus desalas2018-no.*--mixing"):
        munu.limit(both)
    with pytest.raises(MunuError, match="differ in their mixing"):
        munu.region(both)
    assert munu.limit(both, mixing="nufit60-no").assumptions.mixing == "nufit60-no"
    same = loads(FILE.replace("nufit60-no", "desalas2018-no"))
    assert munu.limit([same, "conus"]).assumptions.mixing == "desalas2018-no"


def test_fits_mind_the_mixing_of_mass_states_only() -> None:
    """A reactor's events do not depend on it; those of the Sun on electrons do."""
    germanium, xenon = loads(FILE), load("xenonnt-sr0-er")
    fitted = munu.fit([germanium, xenon], toys=0)
    assert fitted.chi2 == pytest.approx(
        munu.fit(germanium, toys=0).chi2 + munu.fit(xenon, toys=0).chi2, rel=1e-6
    )
    changed = replace(xenon, mixing=OWN, identity=replace(xenon.identity, id="other"))
    alone = munu.fit(changed, toys=0).data[0].components
    expected = munu.fold(changed, OWN).sm_total().sum()
    signal = sum(c.expected_events for c in alone if c.kind == "signal")
    assert signal == pytest.approx(expected, rel=1e-9)
    assert expected != pytest.approx(munu.fold(xenon).sm_total().sum(), rel=1e-3)


def test_the_weak_angle_is_fitted_at_the_mixing_asked_for() -> None:
    found = munu.weak_angle("xenonnt-sr0-er", mixing=OWN)
    changed = replace(load("xenonnt-sr0-er"), mixing=OWN.with_delta(0.0))
    assert found.best_fit == pytest.approx(munu.weak_angle(changed).best_fit, rel=1e-9)
    assert found.best_fit != pytest.approx(munu.weak_angle("xenonnt-sr0-er").best_fit, rel=1e-3)


def test_models_are_folded_at_the_mixing_assumed() -> None:
    """Whoever builds a model cannot take the fluxes of another mixing."""
    folded = fold_experiment("borexino-phase-ii")
    model = moment_model(folded, Assumptions(mixing=OWN))
    again = fold_experiment("borexino-phase-ii", mixing=OWN).counts
    assert model.w == pytest.approx(again.w_matrices(OWN), rel=1e-12)
    reactor = fold_experiment("conus")
    assert at_mixing(reactor, OWN) is reactor
    electrons = fold_moment("conus-plus@electrons", channels="electron")
    assert at_mixing(electrons, OWN).counts is electrons.counts


def with_source(source: Any) -> Experiment:
    return replace(loads(FILE), source=source)


def test_decohered_fluxes_follow_the_mixing_and_hold_one_delta() -> None:
    source = DecoheredSource(source=GeoneutrinoSource(fluxes={"U": 2e12}))
    experiment = with_source(source)
    for mixing in (paper_mixing(), OWN):
        shares = [c.spectrum.total_flux_per_cm2_s / 2e12 for c in source.components(mixing)]
        assert shares == pytest.approx(list(np.abs(mixing.pmns()[0]) ** 2), rel=1e-5)
    with pytest.raises(MunuError, match="depend on delta_cp"):
        munu.region(experiment, "Lambda_1,delta_cp")


@pytest.mark.parametrize("source", [SolarSource(fluxes={"8B": 5e6})])
def test_mass_states_need_a_mixing(source: SolarSource) -> None:
    with pytest.raises(MunuError, match="depend on the mixing"):
        source.components()
    with pytest.raises(MunuError, match="is not a mixing"):
        source.components("nufit60-no")


def test_the_command_says_which_mixing_it_took(
    tmp_path: Any, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "ge.toml"
    path.write_text(FILE)
    for options, words in (((), "mixing nufit60-no"), (("--mixing", "desalas2020-no"), "2020")):
        monkeypatch.setattr("sys.argv", ["munu", "limit", str(path), *options])
        with pytest.raises(SystemExit):
            entry.main()
        assert words in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize(("delta_cp", "mixing"), [(1.2, None), (-2.0, None), (0.7, OWN)])
def test_flavours_know_no_mixing(delta_cp: float, mixing: Mixing | None) -> None:
    """A beam of flavours sees Λ_e, Λ_μ, Λ_τ as it does whatever the masses mix like."""
    for name in ("Lambda_e", "Lambda_mu", "Lambda_tau"):
        plain = munu.limit("coherent-csi", name, beam="prompt").limit_mu_b
        other = munu.limit(
            "coherent-csi", name, beam="prompt", delta_cp=delta_cp, mixing=mixing
        ).limit_mu_b
        assert other == pytest.approx(plain, rel=1e-9)
    extents = [
        np.max(munu.region("coherent-csi", "Lambda_e,Lambda_mu", **options).polygons[0], axis=0)
        for options in ({}, {"delta_cp": delta_cp, "mixing": mixing})
    ]
    assert extents[1] == pytest.approx(extents[0], rel=1e-6)


@pytest.mark.parametrize("name", ["sin2_theta12", "sin2_theta13", "dm2_21_ev2"])
def test_each_parameter_of_the_conversion_counts(name: str) -> None:
    """In a session that has folded at other values before."""
    before = munu.limit("borexino-phase-ii").limit_mu_b
    changed = replace(paper_mixing(), **{name: 1.5 * getattr(paper_mixing(), name)})
    assert abs(munu.limit("borexino-phase-ii", mixing=changed).limit_mu_b / before - 1) > 1e-3
    assert munu.limit("borexino-phase-ii").limit_mu_b == before


@pytest.mark.parametrize("name", ["sin2_theta23", "delta_cp"])
def test_electrons_tell_mu_from_tau_by_radiative_corrections(name: str) -> None:
    """So the Sun's events depend, a little, on how ν_μ and ν_τ share the mass states."""
    xenon = load("xenonnt-sr0-er")
    mixings = [replace(paper_mixing(), **{name: value}) for value in (0.3, 0.7)]
    events = [fold_experiment(xenon, mixing=one).counts.sm_total().sum() for one in mixings]
    for mixing, found in zip(mixings, events, strict=True):
        assert found == pytest.approx(munu.fold(xenon, mixing).sm_total().sum(), rel=1e-12)
    assert 1e-7 < abs(events[1] / events[0] - 1) < 5e-3


def test_mass_states_on_electrons_follow_the_angles() -> None:
    """A table of ν₁, whose flux no mixing changes: ν_e by |U_e1|²."""
    text = FILE.replace('species = "nu_e_bar"', 'species = "nu_1_bar"')
    first = loads(text.replace('channels = ["nuclear"]', 'channels = ["electron"]'))
    events = [fold_experiment(first, mixing=m).counts.sm_total()[0] for m in (paper_mixing(), OWN)]
    assert events[0] > 1.5 * events[1]
    recoils = loads(text)
    assert at_mixing(fold_experiment(recoils), OWN).mixing == recoils.mixing


ON_MUONS = {"epsilon_u_mumu": 0.5}


def with_delta(name: str, delta_cp: float) -> CountingExperiment:
    """Return an experiment whose own mixing has another δ_CP."""
    loaded = load(name)
    assert isinstance(loaded, CountingExperiment)
    return replace(loaded, mixing=loaded.mixing.with_delta(delta_cp))


def test_a_kept_fold_has_the_mixing_that_is_asked_for() -> None:
    """No flux of this experiment depends on δ_CP, and all ask for one fold; couplings do."""
    experiment = load("xenonnt-8b")
    for delta_cp in (2.5, 0.5):
        counts = counts_of(experiment, experiment.mixing.with_delta(delta_cp))
        assert [one.mixing.delta_cp for one in counts.folds()] == [delta_cp] * len(counts.folds())


def test_delta_cp_is_that_of_the_question_in_predictions_and_fits() -> None:
    """None of these takes one: it is zero, as in limits, whatever the file's global fit has."""
    own = load("xenonnt-8b")
    assert own.mixing.delta_cp != 0
    (fitted,) = munu.fit(own, "epsilon_u_mumu", toys=0).fitted
    limit = munu.limit(own, "epsilon_u_mumu", cl=0.6826894921370859)
    np.testing.assert_allclose(fitted.intervals, limit.intervals, rtol=1e-8)
    for delta_cp in (0.0, 2.5):
        other = with_delta("xenonnt-8b", delta_cp)
        for question in (munu.rate, munu.spectrum):
            assert (
                question(other, values=ON_MUONS).to_csv() == question(own, values=ON_MUONS).to_csv()
            )
        assert munu.fit(other, toys=0, values=ON_MUONS).chi2 == pytest.approx(
            munu.fit(own, toys=0, values=ON_MUONS).chi2, rel=1e-12
        )


def test_couplings_stay_in_a_fit_of_files_whose_delta_cp_differs() -> None:
    names, values = ("xenonnt-sr0-er", "borexino-phase-ii-spectrum"), {"epsilon_eL_ee": 0.5}
    alone = [munu.fit(name, toys=0, values=values).chi2 for name in names]
    together = munu.fit([names[0], with_delta(names[1], 1.0)], toys=0, values=values)
    assert together.chi2 == pytest.approx(sum(alone), abs=1e-6)


def test_predictions_have_the_inputs_of_limits() -> None:
    """Another δ_CP than that of the file's global fit is assumed, and no other input."""
    for name in ("xenonnt-8b", "conus"):
        hashes = {
            question(name).origin.inputs_hash for question in (munu.rate, munu.spectrum, munu.limit)
        }
        assert hashes == {(load(name).inputs_hash,)}
