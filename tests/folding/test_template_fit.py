"""One published number that is the amplitude of a fit: what it sees of other shapes."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import least_squares

import munu
from munu.analysis.checks.check import check
from munu.analysis.model import joint_model
from munu.analysis.show import show
from munu.base.errors import MunuError
from munu.experiments.load import load, loads
from munu.folding.fold import fold, template_estimator
from munu.folding.folded import fold_experiment
from munu.folding.luminosity import with_luminosity
from munu.folding.template_fit import estimator, in_bins
from munu.physics.assumptions import Assumptions
from munu.physics.couplings import weak_couplings
from munu.physics.interactions.dipole import ON_ELECTRON, ON_NUCLEUS
from munu.results import read_json
from munu.statistics.specification import Background, BackgroundShape, TemplateFit

CONUS = tomllib.loads((Path(__file__).parents[1] / "reference.toml").read_text(encoding="utf-8"))[
    "template_fits"
]["conus-plus"]
TEMPLATE = np.array([40.0, 25.0, 10.0, 3.0, 0.0])
TAIL = np.array([5.0, 6.0, 8.0, 9.0, 10.0])
FLAT = np.full(5, 50.0)
SLOPE = np.array([4.0, 2.0, 0.0, -2.0, -4.0])
RISE = BackgroundShape("slope", FLAT - SLOPE, FLAT + SLOPE)


def fit_of(sigma: float = 0.0, shapes: tuple[BackgroundShape, ...] = ()) -> TemplateFit:
    return TemplateFit(("nuclear",), (Background("flat", FLAT, sigma, shapes),))


@pytest.mark.parametrize("sigma", [0.0, 0.02, 0.3, 10.0])
@pytest.mark.parametrize("shapes", [(), (RISE,)])
def test_the_weights_are_those_of_an_explicit_fit(
    sigma: float, shapes: tuple[BackgroundShape, ...]
) -> None:
    """Residuals and pulls minimised by SciPy, with events of another shape in the data."""
    counts = TEMPLATE + FLAT + TAIL

    def residuals(x: np.ndarray) -> np.ndarray:
        background = FLAT * (1 + sigma * x[1])
        if shapes:
            background = background + x[2] * (RISE.plus - RISE.minus) / 2
        prediction = x[0] * TEMPLATE + background
        pulls = x[1 : 3 if shapes else 2]
        return np.concatenate([(counts - prediction) / np.sqrt(TEMPLATE + FLAT), pulls])

    found = least_squares(residuals, [1.0, 0.0, 0.0], xtol=1e-14, ftol=1e-14, gtol=1e-14)
    seen = estimator(TEMPLATE, fit_of(sigma, shapes)).seen(TAIL)
    assert seen[0] == pytest.approx((found.x[0] - 1) * TEMPLATE.sum(), rel=1e-6)


@given(
    st.lists(st.floats(0.1, 100), min_size=5, max_size=5),
    st.floats(1, 1e4),
    st.sampled_from([0.0, 0.1, 10.0]),
)
def test_the_template_counts_with_its_number(
    template: list[float], level: float, sigma: float
) -> None:
    shape = np.array(template)
    fit = TemplateFit(("nuclear",), (Background("flat", np.full(5, level), sigma),))
    assert estimator(shape, fit).seen(shape)[0] == pytest.approx(shape.sum(), rel=1e-6)


def test_a_background_that_is_fitted_is_not_seen() -> None:
    known, free = estimator(TEMPLATE, fit_of()), estimator(TEMPLATE, fit_of(10.0))
    assert abs(free.seen(FLAT)[0]) < 1e-3 * known.seen(FLAT)[0]
    assert 0 > free.seen(TAIL)[0] > -known.seen(TAIL)[0]
    assert free.error > known.error


def test_the_error_is_that_of_the_counts() -> None:
    """Of a known background: √(Σ w² V)."""
    found = estimator(TEMPLATE, fit_of())
    assert found.error == pytest.approx(np.sqrt(found.weights**2 @ (TEMPLATE + FLAT)))


def test_the_height_of_a_large_background_does_not_matter() -> None:
    fits = [
        TemplateFit(("nuclear",), (Background("flat", factor * FLAT, 0.0),))
        for factor in (1e4, 1e6)
    ]
    weights = [estimator(TEMPLATE, fit).weights for fit in fits]
    np.testing.assert_allclose(*weights, rtol=1e-3, atol=1e-3)
    np.testing.assert_allclose(
        weights[1], TEMPLATE * TEMPLATE.sum() / (TEMPLATE @ TEMPLATE), atol=1e-4
    )


@pytest.mark.parametrize(
    ("setup", "seen", "limit"),
    [
        ("electrons", "electrons_known", "limit_known"),
        ("electrons-free-background", "electrons_free", "limit_free"),
    ],
)
def test_what_conus_plus_sees_of_its_electrons(setup: str, seen: str, limit: str) -> None:
    experiment = load("conus-plus", setup)
    whole = munu.rate(in_bins(experiment)).components[0].channels
    found = munu.rate(experiment).components[0].channels
    window = 1e-20 * whole["electron"].dipole_events_per_mu_b2
    assert window == pytest.approx(CONUS["electrons"], rel=0.01)
    events = 1e-20 * found["electron"].dipole_events_per_mu_b2
    assert events == pytest.approx(CONUS[seen], rel=0.02)
    assert found["nuclear"].sm_events == pytest.approx(whole["nuclear"].sm_events, rel=1e-9)
    assert found["electron"].sm_events < 0.2 * whole["electron"].sm_events
    upper = munu.limit(experiment, "mu_nu_e").limit_mu_b / 1e-10
    assert upper == pytest.approx(CONUS[limit], rel=0.02)


def test_conus_plus_without_electrons() -> None:
    limit = munu.limit("conus-plus", "mu_nu_e")
    assert limit.limit_mu_b / 1e-10 == pytest.approx(CONUS["limit_nuclear"], rel=0.02)
    with pytest.raises(MunuError, match="'conus-plus' does not count electron recoils"):
        munu.limit("conus-plus", channels="electron")
    found = template_estimator(load("conus-plus"))
    assert found is not None
    assert found.error == pytest.approx(106, abs=1)


def test_every_statement_takes_it() -> None:
    """One bin: the same excess is excluded, so a region is one of another scale."""
    setups = ("conus-plus@electrons", "conus-plus@electrons-free-background")
    dipole = [munu.rate(name).components[0].dipole_events_per_mu_b2 for name in setups]
    extents = [munu.region(name).polygons[0].max() for name in setups]
    assert extents[1] / extents[0] == pytest.approx(np.sqrt(dipole[0] / dipole[1]), rel=1e-3)
    (data,) = munu.fit(setups[0], toys=0).data
    assert data.observed_per_bin.tolist() == [395]
    assert data.signal_events == pytest.approx(395, abs=0.01)
    toys = munu.coverage(setups[0], moment_mu_b=[1e-10], toys=10, seed=1)
    assert toys.to_dict()


def test_a_rate_says_what_the_fit_sees() -> None:
    result = munu.rate("conus-plus@electrons")
    (remark,) = result.remarks
    assert "electron: 62.1 of 264" in remark
    assert [axis.edges.tolist() for axis in result.axes] == [[0.16, 0.8]]
    assert read_json(result.to_json()).to_json() == result.to_json()
    assert munu.rate("coherent-csi-2021").remarks == ()
    assert "error of the fit itself" in str(show("conus-plus"))


def test_the_template_is_that_of_its_own_recoils() -> None:
    """Whatever recoils are asked for; and the signal of another luminosity is weighed alike."""
    both = munu.rate("conus-plus@electrons").components[0].channels["electron"]
    alone = munu.rate("conus-plus@electrons", channels="electron").components[0]
    assert alone.dipole_events_per_mu_b2 == pytest.approx(both.dipole_events_per_mu_b2)
    folded = fold_experiment("conus-plus@electrons")
    twice = with_luminosity(folded, 2.0).counts
    np.testing.assert_allclose(twice.sm_of_folds(), 2 * folded.counts.sm_of_folds())


def test_another_weak_angle_is_seen_by_the_same_fit(parabolas: Any) -> None:
    """The published fit had one template: its weights stay, whatever the couplings."""
    folded = fold_experiment("conus-plus@electrons")
    own = folded.experiment.electron_couplings
    higher = replace(
        folded.experiment,
        couplings=weak_couplings(0.4, radiative=own.radiative),
        electron_couplings=replace(own, sin2_theta_w=0.4),
    )
    weights = template_estimator(folded.experiment).weights
    events = fold(in_bins(higher)).sm_total()
    assert 0.4 ** np.arange(3) @ parabolas(folded)[:, 0] == pytest.approx(weights @ events)


def test_a_dipole_that_is_seen_as_fewer_events_bounds_nothing() -> None:
    """The weights of a free background are negative in the last bins."""
    folded = fold_experiment("conus-plus@electrons-free-background")
    assert min(template_estimator(folded.experiment).weights) < 0
    events = dict(folded.counts.events)
    negative = {shape: -events[shape] for shape in (ON_NUCLEUS, ON_ELECTRON)}
    counts = replace(folded.counts, events=events | negative)
    with pytest.raises(MunuError, match="sees a dipole as fewer events"):
        joint_model([replace(folded, counts=counts)], Assumptions(mixing="desalas2018-no"))


TEXT = """format = 1
id = "mine"
title = "mine"
reference = "none"
[source]
kind = "tabulated"
species = "nu_mu"
beam = "mine"
points = [[0, 0], [10, 1e7], [50, 0]]
[target]
material = "Ge"
mass = "10 kg"
[exposure]
live_time = "1 yr"
[detector]
observable = "ionisation"
resolution = "perfect"
quenching = { model = "constant", factor = 0.2 }
bins = { kind = "edges", edges = [0.1, 0.5, 1, 4], unit = "keVee" }
efficiency = { model = "flat", fraction = 1 }
[variants.quenching]
plus = { quenching = { model = "constant", factor = 0.25 } }
[interaction]
channels = ["nuclear", "electron"]
form_factor = "unity"
sin2_theta_w = 0.2312
radiative = false
mixing = "nufit60-no"
[statistic]
kind = "template-fit"
observed = "sm"
error = 10
template = ["nuclear"]
sigma_signal = 0.1
backgrounds = [{ name = "flat", events = [10, 12.5, 75], sigma = 0.1 }]
"""


def test_a_file_of_one_s_own() -> None:
    """Shape uncertainties of the signal are weighed as the nominal signal is."""
    experiment = loads(TEXT)
    counts, bins = fold(experiment), fold(in_bins(experiment))
    weights = template_estimator(experiment).weights
    assert (counts.n_bins, bins.n_bins) == (1, 3)
    for one, other in zip(counts.folds(), bins.folds(), strict=True):
        np.testing.assert_allclose(one.sm_total(), [other.sm_total() @ weights])
    assert munu.limit(experiment, "mu_nu_mu").lower_mu_b == 0
    assert [remark.key for remark in check(experiment)] == ["source.kind"]


def test_in_one_bin_it_is_a_count() -> None:
    one = TEXT.replace("[0.1, 0.5, 1, 4]", "[0.1, 4]").replace("[10, 12.5, 75]", "[97.5]")
    one = one.replace("sigma = 0.1 }", "sigma = 0 }").replace('"sm"', "300")
    a, b = one.index("[statistic]"), one.index("backgrounds")
    count = one[:a] + one[a:b].replace("template-fit", "gaussian").replace(
        'template = ["nuclear"]\n', ""
    ).replace("= 300", "= [300]").replace("error = 10", "error = [10]")
    fitted, counted = munu.limit(loads(one)), munu.limit(loads(count))
    assert fitted.limit_mu_b == pytest.approx(counted.limit_mu_b, rel=1e-9)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("[10, 12.5, 75]", "[10, 12.5]", "2 counts for 3 bins"),
        ('template = ["nuclear"]', 'template = ["nuclear", "nuclear"]', "twice"),
        ('template = ["nuclear"]', 'template = ["neutron"]', "nuclear"),
        ('template = ["nuclear"]\n', "", "template"),
        ('observed = "sm"', "observed = [395]", "observed"),
        ("error = 10", "error = 0", "error"),
    ],
)
def test_what_is_wrong_is_named(old: str, new: str, words: str) -> None:
    with pytest.raises(MunuError, match=words):
        loads(TEXT.replace(old, new))


def test_a_fit_that_expects_nothing_is_refused() -> None:
    with pytest.raises(MunuError, match="template of the fit has no events"):
        estimator(0 * TEMPLATE, fit_of())
    empty = TEXT.replace("[0.1, 0.5, 1, 4]", "[0.1, 1, 100, 200]").replace("12.5, 75", "12.5, 0")
    with pytest.raises(MunuError, match="bin 3 of the template fit expects neither"):
        fold(loads(empty))


def test_a_check_takes_the_error_that_is_stated() -> None:
    """395 where 301 are expected is far for a count, and not for 395 +- 106."""
    experiment = load("conus-plus")
    for error, words in ((106.0, ""), (5.0, "standard deviations apart")):
        statistic = replace(experiment.statistic, variance=np.array([error**2]), sigma_signal=0.0)
        remarks = check(replace(experiment, statistic=statistic))
        assert bool(remarks) == bool(words)
        assert all(words in remark.message for remark in remarks)


def test_a_template_of_recoils_that_are_not_counted_is_refused() -> None:
    """It was a StopIteration."""
    fit = {"kind": "template-fit", "observed": 9.0, "error": 3.0, "sigma_signal": 0.1}
    for template in (["electron"], ["nuclear", "electron"]):
        with pytest.raises(MunuError, match=r"statistic.template: electron .*Allowed: nuclear"):
            load("conus", changes={"statistic": fit | {"template": template}})
