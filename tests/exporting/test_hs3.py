"""Documents of HS3: their densities are the likelihood, read by pyhs3 and by the definition."""

import ast
import json
import math
import operator
from dataclasses import replace

import numpy as np
import pytest

import munu
from munu.base.errors import MunuError
from munu.exporting.hs3_expressions import even_part, factor, positive, saturating_coordinate
from munu.exporting.hs3_model import identifier, nuisance
from munu.exporting.hs3_signal import scales
from munu.statistics.specification import AsymmetricErrors, OffBeam

OPERATORS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}
CALLS = {"max": max, "min": min, "abs": abs} | {
    name: getattr(math, name) for name in ("exp", "sqrt", "cos", "sin")
}


def value(node, names):
    """Return the value of an expression at values of names."""
    match node:
        case ast.Constant():
            return node.value
        case ast.Name():
            return names[node.id]
        case ast.UnaryOp(op=ast.USub()):
            return -value(node.operand, names)
        case ast.BinOp():
            left, right = value(node.left, names), value(node.right, names)
            return OPERATORS[type(node.op)](left, right)
        case ast.Call():
            return CALLS[node.func.id](*(value(one, names) for one in node.args))
    raise AssertionError(ast.dump(node))


class Read:
    """A document as the standard defines it: functions in order, a product of densities."""

    def __init__(self, found):
        self.document = json.loads(munu.export(found, format="hs3"))
        (point,) = self.document["parameter_points"]
        self.point = {one["name"]: one["value"] for one in point["parameters"]}
        self.functions = {
            one["name"]: ast.parse(one["expression"], mode="eval").body
            for one in self.document["functions"]
        }

    def values(self, **given):
        assert set(given) <= set(self.point)
        found = {**self.point, **given}
        for name, expression in self.functions.items():
            found[name] = value(expression, found)
        return found

    def chi2(self, **given):
        """Return -2 ln of the densities over their largest values."""
        values, total = self.values(**given), 0.0
        (likelihood,) = self.document["likelihoods"]
        densities = {one["name"]: one for one in self.document["distributions"]}
        assert sorted(likelihood["aux_distributions"]) == sorted(densities)
        for one in densities.values():
            x, mean = (values.get(one[key], one[key]) for key in ("x", "mean"))
            if one["type"] == "gaussian_dist":
                total += ((x - mean) / one["sigma"]) ** 2
            else:
                total += 2 * (mean - x + (x * math.log(x / mean) if x else 0.0))
        return total


FREE = ("flat", "exponential", "L-shell")
"""Backgrounds known to 1000 %: a tenth of a standard deviation takes all of their events."""


def points(found, size, seed=1):
    """Yield points with nuisances, as munu and as the document take them; no nuisance first."""
    rng = np.random.default_rng(seed)
    for width in (0.0, 0.4, 1.5):
        x = rng.uniform(0, size, len(found.names))
        theta = width * rng.uniform(-1, 1, len(found.nuisance_names))
        theta *= [0.06 if name.startswith(FREE) else 1.0 for name in found.nuisance_names]
        given = dict(zip(map(identifier, found.names), x, strict=True))
        given |= dict(zip(map(nuisance, found.nuisance_names), theta, strict=True))
        yield x * scales(found), theta, given


LIKELIHOODS = [
    ("xenonnt-sr0-er", ["mu_eff"], 1.0),
    ("conus", ["Lambda_1", "Lambda_2", "Lambda_3"], 10.0),
    ("coherent-csi", ["Lambda_1"], 40.0),
    ("gemma", ["mu_nu_e"], 0.5),
    ("coherent-csi-2021", ["mu_nu_mu"], 30.0),
    ("dresden-ii", ["mu_nu_e"], 5.0),
    ("coherent-ge-mini", ["mu_nu_mu"], 100.0),
    ("xenonnt-s2only", ["mu_eff"], 5.0),
    ("conus-plus", ["charge_radius_ee", "epsilon_u_ee"], 0.3),
    ("conus-plus", ["epsilon_u_emu", "phase_epsilon_u_emu"], 0.3),
    (["coherent-csi-2017", "coherent-lar", "conus"], ["mu_nu_e", "mu_nu_mu"], 20.0),
    (["coherent-csi", "conus"], ["mu_nu_e"], 20.0),
]


@pytest.mark.parametrize(("experiment", "parameters", "size"), LIKELIHOODS)
def test_the_densities_are_the_likelihood(experiment, parameters, size):
    found = munu.likelihood(experiment, parameters)
    read = Read(found)
    for x, theta, given in points(found, size):
        ours = float(found.chi2(x, nuisances=theta))
        assert read.chi2(**given) == pytest.approx(ours, rel=1e-10, abs=1e-10)


def csi(**changes):
    loaded = munu.load("coherent-csi-2017")
    return replace(loaded, statistic=replace(loaded.statistic, **changes))


def gaussian(**changes):
    observed = munu.load("coherent-csi-2017").statistic.observed
    variance = np.maximum(observed, 1.0)
    return csi(kind="gaussian", variance=variance, **changes)


def errors_up_and_down(treatment):
    observed = munu.load("coherent-csi-2017").statistic.observed
    up, down = 1 + np.sqrt(observed), 0.7 + np.sqrt(observed)
    return csi(
        kind="gaussian", variance=up * down, asymmetric=AsymmetricErrors(up, down, treatment)
    )


def correlated():
    n = munu.load("coherent-csi-2017").statistic.observed.size
    covariance = np.diag(np.linspace(1.0, 5.0, n)) + 0.3
    return gaussian(covariance=covariance)


@pytest.mark.parametrize(
    "make",
    [
        gaussian,
        correlated,
        lambda: errors_up_and_down("split"),
        lambda: csi(interpolation="polynomial"),
        lambda: csi(interpolation="saturating"),
    ],
    ids=["own", "all", "split", "polynomial", "saturating"],
)
def test_gaussian_errors_of_every_kind_and_another_interpolation(make):
    found = munu.likelihood(make(), "mu_nu_mu")
    read = Read(found)
    for x, theta, given in points(found, 30.0):
        ours = float(found.chi2(x, nuisances=theta))
        assert read.chi2(**given) == pytest.approx(ours, rel=1e-10)


def test_a_background_measured_off_beam_is_a_parameter_of_each_bin():
    observed = munu.load("coherent-csi-2017").statistic.observed
    off, ratio = np.full(observed.size, 12.0), 4.0
    found = munu.likelihood(csi(off_beam=OffBeam(off, ratio)), "mu_nu_mu")
    read = Read(found)
    steady = [name for name in read.point if name.startswith("steady_")]
    assert len(steady) == observed.size
    for x, theta, given in points(found, 30.0):
        values = read.values(**given, **dict.fromkeys(steady, 0.0))
        for name, n, m in zip(steady, observed, off, strict=True):
            mu = values[f"mean_{name.removeprefix('steady_')}"]
            # The positive root of (1+τ)b² + [(1+τ)μ-n-m]b - mμ.
            given[name] = float(np.roots([1 + ratio, (1 + ratio) * mu - n - m, -m * mu]).max())
        ours = float(found.chi2(x, nuisances=theta))
        assert read.chi2(**given) == pytest.approx(ours, rel=1e-10)


@pytest.mark.parametrize("far", [-3.0, -2.2, 1.8, 4.0])
def test_saturating_shapes_are_the_likelihood_where_they_level_off(far):
    found = munu.likelihood("xenonnt-s2only", "mu_eff")
    read = Read(found)
    theta = {"charge-yield:xenonnt-s2only": far, "cathode:SR1": -0.4 * far}
    given = {identifier("mu_eff"): 4.0, **{nuisance(name): at for name, at in theta.items()}}
    ours = float(found.chi2(4.0 * scales(found), nuisances=theta))
    assert read.chi2(**given) == pytest.approx(ours, rel=1e-10)


@pytest.mark.parametrize("x", [-3.0, -1.9, -0.7, -0.5, -0.2, 0.0, 0.4, 1.2, 1.5, 2.3, 4.0])
def test_functions_of_nuisances_are_those_of_the_likelihoods(x):
    from munu.statistics.likelihoods import interpolation, saturating
    from munu.statistics.likelihoods.positive import kept_events

    def at(text):
        return value(ast.parse(text, mode="eval").body, {"t": x})

    assert at(factor("t")) == pytest.approx(interpolation.scale_factor(np.array(x)).value)
    for how in ("quadratic", "polynomial", "saturating"):
        ours = float(interpolation.even_part(np.array(x), how)[0])
        assert at(even_part("t", how)) == pytest.approx(ours)
    found = saturating.saturating_coordinate(np.array([x, 5.0]))
    assert found is not None
    assert at(saturating_coordinate("t")) == pytest.approx(found.value[0])
    for margin in (0.0, 0.5, 2.0):
        ours = kept_events(np.array([x]), np.array([margin]))[0]
        assert at(positive("t", margin)) == pytest.approx(ours, abs=1e-12)


@pytest.mark.parametrize(
    ("experiment", "parameters", "message"),
    [
        (
            "conus",
            ["Lambda_1", "Lambda_2", "xi_1"],
            "fixed phases, and xi_1 is a.*--xi-1",
        ),
        (errors_up_and_down("variable-width"), ["mu_nu_mu"], "variable-width.*does not hold.*spl"),
    ],
)
def test_what_hs3_does_not_hold_is_refused(experiment, parameters, message):
    with pytest.raises(MunuError, match=message):
        munu.export(munu.likelihood(experiment, parameters), format="hs3")


def test_the_description_says_units_and_assumptions():
    found = munu.likelihood("conus", "mu_nu_e", sigma_sys=0.1)
    document = json.loads(munu.export(found, format="hs3"))
    text = document["metadata"]["description"]
    assert text.startswith("conus@current; mu_nu_e in 1e-10 mu_B; nuisances in standard deviations")
    assert "σ_sys 0.1" in text
    (domain,) = document["domains"]
    named = {one["name"] for one in domain["axes"]}
    point = document["parameter_points"][0]["parameters"]
    assert named == {one["name"] for one in point if not one.get("const")}


@pytest.mark.parametrize(("experiment", "parameters", "size"), LIKELIHOODS[:4])
def test_pyhs3_has_the_same_density(experiment, parameters, size):
    pyhs3 = pytest.importorskip("pyhs3", reason="pyhs3 is not installed (extra hs3)")
    import pytensor
    from pytensor.graph.traversal import explicit_graph_inputs

    found = munu.likelihood(experiment, parameters)
    workspace = pyhs3.Workspace(**json.loads(munu.export(found, format="hs3")))
    density = workspace.model(workspace.analyses["munu"], progress=False).log_prob
    inputs = [one for one in explicit_graph_inputs([density]) if one.name]
    log_density = pytensor.function(inputs, density)
    constants = []
    for x, theta, given in points(found, size):
        numbers = [np.reshape(given[one.name], (1,) * one.ndim) for one in inputs]
        theirs = float(np.ravel(log_density(*numbers))[0])
        constants.append(theirs + 0.5 * float(found.chi2(x, nuisances=theta)))
    assert np.ptp(constants) < 1e-10
