"""The public likelihood: against limits, regions, SciPy's minimum over nuisances and slopes."""

import numpy as np
import pytest
from scipy.optimize import minimize

import munu
from munu.base.errors import MunuError
from munu.experiments.load import load
from munu.experiments.named import catalogue

MASS = ("Lambda_1", "Lambda_2", "Lambda_3")
FLAVOUR = ("Lambda_e", "Lambda_mu")
SETS = [
    ("conus", ("Lambda_1", "Lambda_2")),
    ("coherent-csi-2021", (*MASS, "xi_1", "xi_2", "delta_cp")),
    (("dresden-ii", "conus-plus"), ("Lambda_e", "Lambda_mu", "Lambda_tau")),
    ("coherent-lar-2020", ("mu_nu_e", "mu_nu_mu")),
    ("xenonnt-sr0-er", ("mu_eff",)),
    ("borexino", ("Lambda_3",)),
    ("conus", ("Lambda_1", "Lambda_e")),
    ("conus", ("xi_1", "Lambda_1", "Lambda_2")),
]
IDS = [f"{experiment}-{len(names)}" for experiment, names in SETS]


def likelihood_of(experiment, names, **options):
    return munu.likelihood(
        experiment if isinstance(experiment, str) else list(experiment), names, **options
    )


def points_of(found, number=7):
    """Return points in reach: moduli to 3e-10 μ_B, phases all round."""
    rng = np.random.default_rng(5)
    reach = np.where(np.isinf(found.bounds[:, 1]), 3e-10, np.pi)
    return rng.uniform(0.1, 1.0, (number, len(found.names))) * reach


@pytest.mark.parametrize(("experiment", "names"), SETS, ids=IDS)
def test_the_gradient_is_the_slope(experiment, names):
    found = likelihood_of(experiment, names)
    x = points_of(found)
    step = np.where(np.isinf(found.bounds[:, 1]), 1e-14, 1e-5)
    moves = np.eye(len(names)) * step
    slopes = np.stack([(found.chi2(x + h) - found.chi2(x - h)) / 2 for h in moves], axis=-1)
    size = np.abs(found.gradient(x) * step).max()
    np.testing.assert_allclose(found.gradient(x) * step, slopes, rtol=2e-3, atol=1e-3 * size)


@pytest.mark.parametrize(("experiment", "names"), SETS, ids=IDS)
def test_the_gradient_at_given_nuisances_is_the_slope_in_both(experiment, names):
    found = likelihood_of(experiment, names)
    n, k = len(names), len(found.nuisance_names)
    x = points_of(found)
    theta = np.random.default_rng(6).uniform(-0.4, 0.4, (len(x), k))
    step = np.append(np.where(np.isinf(found.bounds[:, 1]), 1e-14, 1e-5), np.full(k, 1e-5))

    def chi2(both):
        return found.chi2(both[:, :n], nuisances=both[:, n:])

    both, moves = np.column_stack([x, theta]), np.eye(n + k) * step
    slopes = np.stack([(chi2(both + h) - chi2(both - h)) / 2 for h in moves], axis=-1)
    gradient = found.gradient(x, nuisances=theta)
    size = np.abs(gradient * step).max()
    np.testing.assert_allclose(gradient * step, slopes, rtol=2e-3, atol=1e-3 * size)
    at_best = found.gradient(x, nuisances=found.nuisances(x))
    np.testing.assert_allclose(
        at_best[:, :n] * step[:n], found.gradient(x) * step[:n], rtol=1e-4, atol=1e-5 * size
    )


@pytest.mark.parametrize(("experiment", "names"), SETS, ids=IDS)
def test_profiled_is_the_value_at_the_nuisances_and_never_above_others(experiment, names):
    found = likelihood_of(experiment, names)
    x = points_of(found)
    theta = found.nuisances(x)
    assert theta.shape == (len(x), len(found.nuisance_names))
    at_minimum = found.chi2(x, nuisances=theta)
    np.testing.assert_allclose(at_minimum, found.chi2(x), rtol=1e-10, atol=1e-9)
    if theta.size:
        assert np.all(found.chi2(x, nuisances=theta + 0.05) > at_minimum)


@pytest.mark.parametrize(
    ("experiment", "names"), [SETS[0], ("conus-plus", ("mu_nu_e",)), ("coherent-lar", MASS[:1])]
)
def test_scipy_finds_the_same_minimum_over_nuisances(experiment, names):
    found = likelihood_of(experiment, names)
    for x in points_of(found, 2):
        start = np.zeros(len(found.nuisance_names))
        own = minimize(lambda theta, x=x: float(found.chi2(x, nuisances=theta)), start, tol=1e-10)
        assert own.fun == pytest.approx(float(found.chi2(x)), rel=1e-7, abs=1e-7)


@pytest.mark.parametrize(
    ("experiment", "parameter"),
    [("conus", "Lambda_2"), ("coherent-csi-2021", "Lambda_mu"), ("xenonnt-sr0-er", "mu_eff")],
)
def test_a_slice_is_the_curve_of_profile_and_ends_at_the_limit(experiment, parameter):
    curve = munu.profile(experiment, parameter, delta_cp=0.7)
    found = likelihood_of(experiment, parameter, delta_cp=0.7)
    limit = munu.limit(experiment, parameter, delta_cp=0.7)
    rise = found.chi2(curve.moment_mu_b[:, None]) - limit.chi2_min
    np.testing.assert_allclose(rise, curve.delta_chi2, rtol=1e-6, atol=1e-6)
    at_limit = float(found.chi2([limit.limit_mu_b])) - limit.chi2_min
    assert at_limit == pytest.approx(limit.delta_chi2, rel=1e-6)


@pytest.mark.parametrize(
    ("experiment", "plane", "options"),
    [
        ("conus", MASS[:2], {"xi_1": 0.4, "delta_cp": 1.0}),
        ("coherent-csi-2021", ("Lambda_e", "Lambda_mu"), {}),
        (["conus", "connie"], ("mu_nu_e", "mu_nu_mu"), {"expected": True}),
        ("connie", ("Lambda_1", "xi_2"), {"sigma_sys": 0.0}),
        ("conus-plus", ("Lambda_1", "Lambda_e"), {}),
    ],
)
def test_contours_of_a_region_are_where_the_likelihood_rises_to_their_level(
    experiment, plane, options
):
    region = munu.region(experiment, plane, **options)
    found = munu.likelihood(experiment, plane, **options)
    vertices = np.concatenate(region.polygons)
    rise = found.chi2(vertices) - region.chi2_min
    np.testing.assert_allclose(rise, region.delta_chi2, rtol=1e-5)
    assert found.standard_model_chi2 - region.chi2_min == pytest.approx(
        region.standard_model_delta_chi2, abs=1e-6
    )


def test_events_of_each_data_set_are_those_that_rate_counts():
    found = munu.likelihood(["coherent-csi-2021", "conus-plus"], "mu_eff")
    for name in ("conus-plus", "coherent-csi-2021"):
        rate = munu.rate(name)
        own = found.bins[f"{name}@current"]
        np.testing.assert_allclose(found.sm_events[own], rate.values().ravel(), rtol=1e-12)
        seen = found.predict([2e-10])[own]
        np.testing.assert_allclose(seen, rate.values(2e-10).ravel(), rtol=1e-10)
    assert found.predict([[0.0], [0.0]]).shape == (2, found.sm_events.size)


def test_points_keep_their_shape_and_their_order():
    found = munu.likelihood("conus", MASS)
    x = np.random.default_rng(2).uniform(0, 1e-9, (3, 4, 5, 3))
    every = found.chi2(x)
    assert every.shape == (3, 4, 5)
    assert found.gradient(x).shape == x.shape
    assert float(found.chi2(x[2, 1, 3])) == pytest.approx(every[2, 1, 3], rel=1e-12)
    nothing = np.empty((0, 3))
    assert found.chi2(nothing).shape == (0,)
    assert found.gradient(nothing).shape == (0, 3)
    k = len(found.nuisance_names)
    assert found.gradient(nothing, nuisances=np.zeros(k)).shape == (0, 3 + k)
    assert found.predict(nothing).shape == (0, found.sm_events.size)
    assert found.nuisances(nothing).shape == (0, len(found.nuisance_names))


def test_many_points_are_taken_in_pieces(monkeypatch):
    found = munu.likelihood("coherent-csi-2021", MASS)
    x = points_of(found, 40)
    whole = found.chi2(x), found.gradient(x)
    monkeypatch.setattr("munu.analysis.likelihood.CHUNK_ENTRIES", 3 * 3 * found.sm.size)
    np.testing.assert_allclose(found.chi2(x), whole[0], rtol=1e-12)
    np.testing.assert_allclose(found.gradient(x), whole[1], rtol=1e-9)


def test_nuisances_by_name_are_zero_where_left_out():
    found = munu.likelihood("coherent-csi-2021", "Lambda_1")
    name = found.nuisance_names[2]
    by_number = np.eye(len(found.nuisance_names))[2]
    x = [[1e-10], [2e-10]]
    np.testing.assert_array_equal(
        found.chi2(x, nuisances={name: 1.0}), found.chi2(x, nuisances=by_number)
    )
    assert not np.allclose(found.chi2(x, nuisances={name: 1.0}), found.chi2(x, nuisances={}))


def test_it_says_what_its_parameters_are():
    found = munu.likelihood("conus", ["Lambda_1", "xi_2"], xi_1=0.3)
    assert found.units == ("mu_B", "rad")
    np.testing.assert_array_equal(found.bounds, [[0.0, np.inf], [-np.pi, np.pi]])
    assert repr(found) == "<Likelihood of Lambda_1, xi_2: conus@current>"
    assert found.assumptions.phases["xi_2"] == "shown"
    assert found.assumptions.xi_1 == 0.3


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ((), "at least one parameter"),
        (("Lambda_4",), "unknown parameter 'Lambda_4'"),
        (("Lambda_1", "Lambda_1"), "has two roles"),
        (("Lambda_1", "Lambda_e", "xi_1"), "nothing can be profiled"),
        (("mu_eff", "mu_nu_e"), "the common value of all three"),
        (("mu_nu_e", "delta_cp"), "have no phases"),
        (("Lambda_e", "xi_1"), "are phases of"),
        (("delta_cp",), "delta_cp alone: with all"),
        (("xi_1", "delta_cp"), "alone: with all moments zero"),
    ],
)
def test_parameters_that_do_not_go_together_are_refused(parameters, message):
    with pytest.raises(MunuError, match=message):
        munu.likelihood("conus", parameters)


@pytest.mark.parametrize(
    ("x", "nuisances", "message"),
    [
        ([1e-10], None, r"have no axis of Lambda_1, Lambda_2"),
        (1e-10, None, r"shape \(\.\.\., 2\)"),
        ([[np.nan, 0.0]], None, "not finite"),
        ("text", None, "is not an array of numbers"),
        ([[0.0, 0.0]], [1.0, 2.0], "do not go with points"),
        ([[0.0, 0.0]], {"flux": 1.0}, "unknown nuisance 'flux'"),
        ([[0.0, 0.0]], [np.inf], "not finite"),
    ],
)
def test_points_and_nuisances_of_another_shape_are_refused(x, nuisances, message):
    found = munu.likelihood("conus", MASS[:2])
    with pytest.raises(MunuError, match=message):
        found.chi2(x, nuisances=nuisances)


@pytest.mark.parametrize("parameter", ["mu_nu_tau", "epsilon_eL_tautau"])
def test_what_makes_no_event_leaves_the_standard_model(parameter):
    found = munu.likelihood("coherent-ge-mini", parameter)
    assert found.chi2([[1e-9], [0.0]]) == pytest.approx(found.standard_model_chi2, rel=1e-12)
    assert np.all(found.gradient([1e-9]) == 0)


@pytest.mark.parametrize("name", catalogue())
@pytest.mark.parametrize(
    ("moduli", "phase"), [(MASS[:2], "xi_1"), (MASS[::2], "delta_cp"), (FLAVOUR, "delta_cp")]
)
def test_a_phase_is_the_same_as_a_parameter_and_as_an_assumption(name, moduli, phase):
    """Bins of proportional events are pooled in both or in none.

    Where δ_CP is a parameter the Standard Model's events are those of one value: of the Sun's mass
    states on electrons they depend on it by 1e-6, and χ² of thousands by 1e-3.
    """
    if "delta_cp" in load(name).source.mixing_parameters:
        pytest.skip("the fluxes depend on it")
    shown = munu.likelihood(name, (*moduli, phase))
    given = munu.likelihood(name, moduli, **{phase: 0.7})
    apart = 1e-3 if phase == "delta_cp" else 1e-9
    for point in ((4e-10, 6e-10), (0.0, 3e-9)):
        assert float(shown.chi2([*point, 0.7])) == pytest.approx(
            float(given.chi2(point)), rel=apart
        )
        np.testing.assert_allclose(
            shown.predict([*point, 0.7]), given.predict(point), rtol=apart, atol=1e-9
        )


@pytest.mark.parametrize(
    ("name", "plane", "options"),
    [
        ("coherent-csi-2021", ("sin2_theta_w", "g_universal"), {"mediator_mass": "1 GeV"}),
        ("coherent-csi-2021", ("charge_radius_ee", "g_scalar"), {"mediator_mass": "1 GeV"}),
        ("coherent-csi-2021", ("charge_radius_ee", "charge_radius_mumu"), {}),
        ("xenonnt-sr0-er", ("dirac_ee", "dirac_mumu"), {}),
    ],
)
def test_the_best_fit_of_a_region_of_couplings_has_its_lowest_chi2(name, plane, options):
    """Also where it is at the border of the domain, or a minimum that one line alone finds."""
    found = munu.region(name, plane, **options)
    value = float(munu.likelihood(name, plane, **options).chi2(found.best_fit))
    assert value == pytest.approx(found.chi2_min, abs=1e-6)
