"""Assumptions once: keywords, command line, results and texts come from the fields of one class."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import MISSING, fields, replace
from importlib import import_module
from pathlib import Path
from typing import Any, get_type_hints

import click
import numpy as np
import pytest

import munu
from munu.analysis.assumptions import taken_by
from munu.base.errors import MunuError
from munu.base.options import flag_of, key_of, option_of, options_of
from munu.cli import main as entry
from munu.cli.main import COMMANDS
from munu.folding.folded import fold_experiment
from munu.physics.assumptions import AssumptionOptions, Assumptions
from munu.results import read_json

QUESTIONS: dict[str, Callable[..., Any]] = {
    "limit": munu.limit,
    "profile": munu.profile,
    "region": munu.region,
    "envelope": munu.envelope,
    "coverage": munu.coverage,
    "weak_angle": munu.weak_angle,
}
OTHER_VALUES: dict[str, Any] = {
    "mixing": "nufit60-no",
    "delta_cp": 0.4,
    "xi_1": 0.2,
    "xi_2": 0.3,
    "beam": "prompt",
    "convention": "published",
    "sigma_sys": 0.1,
    "channels": "nuclear",
    "expected": True,
    "one_sided": True,
}
"""A value of each keyword that is not the default."""
WITH_PHASES: dict[str, dict[str, Any]] = {
    "xi_1": {"xi_2": 0.0, "others": "profiled"},
    "xi_2": {"xi_1": 0.0, "others": "profiled"},
}
"""What a limit needs so that a phase of moments makes a difference to it."""
SETTINGS: dict[str, tuple[Any, str, dict[str, Any]]] = {
    "values": ({"sin2_theta_w": 0.25}, "Lambda_3", {}),
    "mediator_mass": ("30 MeV", "g_b-l", {}),
    "sterile_mass": ("2 MeV", "mu_N_mu", {}),
    "charges": ("nu_mu=1,u=1", "g_vector", {"mediator_mass": "30 MeV"}),
    "radius_kind": ("total", "charge_radius_mumu", {}),
}
"""Another value of what only interactions use, a parameter that does, and what else it needs."""
KEYS = {"phases", "sided", "with_values", *SETTINGS, *OTHER_VALUES} - {"one_sided", "values"}
LATER = {"expected", "sided", "with_values", *SETTINGS} - {"values"}
"""Keys that files of 0.1.0 lack."""
DATA = "coherent-csi-2017"
ONE_BIN = "coherent-csi"


def command(question: str) -> click.Command:
    module, _, name = COMMANDS[question.replace("_", "-")].partition(":")
    found = getattr(import_module(module), name)
    assert isinstance(found, click.Command)
    return found


@pytest.fixture
def run(capsys: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[..., dict[str, Any]]:
    """Return a function that runs munu in this process with --json and returns its document."""

    def run_munu(*arguments: str) -> dict[str, Any]:
        monkeypatch.setattr("sys.argv", ["munu", *arguments, "--json"])
        with pytest.raises(SystemExit) as stop:
            entry.main()
        captured = capsys.readouterr()
        assert (stop.value.code, captured.err) == (0, "")
        document = json.loads(captured.out)
        assert isinstance(document, dict)
        return document

    return run_munu


def written(keyword: str) -> list[str]:
    """Return how the command line is told a keyword's other value."""
    flag, value = f"--{keyword.replace('_', '-')}", OTHER_VALUES[keyword]
    return [flag] if value is True else [flag, str(value)]


def test_fields_keywords_and_keys_are_the_same() -> None:
    known = options_of(Assumptions)
    hints, own = get_type_hints(AssumptionOptions), get_type_hints(Assumptions)
    assert list(known) == list(hints) == [*SETTINGS, *OTHER_VALUES]
    assert {key_of(one) for one in fields(Assumptions)} == KEYS
    for keyword, one in known.items():
        has_unit = option_of(one).kind is float and bool(option_of(one).dimension)
        taken = own[one.name] | str if has_unit else own[one.name]
        assert taken in (hints[keyword], hints[keyword] | None), keyword
        assert one.default is not MISSING
        assert option_of(one).is_later == (key_of(one) in LATER)
    assert {one.name for one in fields(Assumptions)} - {one.name for one in known.values()} == {
        "phases"
    }


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_command_line_has_the_options_that_the_question_takes(question: str) -> None:
    options = {one.name: one for one in command(question).params if isinstance(one, click.Option)}
    asked = [name for name in options if name in AssumptionOptions.__annotations__]
    assert tuple(asked) == taken_by(question)
    for keyword in asked:
        one = options_of(Assumptions)[keyword]
        option = options[keyword]
        assert option.default == (() if option.multiple else one.default)
        assert option.is_flag == (option_of(one).kind is bool)
        assert option.multiple == (option_of(one).kind is dict)
        assert option.opts == [flag_of(one)]
        assert option.help == option_of(one).help or (question, keyword) == (
            "weak_angle",
            "channels",
        )


@pytest.mark.parametrize("keyword", OTHER_VALUES)
def test_an_assumption_reaches_a_limit_and_its_json(keyword: str, run: Any) -> None:
    """By keyword, in a `munu.Assumptions` and on the command line alike, and back from JSON."""
    value, field = OTHER_VALUES[keyword], options_of(Assumptions)[keyword]
    more = WITH_PHASES.get(keyword, {})
    by_keyword = munu.limit(DATA, "Lambda_3", **{keyword: value}, **more)
    together = munu.Assumptions(**{field.name: value})
    document = by_keyword.to_dict()
    assert munu.limit(DATA, "Lambda_3", assumptions=together, **more).to_dict() == document
    options = [f"--{name.replace('_', '-')}={given}" for name, given in more.items()]
    shown = run("limit", DATA, "--parameter", "Lambda_3", *written(keyword), *options)
    assert shown == json.loads(by_keyword.to_json())
    assert document[key_of(field)] == option_of(field).stored.get(value, value)
    assert getattr(by_keyword.assumptions, field.name) == value
    assert read_json(by_keyword.to_json()).to_dict() == document
    words = option_of(field).words
    assert words is None or words(value) in by_keyword.assumptions.text()


@pytest.mark.parametrize("keyword", SETTINGS)
def test_what_interactions_use_reaches_a_limit_and_its_json(keyword: str, run: Any) -> None:
    value, parameter, more = SETTINGS[keyword]
    field = options_of(Assumptions)[keyword]
    found = munu.limit(DATA, parameter, **{keyword: value}, **more)
    together = munu.Assumptions(**{field.name: value}, **more)
    document = found.to_dict()
    assert munu.limit(DATA, parameter, assumptions=together).to_dict() == document
    words = [flag_of(field), "sin2_theta_w=0.25" if keyword == "values" else value]
    for name, other in more.items():
        words += [flag_of(options_of(Assumptions)[name]), other]
    shown = run("limit", DATA, "--parameter", parameter, *words)
    assert shown == json.loads(found.to_json())
    assert document[key_of(field)] == value
    assert read_json(found.to_json()).to_dict() == document


@pytest.mark.parametrize("keyword", [k for k in SETTINGS if k != "values"])
@pytest.mark.parametrize("question", [munu.limit, munu.profile, munu.rate, munu.fit])
def test_what_no_interaction_of_a_question_uses_is_refused(question: Any, keyword: str) -> None:
    with pytest.raises(MunuError, match=rf"\({keyword}\) = .* makes no difference to"):
        question(DATA, **{keyword: SETTINGS[keyword][0]})


def test_a_keyword_replaces_what_the_assumptions_say() -> None:
    given = munu.Assumptions(beam="prompt", sigma_sys=0.1)
    found = munu.limit(DATA, "Lambda_3", assumptions=given, beam="full")
    assert found.to_json() == munu.limit(DATA, "Lambda_3", sigma_sys=0.1).to_json()


def test_the_assumptions_of_a_result_serve_another_question() -> None:
    """Phases that were profiled, shown or varied are left out there."""
    first = munu.region("conus", "Lambda_1,delta_cp", profile="xi_1", sigma_sys=0.05)
    assert first.assumptions.delta_cp is first.assumptions.xi_1 is None
    again = munu.limit("conus", assumptions=first.assumptions)
    assert again.to_json() == munu.limit("conus", sigma_sys=0.05).to_json()


def test_left_out_assumptions_are_the_usual_ones() -> None:
    assert munu.limit(DATA).to_json() == munu.limit(DATA, assumptions=Assumptions()).to_json()
    with pytest.raises(MunuError, match="nothing to take the mixing from"):
        _ = Assumptions().neutrino_mixing


@pytest.mark.parametrize("key", sorted(LATER))
def test_files_of_the_first_version_lack_later_keys(key: str) -> None:
    document = munu.limit("conus").to_dict()
    del document[key]
    usual = {"expected": False, "sided": "two-sided", "radius_kind": "beyond", "with_values": {}}
    assert munu.results.LimitResult.from_dict(document).to_dict()[key] == usual.get(key)


@pytest.mark.parametrize("key", sorted(KEYS - LATER))
def test_a_file_that_lacks_any_other_key_is_refused(key: str) -> None:
    document = munu.limit("conus").to_dict()
    del document[key]
    with pytest.raises(MunuError, match=f"lacks {key}"):
        munu.results.LimitResult.from_dict(document)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("sided", "one"),
        ("convention", "own"),
        ("channels", 3),
        ("phases", {"xi_1": "fixed"}),
        ("phases", {"delta_cp": "free", "xi_1": "fixed", "xi_2": "fixed"}),
        ("expected", "no"),
        ("delta_cp", "0"),
        ("beam", None),
    ],
)
def test_a_damaged_assumption_is_refused(key: str, value: object) -> None:
    document = munu.limit("conus").to_dict() | {key: value}
    with pytest.raises(MunuError):
        munu.results.LimitResult.from_dict(document)


@pytest.mark.parametrize("question", ["region", "envelope", "weak_angle"])
def test_an_assumption_that_makes_no_difference_is_refused(question: str) -> None:
    """Neither by keyword nor in a `munu.Assumptions`."""
    for given in ({"one_sided": True}, {"assumptions": Assumptions(one_sided=True)}):
        with pytest.raises(MunuError, match="one_sided = True is not an assumption of"):
            QUESTIONS[question](DATA, **given)


@pytest.mark.parametrize("keyword", [one for one in OTHER_VALUES if one not in WITH_PHASES])
def test_coverage_takes_what_a_limit_takes(keyword: str) -> None:
    """Its limit from the data is that of a slice; one of these counts electrons too."""
    name, options = DATA if keyword == "channels" else ONE_BIN, {keyword: OTHER_VALUES[keyword]}
    found = munu.coverage(name, "Lambda_3", toys=1, moment_mu_b=[0.0], **options)
    limit = munu.limit(name, "Lambda_3", **options)
    is_seen = keyword != "delta_cp"
    usual = munu.limit(name, "Lambda_3").limit_mu_b
    assert (abs(limit.limit_mu_b / usual - 1) > 1e-6) == is_seen
    assert found.limit_mu_b == pytest.approx(limit.limit_mu_b, rel=1e-12)
    assert found.assumptions == limit.assumptions


def test_expected_coverage_is_about_expected_data() -> None:
    found = munu.coverage(ONE_BIN, "Lambda_3", toys=1, moment_mu_b=[0.0, 4e-9], expected=True)
    assert found.limit_mu_b == found.expected_limit_mu_b
    assert found.observed_delta_chi2[0] == pytest.approx(0, abs=1e-9)
    with pytest.raises(MunuError, match="no data that could fluctuate"):
        munu.coverage("conus", toys=1, expected=True)


@pytest.mark.parametrize("name", [DATA, "conus-plus", "conus"])
def test_expected_data_have_the_weak_angle_of_their_experiment(name: str) -> None:
    found = munu.weak_angle(name, expected=True)
    (own,) = found.standard
    assert found.best_fit == pytest.approx(own, abs=1e-6)
    assert found.chi2_standard == pytest.approx(0, abs=1e-9)
    assert found.low < own < found.high
    assert found.assumptions.asimov
    assert "expected without moments" in " ".join(str(found).split())


def test_a_projected_weak_angle_has_a_closed_form(parabolas: Any) -> None:
    """Eq. (34) without σ_sys is one where (N(s²) - N)² = (1 + σ_stat) N(s²)."""
    found = munu.weak_angle("conus", expected=True, sigma_sys=0.0)
    folded = fold_experiment("conus")
    a, b, c = parabolas(folded).sum(axis=1)
    own = folded.counts.sm_total().sum()
    for end in (found.low, found.high):
        events = a + b * end + c * end**2
        variance = (1 + folded.experiment.statistic.sigma_stat) * events
        assert (events - own) ** 2 == pytest.approx(variance, rel=1e-5)


def test_a_weak_angle_is_expected_as_if_the_prediction_had_been_counted() -> None:
    experiment = munu.load("conus-plus")
    sm = fold_experiment(experiment).counts.sm_total()
    background = sum((one.events for one in experiment.statistic.backgrounds), np.zeros(sm.size))
    counted = replace(experiment.statistic, observed=sm + background)
    own = munu.weak_angle(replace(experiment, statistic=counted), sigma_sys=0.05)
    expected = munu.weak_angle("conus-plus", expected=True, sigma_sys=0.05)
    assert (expected.low, expected.high) == pytest.approx((own.low, own.high), rel=1e-9)
    assert expected.high < munu.weak_angle("conus-plus", expected=True).high


NEW_FIELD = """    shielding: float = field(
        default=1.0, metadata=option(help="A trial.", kind=float, allowed=UNCERTAINTY)
    )

"""
NEW_KEY = "    shielding: float\n"
TRIAL = """
import json
import munu
found = munu.limit("conus", shielding=2.0)
assert munu.read_json(found.to_json()).assumptions.shielding == 2.0
assert munu.limit("conus", assumptions=munu.Assumptions(shielding=2.0)).to_json() == found.to_json()
assert "shielding 2.0" in str(found), str(found)
assert "shielding" not in str(munu.limit("conus"))
document = found.to_dict()
del document["shielding"]
assert type(found).from_dict(document).assumptions.shielding == 1.0
for wrong in (-1.0, "thick", None):
    try:
        munu.region("conus", shielding=wrong)
    except munu.MunuError as error:
        assert "shielding" in str(error)
    else:
        raise AssertionError(wrong)

from click.testing import CliRunner
from munu.cli.main import cli
run = CliRunner().invoke(cli, ["limit", "conus", "--shielding", "3", "--json"])
assert json.loads(run.output)["shielding"] == 3.0
assert "--shielding" in CliRunner().invoke(cli, ["weak-angle", "--help"]).output
"""


def test_a_further_assumption_is_added_in_two_places(tmp_path: Path) -> None:
    """A copy of the package with one more field and its key: nothing else knows of it."""
    shutil.copytree(Path(munu.__file__).parent, tmp_path / "munu")
    home = tmp_path / "munu/physics/assumptions.py"
    text = home.read_text(encoding="utf-8")
    before, after = "    def __post_init__(self)", "    one_sided: bool\n\n"
    assert text.count(before) == text.count(after) == 1
    text = text.replace(before, NEW_FIELD + before).replace(
        after, after.rstrip("\n") + "\n" + NEW_KEY + "\n"
    )
    home.write_text(text, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", TRIAL],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path), "OPENBLAS_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
