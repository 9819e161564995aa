"""Control regions: bins without signal that share nuisances with those of the signal."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from iminuit import Minuit

from munu.base.errors import MunuError
from munu.folding.folded import fold_experiment
from munu.folding.luminosity import with_luminosity
from munu.statistics.build import build
from munu.statistics.likelihoods import as_newton
from munu.statistics.likelihoods.gaussian import GaussianLikelihood, LinearNuisance
from munu.statistics.likelihoods.losses import OnOffLoss
from munu.statistics.likelihoods.newton import NewtonLikelihood
from munu.statistics.limits.slices import slice_interval
from munu.statistics.models.moments import MomentModel, combine_models
from munu.statistics.shared_nuisances import shared_nuisances
from munu.statistics.specification import Background, BackgroundShape, ControlRegion, Counts
from munu.statistics.toys import toy_data

N, M = 6, 4
SIGNAL = np.linspace(30.0, 5.0, N)
BEHIND = np.linspace(20.0, 12.0, N)
ASIDE = np.linspace(90.0, 60.0, M)
TILT = np.linspace(-0.2, 0.3, N)
OBSERVED = np.random.default_rng(3).poisson(SIGNAL + BEHIND).astype(float)
CONTROL = np.random.default_rng(4).poisson(1.2 * ASIDE).astype(float)


def one_bin_each(sigma: float, n: float, m: float, variances: tuple[float, float]) -> Counts:
    """One bin of signal with background 10, and one that holds 40 of the same background."""
    region = ControlRegion(
        "side",
        np.array([m]),
        (Background("b", np.array([40.0]), sigma),),
        variance=np.array([variances[1]]),
    )
    return Counts(
        "gaussian",
        np.array([n]),
        (Background("b", np.array([10.0]), sigma),),
        0.0,
        variance=np.array([variances[0]]),
        control_regions=(region,),
    )


@given(
    st.floats(0.0, 80.0),
    st.floats(5.0, 60.0),
    st.floats(10.0, 90.0),
    st.floats(0.1, 3.0),
)
def test_two_gaussian_bins_have_a_closed_form(signal, n, m, sigma):
    """χ² = [n - S - B β]²/v + [m - C β]²/u + (β - 1)²/σ², lowest at its β."""
    v, u, b, c = 25.0, 49.0, 10.0, 40.0
    likelihood = build(one_bin_each(sigma, n, m, (v, u)), "x", np.array([30.0]))
    weight = b**2 / v + c**2 / u + 1 / sigma**2
    beta = (b * (n - signal) / v + c * m / u + 1 / sigma**2) / weight
    assume(beta > 0.5)  # below, normalisations are no longer linear
    expected = (
        (n - signal - b * beta) ** 2 / v + (m - c * beta) ** 2 / u + ((beta - 1) / sigma) ** 2
    )
    found = likelihood.chi2(np.array([signal]))
    assert found == pytest.approx(expected, rel=1e-7, abs=1e-7)
    slope = -2 * (n - signal - b * beta) / v
    gradient = likelihood.gradient(np.array([signal]))
    assert gradient[0] == pytest.approx(slope, rel=1e-5, abs=1e-5)
    assert likelihood.nuisances(np.array([signal]))["b:x"] == pytest.approx(
        (beta - 1) / sigma, abs=1e-5
    )


def test_a_free_background_is_measured_aside():
    """Without a prior the background is m B/C with its own error: on minus scaled off."""
    likelihood = build(one_bin_each(1e4, 55.0, 60.0, (25.0, 49.0)), "x", np.array([30.0]))
    for signal in (0.0, 30.0, 55.0):
        expected = (55 - signal - 60 * 10 / 40) ** 2 / (25 + 49 * (10 / 40) ** 2)
        assert likelihood.chi2(np.array([signal])) == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize(("n", "m"), [(31.0, 22.0), (9.0, 40.0), (5.0, 3.0)])
def test_a_poisson_bin_each_is_the_on_off_likelihood(n, m):
    """A control region of τ times the exposure, its background free, is an off-beam measurement."""
    ratio = 2.0
    region = ControlRegion("off", np.array([m]), (Background("b", np.array([10.0 * ratio]), 1e3),))
    spec = Counts(
        "poisson",
        np.array([n]),
        (Background("b", np.array([10.0]), 1e3),),
        0.0,
        control_regions=(region,),
    )
    likelihood = build(spec, "x", np.array([10.0]))
    signals = np.array([0.5, 4.0, 15.0, 40.0])
    on_off, _, _ = OnOffLoss(np.array([n]), np.array([m]), ratio)(signals[:, None])
    np.testing.assert_allclose(likelihood.chi2(signals[:, None]), on_off[:, 0], atol=1e-4)


def specification(kind: str = "poisson") -> Counts:
    """Six bins of signal and four aside; one normalisation and one shape in common."""
    shape = BackgroundShape("slope", BEHIND * (1 - TILT), BEHIND * (1 + TILT + 0.05))
    aside = BackgroundShape("slope", 0.9 * ASIDE, ASIDE * np.linspace(1.0, 1.2, M))
    region = ControlRegion(
        "side",
        CONTROL,
        (Background("neutrons", ASIDE, 0.4, (aside,)), Background("gammas", 0.2 * ASIDE, 0.3)),
        variance=None if kind == "poisson" else CONTROL + 1,
    )
    return Counts(
        kind,
        OBSERVED,
        (Background("neutrons", BEHIND, 0.4, (shape,)),),
        0.1,
        variance=None if kind == "poisson" else OBSERVED + 1,
        control_regions=(region,),
    )


def with_variants(signal: np.ndarray) -> np.ndarray:
    return np.concatenate([signal, signal * (1 - TILT), signal * (1 + TILT)])


def bent(e: float) -> float:
    """Weigh what both sides share: a parabola, a line from 1.5 sigma on, a cubic between."""
    x = abs(e)
    if x <= 1:
        return x**2
    return x if x >= 1.5 else x + 4 * (x - 1) * (1.5 - x) ** 2


def explicit_chi2(kind: str, signal: np.ndarray, theta: dict[str, float]) -> float:
    """Return χ² of `specification` from its definition, "slope" also being the signal's shape."""
    e = theta["slope"]
    neutrons = 1 + 0.4 * theta["neutrons:x"]
    behind = BEHIND * (1 + e * (2 * TILT + 0.05) / 2 + bent(e) * 0.05 / 2)
    side = ASIDE * (1 + e * (np.linspace(1.0, 1.2, M) - 0.9) / 2)
    side += bent(e) * ASIDE * ((np.linspace(1.0, 1.2, M) + 0.9) / 2 - 1)
    own = (1 + 0.1 * theta["normalisation:x"]) * signal * (1 + e * TILT) + neutrons * behind
    control = neutrons * side + (1 + 0.3 * theta["gammas:x"]) * 0.2 * ASIDE
    total = sum(value**2 for value in theta.values())
    for n, mu in ((OBSERVED, own), (CONTROL, control)):
        if kind == "poisson":
            total += np.sum(2 * (mu - n + n * np.log(n / mu)))
        else:
            total += np.sum((n - mu) ** 2 / (n + 1))
    return float(total)


@pytest.mark.parametrize("kind", ["poisson", "gaussian"])
@pytest.mark.parametrize("scale", [0.0, 1.0, 1.7])
def test_profile_against_iminuit(kind, scale):
    likelihood = build(specification(kind), "x", with_variants(SIGNAL), ("slope",))
    assert likelihood.names == ("normalisation:x", "slope", "neutrons:x", "gammas:x")
    minuit = Minuit(
        lambda theta: explicit_chi2(
            kind, scale * SIGNAL, dict(zip(likelihood.names, theta, strict=True))
        ),
        np.zeros(4),
    )
    minuit.tol, minuit.strategy = 1e-6, 2
    minuit.migrad()
    assert minuit.valid
    signal = with_variants(scale * SIGNAL)
    assert likelihood.chi2(signal) == pytest.approx(minuit.fval, abs=1e-6)
    found = list(likelihood.nuisances(signal).values())
    np.testing.assert_allclose(found, np.array(minuit.values), atol=2e-3)


@pytest.mark.parametrize("kind", ["poisson", "gaussian"])
def test_gradient_against_finite_differences(kind):
    signal = with_variants(1.1 * SIGNAL)
    likelihood = build(specification(kind), "x", with_variants(SIGNAL), ("slope",))
    assert likelihood.n_signal == signal.size
    steps = 1e-4 * np.eye(signal.size)
    numerical = (likelihood.chi2(signal + steps) - likelihood.chi2(signal - steps)) / 2e-4
    np.testing.assert_allclose(likelihood.gradient(signal), numerical, atol=2e-5)


def model(spec: Counts, name: str = "x") -> MomentModel:
    w = 1e20 * (SIGNAL / SIGNAL[0])[:, None, None] * np.eye(3)
    return MomentModel((name,), build(spec, name, SIGNAL), SIGNAL, w.astype(complex))


def renamed(spec: Counts, suffix: str) -> Counts:
    """Return a statistic whose control region keeps its nuisances to itself."""
    (region,) = spec.control_regions
    backgrounds = tuple(
        replace(
            background,
            name=background.name + suffix,
            shapes=tuple(replace(s, name=s.name + suffix) for s in background.shapes),
        )
        for background in region.backgrounds
    )
    return replace(spec, control_regions=(replace(region, backgrounds=backgrounds),))


def test_a_region_of_its_own_nuisances_tells_nothing():
    alone = model(replace(specification(), control_regions=()))
    apart, shared = model(renamed(specification(), "-2")), model(specification())
    signals = SIGNAL * np.linspace(0, 2, 5)[:, None]
    shift = apart.likelihood.chi2(signals) - alone.likelihood.chi2(signals)
    np.testing.assert_allclose(shift, shift[0], atol=1e-7)
    upper = [slice_interval(one, 0, 2.706).upper_mu_b for one in (alone, apart, shared)]
    assert upper[1] == pytest.approx(upper[0], rel=1e-6)
    assert abs(upper[2] / upper[0] - 1) > 0.02


def test_a_control_region_narrows_the_limit_of_a_projection():
    spec = specification()
    (region,) = spec.control_regions
    projected = replace(spec, observed=None, control_regions=(replace(region, observed=None),))
    without = replace(projected, control_regions=())
    upper = [slice_interval(model(one), 0, 2.706).upper_mu_b for one in (projected, without)]
    assert upper[0] < upper[1]
    assert model(projected).likelihood.chi2(SIGNAL) == pytest.approx(0.0, abs=1e-9)


def test_experiments_with_control_regions_combine():
    first, second = model(specification(), "x"), model(renamed(specification(), "-2"), "y")
    joint = combine_models([first, second])
    other = GaussianLikelihood(
        np.array([7.0]), np.array([9.0]), np.zeros(1), (LinearNuisance("f", np.array([0.1])),)
    )
    three = as_newton([joint.likelihood, other], np.append(joint.sm, 7.0))
    signal = np.concatenate([0.7 * SIGNAL, 1.2 * SIGNAL, [5.0]])
    parts = np.split(signal, [N, 2 * N])
    # "slope" is one nuisance of both, so the sum of separate minima lies below.
    separate = sum(
        float(one.chi2(s))
        for one, s in zip((first.likelihood, second.likelihood, other), parts, strict=True)
    )
    assert isinstance(three, NewtonLikelihood)
    assert separate < float(three.chi2(signal)) < separate + 10
    steps = 1e-4 * np.eye(signal.size)
    numerical = (three.chi2(signal + steps) - three.chi2(signal - steps)) / 2e-4
    np.testing.assert_allclose(three.gradient(signal), numerical, atol=2e-5)


@pytest.mark.parametrize("kind", ["poisson", "gaussian"])
def test_toys_draw_both_about_one_nuisance(kind):
    """What the data say of the common normalisation is in the mean counts of both."""
    spec = specification(kind)
    (region,) = spec.control_regions
    fixed = replace(
        spec,
        sigma_signal=0.0,
        backgrounds=(Background("neutrons", BEHIND, 0.4),),
        control_regions=(replace(region, backgrounds=(Background("neutrons", ASIDE, 0.4),)),),
    )
    likelihood = build(fixed, "x", SIGNAL)
    rng = np.random.default_rng(5)
    toys = list(islice(toy_data(fixed, likelihood, SIGNAL, rng), 3000))
    own = np.array([one.specification.observed.sum() for one in toys])
    side = np.array([one.specification.control_regions[0].observed.sum() for one in toys])
    scale = 1 + 0.4 * likelihood.nuisances(SIGNAL)["neutrons:x"]
    poisson = kind == "poisson"
    for counts, expected, variance in (
        (own, SIGNAL + scale * BEHIND, OBSERVED + 1),
        (side, scale * ASIDE, CONTROL + 1),
    ):
        spread = (expected if poisson else variance).sum()
        assert counts.mean() == pytest.approx(expected.sum(), abs=5 * np.sqrt(spread / 3000))
        assert counts.var() == pytest.approx(spread, rel=0.12)
    assert abs(np.corrcoef(own, side)[0, 1]) < 0.07


def test_luminosity_scales_the_control_region():
    folded = fold_experiment("dresden-ii")
    scaled = with_luminosity(folded, 3.0).experiment.statistic
    (before,), (after,) = folded.experiment.statistic.control_regions, scaled.control_regions
    np.testing.assert_allclose(after.observed, 3 * before.observed)
    np.testing.assert_allclose(after.variance, 3 * before.variance)
    np.testing.assert_allclose(after.expected(), 3 * before.expected())
    shapes = [r.backgrounds[1].shapes[0].plus for r in (before, after)]
    np.testing.assert_allclose(shapes[1], 3 * shapes[0])


def test_what_is_shared_is_named():
    spec = specification()
    (region,) = spec.control_regions
    assert shared_nuisances(spec, region) == ("events of neutrons", "slope")
    apart = renamed(spec, "-2")
    (region,) = apart.control_regions
    assert shared_nuisances(apart, region) == ()
    assert shared_nuisances(apart, region, ["slope-2"]) == ("slope-2",)
    assert shared_nuisances(replace(apart, shared={"slope-2": 0.1}), region) == ("slope-2",)


def test_wrong_numbers_are_named():
    with pytest.raises(MunuError, match="'side' has no background"):
        ControlRegion("side", np.ones(3), ())
    spec = specification()
    (region,) = spec.control_regions
    wrong = replace(spec, control_regions=(replace(region, observed=np.ones(3)),))
    with pytest.raises(MunuError, match="'neutrons' of 'x, control region side' has 4 bins"):
        build(wrong, "x", SIGNAL)
    empty = replace(region, observed=np.zeros(M), variance=None)
    with pytest.raises(MunuError, match="bin 1 of the control region 'side' holds 0 counts"):
        replace(specification("gaussian"), control_regions=(empty,))
