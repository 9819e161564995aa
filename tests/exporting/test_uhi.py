"""Histograms of the Unified Histogram Interface, read back by uhi and hist."""

import json

import numpy as np
import pytest
from click.testing import CliRunner

import munu
from munu.base.errors import MunuError
from munu.cli.main import cli
from munu.exporting.uhi_axes import histogram
from munu.folding.counts import BinnedAxis

hist = pytest.importorskip("hist", reason="hist is not installed")
pytest.importorskip("fastjsonschema", reason="uhi[schema] is not installed")


def read(text):
    """Return histograms of hist by their key, after the schema was checked."""
    from uhi.io.json import object_hook
    from uhi.schema import validate

    validate(json.loads(text))
    return {key: hist.Hist(one) for key, one in json.loads(text, object_hook=object_hook).items()}


def exported(experiment, parameters="Lambda_1", **options):
    return read(munu.export(munu.likelihood(experiment, parameters, **options), format="uhi"))


@pytest.mark.parametrize(
    ("experiment", "observables"),
    [
        ("coherent-csi-2021", ("photoelectrons", "time")),
        ("coherent-lar-2020", ("ionisation", "F90", "time")),
        ("xenonnt-sr0-er", ("ionisation",)),
    ],
)
def test_components_come_back_and_add_up(experiment, observables):
    found = exported(experiment, ["mu_nu_e", "mu_nu_mu"])
    parts = {key.partition("/")[2]: one for key, one in found.items()}
    assert all(one.axes.name == observables for one in parts.values())
    loaded, events = munu.load(experiment), munu.rate(experiment)
    likelihood = munu.likelihood(experiment, "mu_nu_mu")
    assert parts["data"].values().ravel() == pytest.approx(loaded.statistic.observed, rel=1e-15)
    for background in loaded.statistic.backgrounds:
        read_back = parts[f"background/{background.name}"].values().ravel()
        assert read_back == pytest.approx(background.events, rel=1e-15)
    standard = sum(v.values().ravel() for k, v in parts.items() if k.startswith("standard-model"))
    assert standard == pytest.approx(likelihood.sm_events, rel=1e-12)
    for axis, own in zip(parts["data"].axes, events.axes, strict=True):
        assert axis.edges == pytest.approx(own.edges, rel=1e-15)
    moment = parts["mu_nu_mu=1e-10_mu_B"].values().ravel()
    predicted = likelihood.predict([[1e-10], [0.0]])
    assert moment == pytest.approx(predicted[0] - predicted[1], rel=1e-6)
    assert moment.sum() > 0


def test_recoils_and_species_are_apart():
    keys = list(exported("coherent-csi-2021"))
    assert "coherent-csi-2021@current/standard-model/nuclear/nu_e/delayed" in keys
    assert "coherent-csi-2021@current/standard-model/electron/nu_mu/prompt" in keys
    solar = list(exported("xenonnt-sr0-er"))
    assert any(key.endswith("/standard-model/electron/nu/pp") for key in solar)


def test_control_regions_have_their_own():
    found, loaded = exported("coherent-ge-mini"), munu.load("coherent-ge-mini")
    (region,) = loaded.statistic.control_regions
    key = f"coherent-ge-mini@current/{region.name}"
    assert found[f"{key}/data"].values().ravel() == pytest.approx(region.observed)
    assert f"{key}/background/flat-0" in found
    dresden = exported("dresden-ii", "mu_nu_e")
    (region,) = munu.load("dresden-ii").statistic.control_regions
    data = dresden[f"dresden-ii@current/{region.name}/data"]
    assert data.variances().ravel() == pytest.approx(region.variance)


def test_several_experiments_each_have_theirs():
    both = exported(["coherent-csi", "conus"], "Lambda_1")
    assert both["coherent-csi@current/data"].sum().value == 142
    assert both["coherent-csi@current/data"].sum().variance == pytest.approx(142 + 6 + 2 * 405)
    alone = exported("conus", "Lambda_1")
    moment = "conus@current/Lambda_1=1e-10_mu_B"
    assert both[moment].values() == pytest.approx(alone[moment].values(), rel=1e-12)


def test_expected_data_are_called_so():
    found = exported("xenonnt-sr0-er", expected=True)
    assert not any(key.endswith("/data") for key in found)
    total = sum(
        one.values()
        for key, one in found.items()
        if "/background/" in key or "/standard-model/" in key
    )
    assert found["xenonnt-sr0-er@current/expected-data"].values() == pytest.approx(total)
    assert not any("data" in key for key in exported("conus"))


def test_a_bin_without_an_end_is_a_named_one():
    axis = BinnedAxis("energy", "keV", np.array([1.0, 2.0, np.inf]))
    one = histogram((axis,), np.array([3.0, 4.0]), None, {})
    made = read(json.dumps({"a": one}, allow_nan=False))["a"]
    assert list(made.axes[0]) == ["1 to 2", "2 to inf"]
    assert made.values() == pytest.approx([3.0, 4.0])


@pytest.mark.parametrize(
    ("experiment", "parameters", "options", "message"),
    [
        ("gemma", "mu_nu_e", {}, "'gemma@current' is a bound on a moment and counts no events"),
        ("conus", "sin2_theta_w", {}, "the Standard Model and moments, not sin2_theta_w"),
        ("conus", "mu_nu_e", {"values": {"sin2_theta_w": 0.25}}, "not sin2_theta_w"),
    ],
)
def test_what_is_no_histogram_is_refused(experiment, parameters, options, message):
    with pytest.raises(MunuError, match=message):
        exported(experiment, parameters, **options)


def test_the_command(tmp_path):
    target = tmp_path / "histograms.json"
    command = ["export", "xenonnt-sr0-er", "--format", "uhi", "--parameter", "mu_eff"]
    found = CliRunner().invoke(cli, [*command, "--output", str(target)])
    assert found.exit_code == 0, found.output
    text, key = target.read_text("utf-8"), "mu_eff=1e-10_mu_B"
    assert read(text)[f"xenonnt-sr0-er@current/{key}"].sum() > 0
    assert json.loads(text)[f"xenonnt-sr0-er@current/{key}"]["metadata"]["component"] == key


def test_expected_data_of_control_regions_are_those_of_the_likelihood():
    found = munu.likelihood("dresden-ii", "mu_nu_e", expected=True)
    read_back = read(munu.export(found, format="uhi"))
    (region,) = munu.load("dresden-ii").statistic.control_regions
    key = f"dresden-ii@current/{region.name}/expected-data"
    assert read_back[key].values().ravel() == pytest.approx(region.expected(), rel=1e-12)
    assert f"dresden-ii@current/{region.name}/data" not in read_back
