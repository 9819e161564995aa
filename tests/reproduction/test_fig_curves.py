"""Figs. 1 to 3: against the printed formula, printed limits and the algebra of Eq. (34)."""

from functools import cache

import numpy as np
import pytest

from munu.analysis.model import moment_model
from munu.folding.folded import fold_experiment
from munu.folding.luminosity import with_luminosity
from munu.physics.assumptions import Assumptions
from munu.physics.nuclei import nucleus
from munu.reproduction import fig1, fig2, fig3, published
from munu.reproduction.figures import REACTORS, SNS
from munu.results import read_json
from munu.results.paper.figure_curves import Figure3Result

SIGMA_STAT = 0.2
DELTA_CHI2 = 2.70554


@cache
def computed(module):
    return module.compute()


@pytest.mark.parametrize("module", [fig1, fig2, fig3])
def test_json_is_lossless(module):
    found = computed(module)
    text = found.to_json()
    assert type(found).from_json(text).to_json() == text
    assert read_json(text).to_csv() == found.to_csv()


def test_fig1_has_the_nuclei_of_table_1_and_follows_equation_26():
    curves = {curve.nucleus.partition("-")[0]: curve for curve in computed(fig1).curves}
    assert set(curves) == {"Ge", "Si", "Xe", "Ar", "Cs", "I", "Na"}
    for curve in curves.values():
        atom = nucleus(curve.nucleus)
        z, a = atom.protons, atom.mass_number
        gamma = 11.5 * curve.recoil_energy_kev * z ** (-7 / 3)
        kg = 0.133 * z ** (2 / 3) * a**-0.5 * (3 * gamma**0.15 + 0.7 * gamma**0.6 + gamma)
        assert curve.quenching_factor == pytest.approx(kg / (1 + kg), rel=1e-12)
        assert np.all(np.diff(curve.quenching_factor) > 0)


def limits():
    return {
        (c.origin.experiments[0], c.assumptions.beam, c.parameter): c.limit_mu_b
        for c in computed(fig2).limits
    }


def test_fig2_curves_cross_the_level_at_the_limits():
    found = computed(fig2)
    assert len(found.profiles) == len(found.limits) == 3 * (2 * len(SNS) + len(REACTORS))
    for curve, limit in zip(found.profiles, found.limits, strict=True):
        assert curve.delta_chi2[0] == 0
        assert np.all(np.diff(curve.delta_chi2) > 0)
        crossing = np.interp(limit.delta_chi2, curve.delta_chi2, curve.moment_mu_b)
        assert crossing == pytest.approx(limit.limit_mu_b, rel=2e-3)


def test_fig2_gives_the_bounds_of_equation_35():
    found = limits()
    for row in published.limits():
        if (row.experiment, row.setup) != ("coherent-csi", "current") or row.beam == "full":
            continue
        for parameter, printed in zip(published.PARAMETERS, row.limits, strict=True):
            ours = found["coherent-csi@current", row.beam, parameter]
            assert ours == pytest.approx(printed.value, rel=0.02)


def test_fig2_reactors_do_better_than_the_sns():
    found = limits()
    best_at_sns = min(v for (name, _, _), v in found.items() if name.startswith("coherent"))
    worst_at_reactors = max(v for (_, beam, _), v in found.items() if beam == "full")
    assert worst_at_reactors < best_at_sns


def test_fig3_starts_at_the_limits_of_fig2():
    for curve in computed(fig3).curves:
        expected = limits()[curve.experiment, curve.beam, curve.parameter]
        assert curve.limit_mu_b[0] == pytest.approx(expected, rel=1e-12)


def test_fig3_solves_equation_34_at_every_luminosity():
    for curve in computed(fig3).curves:
        if curve.sigma_sys is None:
            continue
        model = moment_model(
            fold_experiment(curve.experiment),
            Assumptions(mixing="desalas2018-no", beam=curve.beam, convention="published"),
        )
        index = published.PARAMETERS.index(curve.parameter)
        dipole = curve.luminosity_ratio * curve.limit_mu_b**2 * model.w[0, index, index].real
        events = curve.luminosity_ratio * model.sm[0]
        variance = (1 + SIGMA_STAT) * (events + dipole)
        assert dipole**2 / variance == pytest.approx(DELTA_CHI2, rel=1e-5)


def test_fig3_falls_as_the_fourth_root_without_systematic_uncertainty():
    for curve in computed(fig3).curves:
        slope = np.gradient(np.log(curve.limit_mu_b), np.log(curve.luminosity_ratio))
        if curve.sigma_sys is None:
            assert curve.limit_mu_b[0] / curve.limit_mu_b[-1] < 1.06
        else:
            # between the -1/2 of a detector without events and the -1/4 of one with many
            assert np.all((slope < -0.249) & (slope > -0.30))
            assert slope[-1] == pytest.approx(-0.25, abs=0.01)


def test_fig3_says_by_how_much_curves_fall():
    """The remark holds for every curve of Eq. (34), those with few events too."""
    found = computed(fig3)
    falls = [c.at(1.0) / c.at(40.0) for c in found.curves if c.sigma_sys is not None]
    assert any(f"by {min(falls):.1f} to {max(falls):.1f} from 1 to 40" in r for r in found.remarks)


def test_fig3_states_the_beam_and_the_systematic_uncertainty_of_each_curve_alone():
    document = computed(fig3).to_dict()
    assert not {"beam", "sigma_sys"} & set(document)
    assert document["convention"] == "published"
    assert {c["beam"] for c in document["curves"]} == {"prompt", "delayed", "full"}
    for curve in document["curves"]:
        is_csi = curve["experiment"] == "coherent-csi@current"
        assert curve["sigma_sys"] == (None if is_csi else 0.0)


def test_fig3_of_earlier_versions_is_read():
    earlier = computed(fig3).to_dict() | {"beam": "full", "sigma_sys": 0.0}
    assert Figure3Result.from_dict(earlier).curves[0].beam == "delayed"


def test_luminosity_scales_counts_backgrounds_and_data():
    folded = fold_experiment("coherent-csi")
    scaled = with_luminosity(folded, 10.0)
    assert scaled.experiment.statistic.observed == 1420
    assert scaled.experiment.statistic.steady_state == 4050
    assert scaled.experiment.statistic.sigma_signal == 0.28
    assert scaled.counts.sm_total() == pytest.approx(10 * folded.counts.sm_total())


@pytest.mark.parametrize("ratio", [0.0, -1.0, float("inf"), float("nan")])
def test_luminosity_must_be_positive(ratio):
    with pytest.raises(ValueError, match="luminosity ratio"):
        with_luminosity(fold_experiment("conus"), ratio)


def test_a_bound_has_no_luminosity():
    with pytest.raises(ValueError, match="borexino"):
        with_luminosity(fold_experiment("borexino"), 2.0)
