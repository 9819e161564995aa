"""How results look where they are the last line of a cell, or in a list."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import munu
from munu.results.core.base import Origin

WRITTEN_BY_0_1_0 = sorted((Path(__file__).parent / "files_0_1_0").glob("*.json"))
REGION = {"region", "envelope"}


class Printer:
    """As much of IPython's printer as `_repr_pretty_` needs."""

    def __init__(self):
        self.written = ""

    def text(self, text):
        self.written += text


def pretty(result):
    printer = Printer()
    result._repr_pretty_(printer, cycle=False)
    return printer.written


@pytest.mark.parametrize("path", WRITTEN_BY_0_1_0, ids=lambda path: path.stem)
def test_every_result_is_one_line_in_a_list_and_three_at_most_alone(path):
    result = munu.read_json(path)
    assert "\n" not in repr(result)
    assert repr(result).startswith(f"<{type(result).__name__}: ")
    assert len(repr(result)) < 200
    lines = pretty(result).splitlines()
    assert repr(result) == f"<{type(result).__name__}: {lines[0]}>"
    assert len(lines) == 3 if result.kind_of_result in REGION else len(lines) <= 3
    assert result._repr_html_().startswith("<table>")


def test_a_limit_is_one_line_with_number_level_and_experiment():
    limit = munu.limit("conus-plus", one_sided=True)
    (line,) = pretty(limit).splitlines()
    number = f"{limit.limit_mu_b / 1e-10:.3f}"[:4]
    for part in (f"|Λ₁| < {number}", "90 % C.L.", "one-sided", "slice", "conus-plus@current"):
        assert part in line
    assert "expected" in line


def test_an_unbounded_limit_and_one_with_a_lower_end_say_so():
    assert "unbounded, blind direction" in repr(munu.limit("conus", others="profiled"))
    above = replace(munu.limit("conus", "mu_eff"), lower_mu_b=1.5e-11)
    assert "0.1500 < μ_eff < " in repr(above)


def test_a_region_says_how_far_it_reaches():
    region = munu.region("conus")
    first, extent, how = region.summary()
    assert "90 % C.L., conus@current, Δχ² = 4.605, 2 degrees of freedom" in first
    reach = np.concatenate(region.polygons).max(axis=0) / 1e-10
    assert extent == f"|Λ₁| 0 to {reach[0]:.2f}, |Λ₂| 0 to {reach[1]:.2f}; " + (
        "|Λ₁| and |Λ₂| in 10⁻¹⁰ μ_B."
    )
    assert how.startswith("Slice: other moments zero; full beam")
    open_region = munu.region("connie", profile=("Lambda_3",), delta_cp=0.1)
    assert pretty(open_region).count("\n") == 2


def test_names_from_a_file_do_not_command_the_terminal():
    origin = Origin(experiments=("a\x1b[31m@current",), inputs_hash=("0",))
    limit = munu.read_json(WRITTEN_BY_0_1_0[0].parent / "limit.json")
    changed = type(limit)(**{**vars(limit), "origin": origin})
    assert "\x1b" not in repr(changed) + pretty(changed)


def test_short_names_are_labels_with_the_setups_that_are_not_current():
    origin = Origin(experiments=("a@current", "b@future"), inputs_hash=("0", "1"))
    assert origin.short_names() == ("a", "b (future)")
    named = Origin(experiments=origin.experiments, inputs_hash=("0", "1"), labels=("A+", "B II"))
    assert named.short_names() == ("A+", "B II (future)")


def test_results_with_arrays_are_compared_by_what_they_say():
    one = munu.limit("conus", "Lambda_3", others="profiled")
    assert one == munu.read_json(one.to_json())
    assert one != munu.limit("conus", "Lambda_3")
    assert munu.scan("conus", "Lambda_3", over="target.mass", at=["1 kg"]) != one
    assert one != 1


def test_a_moment_beside_a_coupling_has_a_limit_and_a_power_of_ten():
    beside = munu.limit("coherent-csi-2021", "Lambda_1", profile="sin2_theta_w")
    assert beside.limit_mu_b == beside.intervals[-1, 1]
    assert munu.read_json(beside.to_json()).limit_mu_b == beside.limit_mu_b
    assert f"{beside.limit_mu_b / 1e-10:.2f} × 10⁻¹⁰ μ_B" in repr(beside)
    blind = munu.limit("conus", "Lambda_1", others="profiled", values={"sin2_theta_w": 0.24})
    assert np.isinf(munu.read_json(blind.to_json()).limit_mu_b)
    assert munu.limit("coherent-csi-2021", "sin2_theta_w").limit_mu_b is None
    plane = munu.region("coherent-csi-2021", "epsilon_u_ee,charge_radius_mumu")
    assert plane.summary()[1].count(" × 10⁻³² cm²") == len(plane.outlines)


def test_every_region_gives_outlines_to_fill():
    kept = munu.read_json(Path(__file__).with_name("feldman-cousins-region.json"))
    for found in (
        munu.region("conus"),
        munu.region("conus-plus", "sin2_theta_w,mu_nu_e"),
        munu.region("conus", "Lambda_1,xi_2", profile="Lambda_2"),
        kept,
    ):
        pieces = found.filled_polygons()
        assert pieces
        assert all(len(piece) > 2 and piece.shape[1] == 2 for piece in pieces)
