"""Several targets in one experiment, each with its own response: their events add up."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

import munu
from munu.base.errors import MunuError
from munu.cli import main as entry
from munu.experiments.load import loads
from munu.experiments.model import CountingExperiment
from munu.folding.counts import FoldedCounts

HEAD = """format = 1
id = "towers"
title = "Towers of germanium and silicon"
reference = "me"
source = { kind = "tabulated", beam = "b", species = "nu_e_bar", points = [[1, 1e12], [8, 8e11]] }
exposure = { live_time = "1 yr" }
[detector]
observable = "ionisation"
bins = { kind = "edges", edges = [0.05, 0.1, 0.3], unit = "keVee" }
recoil_threshold = "0.1 keV"
quenching = { model = "lindhard", kappa = 0.16 }
efficiency = { model = "flat", fraction = 0.9 }
resolution = { model = "gaussian", noise = 0.02, stochastic = 0, proportional = 0, unit = "keVee" }
[interaction]
channels = ["nuclear", "electron"]
form_factor = "unity"
sin2_theta_w = 0.23
radiative = false
mixing = "nufit60-no"
[statistic]
kind = "poisson"
observed = "sm"
sigma_signal = 0.1
"""
SILICON = """
quenching = { model = "lindhard", kappa = 0.15 }
efficiency = { model = "flat", fraction = 0.5 }
resolution = { model = "gaussian", noise = 0.01, stochastic = 0, proportional = 0, unit = "keVee" }
"""
GE = 'material = "Ge"\nmass = "1 kg"\n'
SI = 'material = "Si"\nmass = "0.4 kg"\n'
VARIANTS = """
[variants.kappa]
minus = { quenching = { model = "lindhard", kappa = 0.14 } }
plus = { quenching = { model = "lindhard", kappa = 0.18 } }
"""


def towers(silicon: str = SI + SILICON, rest: str = "") -> str:
    return f"{HEAD}[[target]]\n{GE}[[target]]\n{silicon}{rest}"


def alone(target: str, counts: str = "", rest: str = "") -> str:
    """Return a file of one target, its response in the place of the detector's."""
    text = HEAD
    for line in counts.strip().splitlines():
        key = line.split(" = ")[0]
        old = next(one for one in text.splitlines() if one.startswith(f"{key} = "))
        text = text.replace(old, line)
    return f"{text}[target]\n{target}{rest}"


def folded(text: str) -> FoldedCounts:
    return munu.fold(loads(text))


def test_events_add_up() -> None:
    """Of moments and the Standard Model, bin by bin, each target with its own response."""
    both = folded(towers())
    parts = [folded(alone(GE)), folded(alone(SI, SILICON))]
    np.testing.assert_allclose(both.sm_events, sum(p.sm_events for p in parts), rtol=1e-9)
    dipole = sum(p.dipole_events_per_mu_b2 for p in parts)
    np.testing.assert_allclose(both.dipole_events_per_mu_b2, dipole, rtol=1e-9)
    assert parts[1].sm_events.sum() > 0.01 * parts[0].sm_events.sum()


def test_two_of_one_material_are_one_of_their_mass() -> None:
    """A crystal in two tables, with the response of the detector."""
    twice = f"{HEAD}[[target]]\n{GE}[[target]]\n{GE}"
    whole = folded(alone(GE.replace("1 kg", "2 kg")))
    np.testing.assert_allclose(folded(twice).sm_events, whole.sm_events, rtol=1e-9)


def test_a_single_table_of_several_is_one_target() -> None:
    one = loads(f"{HEAD}[[target]]\n{GE}")
    assert one.inputs_hash == loads(alone(GE)).inputs_hash


def test_a_variant_leaves_what_a_target_states_itself() -> None:
    """Lindhard's kappa of germanium varies; silicon, which has its own, varies by its number."""
    for rest, of_germanium, of_silicon in (
        (VARIANTS, VARIANTS, ""),
        (VARIANTS.replace("[variants.kappa]", "[variants.kappa]\ntarget = 2"), "", VARIANTS),
    ):
        both = folded(towers(rest=rest))
        germanium = folded(alone(GE, rest=of_germanium))
        silicon = folded(alone(SI, SILICON, of_silicon))
        for side in ("minus", "plus"):
            found = sum(
                getattr(one.variants[0], side).sm_events if one.variants else one.sm_events
                for one in (germanium, silicon)
            )
            own = getattr(both.variants[0], side).sm_events
            np.testing.assert_allclose(own, found, rtol=1e-9)


def test_a_neutron_radius_may_be_of_either() -> None:
    text = towers().replace('form_factor = "unity"', HELM)
    changed = text.replace("[interaction]", '[interaction]\nneutron_radius = { Si28 = "3.5 fm" }')
    assert folded(text).sm_events.sum() > folded(changed).sm_events.sum()


HELM = 'form_factor = { model = "helm", radius = "lewin-smith", skin_thickness = "0.9 fm" }'


@pytest.mark.parametrize(
    ("silicon", "rest", "message"),
    [
        (SI + "light_yield = '3 PE/keV'\n", "", r"line 27: target\[2\]: .* its own light_yield"),
        (SI + "light_yield = '3 PE/keV'\n", "", "observable is ionisation has none"),
        (SI + "resolution = 'poisson'\n", "", r"'poisson' in a target.*: perfect, gaussian, table"),
        (
            SI + "resolution = { model = 'gamma', beta_per_keVee = 9 }\n",
            "",
            r"target\[2\]: unknown resolution model 'gamma' in a target",
        ),
        (SI + "efficiency = { model = 'flat', fraction = 2 }\n", "", "line 30: .*fraction"),
        ("material = 'Xy'\nmass = '1 kg'\n", "", r"target\[2\]: unknown element 'Xy'"),
        (SI, VARIANTS.replace("kappa]", "kappa]\ntarget = 3"), "Allowed: 1 to 2"),
    ],
)
def test_mistakes_name_the_target(silicon: str, rest: str, message: str) -> None:
    with pytest.raises(MunuError, match=message):
        loads(towers(silicon, rest))


def test_a_part_that_each_target_states_is_varied_by_number() -> None:
    own = f"{HEAD}[[target]]\n{GE}{SILICON}[[target]]\n{SI}{SILICON}"
    with pytest.raises(MunuError, match=r"each target states its own.*target = 1"):
        loads(own + VARIANTS)


def test_the_command_line_takes_it(tmp_path: Path) -> None:
    file = tmp_path / "towers.toml"
    text = towers().replace('observed = "sm"', "observed = [400, 40]")
    file.write_text(text, encoding="utf-8")
    runner = CliRunner()
    for command in (
        ["validate", str(file)],
        ["limit", str(file), "--parameter", "Lambda_3"],
        ["rate", str(file)],
        ["fit", str(file)],
        ["show", str(file)],
        ["check", str(file)],
        ["cite", str(file)],
    ):
        found = runner.invoke(entry.cli, command)
        assert found.exit_code == 0, (command, found.output, found.exception)
        if command[0] == "show":
            assert "efficiency used of target 2" in found.output
            assert "511.35 kg day" in found.output


def test_unbinned_events_cut_the_bins_of_all(tmp_path: Path) -> None:
    (tmp_path / "events.csv").write_text("E\n0.06\n0.07\n0.2\n", encoding="utf-8")
    observed = 'observed = { events = "events.csv", column = "E", unbinned = true }'
    fine = loads(towers().replace('observed = "sm"', observed), folder=tmp_path)
    assert isinstance(fine, CountingExperiment)
    cells = munu.fold(fine).sm_events.sum(axis=0).reshape(2, -1).sum(axis=1)
    np.testing.assert_allclose(cells, folded(towers()).sm_events.sum(axis=0), rtol=1e-6)
