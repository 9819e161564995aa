"""Workspaces of pyhf: valid, of the same likelihood where pyhf holds it, refused elsewhere."""

import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

import munu
from munu.base.errors import MunuError
from munu.cli.main import cli
from munu.exporting.pyhf_workspace import SMALLEST

pyhf = pytest.importorskip("pyhf", reason="pyhf is not installed")
# pyhf resolves its schema by a class that jsonschema is about to take away.
pytestmark = pytest.mark.filterwarnings("ignore:jsonschema.RefResolver:DeprecationWarning")

HELD = {
    "xenonnt-sr0-er": "mu_eff",
    "lz-sr1-er": "Lambda_2",
    # With a control region, which shares three backgrounds.
    "coherent-ge-mini": "mu_nu_mu",
    # With fluxes that are shapes of the signal.
    "borexino-phase-ii-spectrum": "mu_nu_e",
}
"""Experiments of the catalogue that pyhf holds."""
LINEAR = 0.49
"""Change of a normalisation above which it is linear in munu too."""


@pytest.fixture(autouse=True)
def minuit():
    pyhf.set_backend("numpy", pyhf.optimize.minuit_optimizer())
    yield
    pyhf.set_backend("numpy")


def exported(experiment, parameter, *, approximate=False, **options):
    found = munu.likelihood(experiment, parameter, **options)
    return munu.export(found, format="pyhf", approximate=approximate)


def workspace(experiment, parameter, **options):
    text = exported(experiment, parameter, **options)
    made = pyhf.Workspace(json.loads(text))
    assert pyhf.schema.validate(made, "workspace.json") is None
    model = made.model()
    unit = float(model.config.poi_name.split("_squared_in_")[1].split("_mu_B2")[0])
    return model, made.data(model), unit


def random_point(model, rng):
    """Return pyhf's parameters near its first ones, and munu's nuisances there."""
    values, nuisances = model.config.suggested_init(), {}
    for name in model.config.par_order:
        own = model.config.par_slice(name)
        if name == model.config.poi_name:
            continue
        low, high = model.config.suggested_bounds()[own][0]
        assert low >= -5
        width = min(1.0, LINEAR * -low / (1 - SMALLEST))
        nuisances[name] = values[own.start] = float(rng.uniform(-width, width))
        assert high == 5
    return np.array(values), nuisances


@pytest.mark.parametrize(
    ("experiment", "parameter"),
    [*HELD.items(), (("xenonnt-sr0-er", "lz-sr1-er"), "mu_eff")],
)
def test_the_density_is_the_same_up_to_a_constant(experiment, parameter):
    found = munu.likelihood(experiment, parameter)
    model, data, unit = workspace(experiment, parameter)
    assert sorted(model.config.par_order) == sorted([model.config.poi_name, *found.nuisance_names])
    rng, offsets = np.random.default_rng(1), []
    for squared in (0.0, 0.3, 1.0, 7.0):
        values, nuisances = random_point(model, rng)
        values[model.config.poi_index] = squared
        ours = found.chi2([np.sqrt(squared * unit)], nuisances=nuisances)
        offsets.append(float(ours) + 2 * float(model.logpdf(values, data)[0]))
    assert np.ptp(offsets) < 1e-9 * max(1.0, abs(offsets[0]))


SHAPES = """
[variants.response]
minus = { efficiency = { model = "flat", fraction = "30 %" } }
plus = { efficiency = { model = "flat", fraction = "60 %" } }

[statistic]
kind = "poisson"
observed = [2400, 900]
sigma_signal = 0
interpolation = "polynomial"

[[statistic.backgrounds]]
name = "flat"
events = [40, 30]
sigma = 0
shapes = { tilt = { minus = [20, 33], plus = [90, 25] } }
"""


def shapes_alone(interpolation):
    """CONUS in two bins with shapes of unlike sides and no normalisation."""
    text = next(Path(munu.__file__).parent.glob("experiments/catalogue/conus.toml")).read_text()
    head = text.partition("[statistic]")[0]
    (line,) = (row for row in head.splitlines() if row.startswith("threshold"))
    bins = 'bins = { kind = "edges", edges = [0.1, 0.2, 1], unit = "keVee" }'
    return munu.loads(head.replace(line, bins) + SHAPES.replace("polynomial", interpolation))


def test_shapes_are_exact_with_the_interpolation_of_pyhf():
    """Of unlike sides, which pyhf's code 4p and the parabola bend otherwise."""
    experiment = shapes_alone("polynomial")
    found = munu.likelihood(experiment, "mu_nu_e")
    model, data, unit = workspace(experiment, "mu_nu_e")
    offsets = []
    for first, second in ((0, 0), (0.4, -0.7), (-0.9, 0.2), (1.2, -1.3)):
        nuisances = {"response": first, "tilt": second}
        values = np.array(model.config.suggested_init())
        for name, theta in nuisances.items():
            values[model.config.par_slice(name)] = theta
        values[model.config.poi_index] = 0.5
        ours = found.chi2([np.sqrt(0.5 * unit)], nuisances=nuisances)
        offsets.append(float(ours) + 2 * float(model.logpdf(values, data)[0]))
    assert np.ptp(offsets) < 1e-9 * abs(offsets[0])
    with pytest.raises(MunuError, match=r'unlike sides .*response, tilt.*= "polynomial"'):
        exported(shapes_alone("quadratic"), "mu_nu_e")
    with pytest.raises(MunuError, match=r'unlike sides .*beyond 1.5 σ.*"saturating".*tilt\)'):
        exported(shapes_alone("saturating"), "mu_nu_e")


@pytest.mark.parametrize("experiment", ["xenonnt-sr0-er", "coherent-ge-mini"])
def test_the_curve_of_delta_chi2_is_the_same(experiment):
    parameter = HELD[experiment]
    limit = munu.limit(experiment, parameter).limit_mu_b
    model, data, unit = workspace(experiment, parameter)
    _, best = pyhf.infer.mle.fit(data, model, return_fitted_val=True)
    for part in (0.5, 1.0, 1.2):
        (ours,) = munu.profile(experiment, parameter, at=[part * limit]).delta_chi2
        at = (part * limit) ** 2 / unit
        _, theirs = pyhf.infer.mle.fixed_poi_fit(at, data, model, return_fitted_val=True)
        assert float(theirs - best) == pytest.approx(ours, abs=1e-3)


@pytest.mark.parametrize(
    ("experiment", "parameter"), [("coherent-csi-2021", "mu_nu_mu"), ("xenonnt-s2only", "mu_eff")]
)
def test_what_pyhf_has_otherwise_is_named_and_near_if_accepted(experiment, parameter):
    with pytest.raises(MunuError, match=r"exponential, not linear .*flux:.*unlike sides.*--appr"):
        exported(experiment, parameter)
    limit = munu.limit(experiment, parameter).limit_mu_b
    model, data, unit = workspace(experiment, parameter, approximate=True)
    _, best = pyhf.infer.mle.fit(data, model, return_fitted_val=True)
    _, at = pyhf.infer.mle.fixed_poi_fit(limit**2 / unit, data, model, return_fitted_val=True)
    assert float(at - best) == pytest.approx(2.7055, abs=0.1)


@pytest.mark.parametrize("experiment", ["xenonnt-sr0-er", "coherent-ge-mini"])
def test_cls_is_the_same(experiment):
    """Of pyhf's asymptotic calculator, with the statistic of a signal that is not negative."""
    parameter = HELD[experiment]
    found = munu.limit(experiment, parameter, method="cls", cl=0.95)
    model, data, unit = workspace(experiment, parameter)
    for row in (10, 20, 27, 35):
        at = found.values[row] ** 2 / unit
        theirs = float(pyhf.infer.hypotest(at, data, model, test_stat="qtilde"))
        assert found.cls[row] == pytest.approx(theirs, abs=2e-3, rel=0.01)
    at = found.limit_mu_b**2 / unit
    assert float(pyhf.infer.hypotest(at, data, model)) == pytest.approx(0.05, abs=1e-3)
    at = found.expected_quantiles[2, 1] ** 2 / unit
    _, median = pyhf.infer.hypotest(at, data, model, return_expected=True)
    assert float(median) == pytest.approx(0.05, abs=1e-3)


def test_expected_data_and_a_larger_uncertainty_are_taken():
    model, data, _ = workspace("lz-sr1-er", "mu_eff", expected=True, sigma_sys=0.2)
    values = np.array(model.config.suggested_init())
    values[model.config.poi_index] = 0.0
    assert model.expected_actualdata(values) == pytest.approx(data[: model.config.nmaindata])
    standard = model.spec["channels"][0]["samples"][0]
    (scale,) = standard["modifiers"]
    assert scale["name"] == "normalisation:lz-sr1-er"
    assert scale["data"]["hi_data"] == pytest.approx(1.2 * np.array(standard["data"]))


@pytest.mark.parametrize(
    ("experiment", "parameters", "message"),
    [
        ("conus", "Lambda_1", "pyhf holds Poisson .* likelihood of conus@current is of kind 'gau"),
        ("dresden-ii", "Lambda_1", "Poisson counts, .* dresden-ii@current is of kind 'gaussian'"),
        ("gemma", "mu_nu_e", "Poisson counts"),
        ("lz-sr1-er", "sin2_theta_w", "square of one moment, not of sin2_theta_w"),
        ("lz-sr1-er", ["Lambda_1", "Lambda_2"], "not of Lambda_1, Lambda_2"),
        ("coherent-ge-mini", "mu_nu_tau", "mu_nu_tau makes no event"),
    ],
)
def test_what_pyhf_cannot_hold_is_refused_in_one_line(experiment, parameters, message):
    with pytest.raises(MunuError, match=message) as refused:
        exported(experiment, parameters)
    assert "\n" not in refused.value.message


def test_a_wide_normalisation_of_a_component_with_shapes_is_refused():
    loaded = munu.load("coherent-lar-2020")
    statistic = loaded.statistic
    wide = tuple(replace(one, sigma=1.5) if one.shapes else one for one in statistic.backgrounds)
    loaded = replace(loaded, statistic=replace(statistic, backgrounds=wide))
    with pytest.raises(MunuError, match=r"no normalisation of beam-neutrons\S* 1.5 of a component"):
        exported(loaded, "mu_nu_mu", approximate=True)


def run(*arguments):
    return CliRunner().invoke(cli, list(map(str, arguments)))


def test_the_command_writes_a_workspace_once(tmp_path):
    target = tmp_path / "workspace.json"
    command = ["export", "lz-sr1-er", "--format", "pyhf", "--parameter", "mu_eff"]
    found = run(*command, "--output", target)
    assert found.exit_code == 0, found.output
    assert "Written" in found.output
    text = exported("lz-sr1-er", "mu_eff")
    assert target.read_text("utf-8") == text
    assert json.loads(run(*command).output) == json.loads(text)
    again = run(*command, "--output", target)
    assert isinstance(again.exception, MunuError)
    assert "exists" in again.exception.message
    assert run(*command, "--output", target, "--replace", "--beam", "full").exit_code == 0
    changed = run(*command, "--set", "statistic.sigma_signal=0.3")
    assert changed.exit_code == 0
    assert json.loads(changed.output)["channels"] != json.loads(text)["channels"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["lz-sr1-er"], "format csv takes one result, saved with --json, not lz-sr1-er"),
        (["limit.json", "--format", "pyhf"], "takes experiments, and limit.json is a file of a"),
        (["a.json", "b.json"], "format csv takes one result"),
        (["lz-sr1-er", "--format", "phf"], "unknown format 'phf'.*pyhf"),
    ],
)
def test_a_format_that_does_not_fit_is_told_in_one_line(arguments, message):
    found = run("export", *arguments)
    assert isinstance(found.exception, MunuError)
    assert re.search(message, f"{found.exception.message} {found.exception.remedy}")


def test_a_format_and_its_subject_go_together(tmp_path):
    limit, found = munu.limit("conus"), munu.likelihood("lz-sr1-er", "mu_eff")
    with pytest.raises(MunuError, match="format pyhf is not of a result of kind 'limit'"):
        munu.export(limit, format="pyhf")
    with pytest.raises(MunuError, match=r"format csv is not of a likelihood.*likelihoods pyhf"):
        munu.export(found)
    with pytest.raises(MunuError, match="approximate is of pyhf"):
        munu.export(limit, approximate=True)
    saved = tmp_path / "limit.json"
    saved.write_text(limit.to_json(), encoding="utf-8")
    for more in (["--beam", "prompt"], ["--parameter", "mu_eff"], ["--setup", "current"]):
        refused = run("export", saved, *more).exception
        assert "has its parameters, setup and assumptions already" in refused.message
