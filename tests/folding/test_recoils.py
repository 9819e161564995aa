"""Nuclear and electron recoils switched in every statement about events and moments."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import munu
from munu.base.errors import MunuError
from munu.cli import main as entry
from munu.detectors.efficiency import Flat
from munu.experiments.model import counting_part
from munu.folding.folded import fold_experiment, fold_moment
from munu.folding.selections import check_channels
from munu.folding.template_fit import in_bins

BOTH = "conus-plus@electrons"
"""Germanium, where a fit sees nuclear and electron recoils."""

STATEMENTS: dict[str, Callable[..., Any]] = {
    "limit": munu.limit,
    "profile": munu.profile,
    "region": munu.region,
    "envelope": munu.envelope,
    "rate": munu.rate,
    "spectrum": munu.spectrum,
}


@pytest.mark.parametrize("channels", ["nuclear", "electron"])
def test_moments_are_seen_by_these_recoils_and_the_standard_model_has_all(channels: Any) -> None:
    """One bin: the same excess is excluded, so limits go as 1/√W."""
    switched, both = (munu.limit(BOTH, channels=c) for c in (channels, "all"))
    dipole = [
        munu.rate(BOTH, channels=c).components[0].dipole_events_per_mu_b2 for c in (channels, "all")
    ]
    assert switched.limit_mu_b / both.limit_mu_b == pytest.approx(np.sqrt(dipole[1] / dipole[0]))
    assert switched.limit_mu_b > both.limit_mu_b
    assert switched.to_dict()["channels"] == channels
    assert f"seen by {channels} recoils only" in " ".join(str(switched).split())
    assert "recoils only" not in str(both)


def test_shapes_of_the_signal_follow() -> None:
    """The variants of a signal have the dipole of the chosen recoils too."""
    whole, part = (fold_moment("coherent-csi-2021", None, c).counts for c in ("all", "electron"))
    alone = fold_experiment("coherent-csi-2021", None, "electron").counts
    for one, all_, other in zip(part.variants, whole.variants, alone.variants, strict=True):
        for side in ("minus", "plus"):
            mixed = getattr(one, side)
            np.testing.assert_array_equal(mixed.sm_events, getattr(all_, side).sm_events)
            np.testing.assert_array_equal(
                mixed.dipole_events_per_mu_b2, getattr(other, side).dipole_events_per_mu_b2
            )


def test_curves_and_regions_follow() -> None:
    moduli = np.array([0.0, 5e-10])
    curves = [munu.profile(BOTH, moment_mu_b=moduli, channels=c) for c in ("all", "nuclear")]
    assert curves[0].delta_chi2[-1] > 2 * curves[1].delta_chi2[-1]
    for draw, extent in (
        (munu.region, lambda found: found.polygons[0].max()),
        (munu.envelope, lambda found: np.max(found.outer_mu_b)),
    ):
        both, nuclear = (draw(BOTH, channels=c) for c in ("all", "nuclear"))
        assert extent(nuclear) > 1.5 * extent(both)
        assert nuclear.assumptions.recoils == "nuclear"


def test_a_combination_is_switched_as_a_whole() -> None:
    names = ["conus-plus", "dresden-ii"]
    nuclear = munu.limit(names, channels="nuclear").limit_mu_b
    alone = [munu.limit(name, channels="nuclear").limit_mu_b for name in names]
    assert nuclear < 1.05 * min(alone)
    with pytest.raises(MunuError, match="'xenonnt-sr0-er' does not count nuclear recoils"):
        munu.limit(["conus-plus", "xenonnt-sr0-er"], channels="nuclear")


@pytest.mark.parametrize("name", STATEMENTS)
def test_recoils_that_are_not_there(name: str) -> None:
    statement = STATEMENTS[name]
    for experiment in ("conus", munu.load("conus")):
        with pytest.raises(MunuError, match="Did you mean 'electron'"):
            statement(experiment, channels="electrons")
        with pytest.raises(MunuError, match="'conus' does not count electron recoils"):
            statement(experiment, channels="electron")
    with pytest.raises(MunuError, match="bound on a moment"):
        statement("borexino", channels="nuclear")


def test_a_bound_from_all_recoils_is_not_taken_apart() -> None:
    """One from electrons alone is that of its electrons."""
    bound = munu.load("borexino-phase-ii")
    check_channels(bound, "electron")
    counting = replace(counting_part(bound), recoils=("nuclear", "electron"))
    for channels in ("nuclear", "electron"):
        with pytest.raises(MunuError, match="from all its recoils together"):
            check_channels(replace(bound, counting=counting), channels)


def test_rates_add_up_over_the_channels() -> None:
    both = munu.rate("coherent-csi-2021")
    apart = {c: munu.rate("coherent-csi-2021", channels=c) for c in ("nuclear", "electron")}
    assert both.sm_events == pytest.approx(sum(one.sm_events for one in apart.values()))
    for i, component in enumerate(both.components):
        assert list(component.channels) == ["nuclear", "electron"]
        for name, part in component.channels.items():
            alone = apart[name].components[i]
            assert part.sm_events == pytest.approx(alone.sm_events)
            assert part.dipole_events_per_mu_b2 == pytest.approx(alone.dipole_events_per_mu_b2)
            assert list(alone.channels) == [name]
        parts = component.channels.values()
        assert sum(p.sm_events for p in parts) == pytest.approx(component.sm_events)
    assert type(both).from_json(both.to_json()).to_json() == both.to_json()


def test_recoils_below_the_threshold_are_no_events() -> None:
    """Nuclear recoils in germanium end at 1.9 keV for 8 MeV, electrons far above."""
    experiment = in_bins(munu.load(BOTH))
    detector = replace(experiment.detector, bin_edges=np.array([5.0, 20.0]), efficiency=Flat(1.0))
    (component,) = munu.rate(replace(experiment, detector=detector)).components
    assert component.channels["nuclear"].dipole_events_per_mu_b2 == 0
    assert component.channels["electron"].sm_events == pytest.approx(component.sm_events)


def test_a_fit_takes_a_channel_that_reaches_no_bin() -> None:
    """As rates and limits do: its events are none, and the others' those of the whole."""
    experiment = in_bins(munu.load("conus-plus@electrons"))
    detector = replace(experiment.detector, bin_edges=np.array([5.0, 20.0]), efficiency=Flat(1.0))
    fitted = munu.fit(replace(experiment, detector=detector), toys=0).data[0].components
    events = {one.channel: one.expected_events for one in fitted}
    assert events["nuclear"] == 0
    assert events["electron"] == pytest.approx(
        munu.rate(replace(experiment, detector=detector)).sm_events, rel=1e-12
    )


@pytest.mark.parametrize(
    "command",
    [
        ("limit", BOTH),
        ("profile", BOTH, "--max", "1e-9"),
        ("region", BOTH),
        ("envelope", BOTH),
        ("rate", BOTH),
    ],
)
def test_the_commands_take_channels(
    command: tuple[str, ...], capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", ["munu", *command, "--channels", "electron", "--json"])
    with pytest.raises(SystemExit) as stop:
        entry.main()
    assert stop.value.code == 0
    assert json.loads(capsys.readouterr().out)["channels"] == "electron"
    monkeypatch.setattr("sys.argv", ["munu", *command, "--channels", "elektron"])
    with pytest.raises(SystemExit) as stop:
        entry.main()
    assert stop.value.code == 2
    assert "Did you mean 'electron'" in capsys.readouterr().err
