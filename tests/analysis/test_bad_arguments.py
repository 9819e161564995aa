"""Every argument of every public name refuses what it cannot be, in one line with the remedy."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from types import SimpleNamespace
from typing import Any, get_args, get_type_hints

import numpy as np
import pytest

import munu
from munu.analysis.cite import bibtex, keys_of
from munu.base.errors import MunuError
from munu.physics.assumptions import AssumptionOptions
from munu.physics.interactions.registry import parameter
from munu.results import LimitResult

BAD: dict[str, Any] = {
    "None": None,
    "True": True,
    "number": 3,
    "fraction": 1.5,
    "negative": -1.0,
    "NaN": float("nan"),
    "name": "nosuch",
    "bytes": b"nosuch",
    "empty": [],
    "list": ["nosuch"],
    "dict": {"nosuch": 1},
    "array": np.array([1.0, np.inf]),
    "object": object(),
}
ANY_NUMBER = {"number", "fraction", "negative"}
GOOD: dict[str, set[str]] = {
    "setup": {"None"},
    "sigma_sys": {"None", "number", "fraction"},
    "delta_cp": ANY_NUMBER,
    "xi_1": ANY_NUMBER | {"None"},
    "xi_2": ANY_NUMBER | {"None"},
    "assumptions": {"None"},
    "overall_phase": ANY_NUMBER,
    "dm2_21_ev2": ANY_NUMBER,
    "dm2_31_ev2": ANY_NUMBER,
    "recoil_energy_kev": {"None", "number", "fraction"},
    "moment_mu_b": {"None"},
    "moment": {"None"},
    "at": {"None"},
    "points": {"None"},
    "start": {"None"},
    "end": {"None"},
    "changes": {"empty"},
    "values": {"empty"},
    "mediator_mass": {"None"},
    "sterile_mass": {"None"},
    "charges": {"None"},
    "toys": {"number"},
    "seed": {"number"},
    "workers": {"number"},
    "scheduler": {"None"},
    "part": {"None"},
    "state": {"None", "name"},
    "progress": {"None"},
    "with_spectrum": {"True"},
    "signed": {"True"},
    "expected": {"True"},
    "asimov": {"True"},
    "one_sided": {"True"},
    "profile": {"empty"},
    "vary": {"empty"},
    "folder": {"None", "name"},
    "source": {"name"},
    "keys": {"name", "empty", "list"},
    "names": {"empty"},
}
"""What of the above an argument of this name may be."""


@dataclass(frozen=True)
class Case:
    """A call with good arguments, and what else its arguments may be."""

    function: Callable[..., Any]
    arguments: dict[str, Any] = field(default_factory=dict)
    good: dict[str, set[str]] = field(default_factory=dict)

    def names(self) -> list[str]:
        parameters = inspect.signature(self.function).parameters.values()
        named = [one.name for one in parameters if one.kind is not inspect.Parameter.VAR_KEYWORD]
        return [*named, *self.keywords()]

    def keywords(self) -> list[str]:
        """Keywords behind ``**options``: assumptions, in every question."""
        options = inspect.signature(self.function).parameters.get("options")
        if options is None or options.kind is not inspect.Parameter.VAR_KEYWORD:
            return []
        # Alone: what is returned may be imported for type checkers only.
        alone = SimpleNamespace(__annotations__={"options": options.annotation})
        (annotation,) = get_type_hints(alone, inspect.unwrap(self.function).__globals__).values()
        return list(get_args(annotation)[0].__annotations__)

    def call(self, name: str, value: Any) -> None:
        given = inspect.signature(self.function).parameters.get(name)
        others = dict(self.arguments)
        if given is not None and given.kind is inspect.Parameter.VAR_POSITIONAL:
            self.function(value)
        elif "results" in others:
            self.function(others.pop("results"), **{name: value})
        else:
            self.function(**(others | {name: value}))


@cache
def conus() -> Any:
    return munu.load("conus")


@cache
def conus_text() -> str:
    from munu.experiments.template.write import template_text

    return template_text("my", "conus")


ANGLES = {
    "sin2_theta12": 0.3,
    "sin2_theta13": 0.02,
    "sin2_theta23": 0.5,
    "delta_cp": 0.0,
    "dm2_21_ev2": 7e-5,
    "dm2_31_ev2": 2.5e-3,
}
THE_FILES = {"mixing": {"None"}}
ANY_NAME = {
    "mixing": {"None", "name"},
    "beam": {"name"},
    "charges": {"None", "name"},
    "values": {"empty", "dict"},
}
"""Only an experiment says which beams there are, an interaction which charges and parameters."""
ONE = {"experiment": "conus"}
DATA = {"experiment": "coherent-csi-2017"}
STATE = munu.HelicityState.of_species("nu_e")
MIXING = {"mixing": munu.global_fit()}
RESPONSE = munu.fold(conus())

LIMIT = munu.limit("conus")

MOMENTS = ("Lambda_1", "Lambda_2")
POINT = {"x": [0.0, 0.0]}
NUISANCES = {"nuisances": {"None", "True", "number", "fraction", "negative"}}
LOOK = {
    "ax": {"None"},
    "unit": {"None", "number", "fraction"},
    "label": {"None", "name", "list"},
    "color": {"None"},
    "log": {"None", "True"},
    "style": {"None", "empty"},
    "caption": {"True"},
}
TEMPLATE = {
    "like": {"None"},
    "source": {"None"},
    "material": {"None"},
    "observable": {"None"},
    "statistic": {"None"},
}

CASES = {
    "Assumptions": Case(munu.Assumptions, {}, ANY_NAME),
    "caption": Case(munu.caption, good={"results": {"empty"}}),
    "check": Case(munu.check, ONE),
    "cite": Case(munu.cite, good={"sources": {"empty"}}),
    "combine": Case(munu.combine),
    "compare": Case(munu.compare, {"a": munu.rate("conus"), "b": munu.rate("conus")}),
    "coverage": Case(munu.coverage, DATA, THE_FILES | {"plane": {"None"}, "parameter": {"None"}}),
    "envelope": Case(munu.envelope, ONE, THE_FILES),
    "export": Case(
        munu.export,
        {"subject": munu.rate("conus")},
        {"path": {"None", "name"}, "replace": {"True"}},
    ),
    "explore": Case(
        munu.explore,
        {"experiment": "conus", "output": "page.html"},
        THE_FILES | {"experiment": {"None"}},
    ),
    "fit": Case(munu.fit, DATA, THE_FILES | {"parameters": {"empty"}}),
    "fold": Case(munu.fold, {"experiment": conus()}, THE_FILES | {"shapes": {"empty"}}),
    "global_fit": Case(munu.global_fit),
    "init": Case(munu.init, {"path": "my.toml"}, TEMPLATE),
    "likelihood": Case(munu.likelihood, ONE, THE_FILES),
    "Likelihood.predict": Case(munu.likelihood("conus", MOMENTS).predict),
    "Likelihood.chi2": Case(munu.likelihood("conus", MOMENTS).chi2, POINT, NUISANCES),
    "Likelihood.gradient": Case(munu.likelihood("conus", MOMENTS).gradient),
    "Likelihood.nuisances": Case(munu.likelihood("conus", MOMENTS).nuisances),
    "limit": Case(munu.limit, ONE, THE_FILES),
    "load": Case(munu.load, {"name": "conus"}),
    "loads": Case(munu.loads, {"text": conus_text()}, {"name": {"name"}}),
    "merge": Case(munu.merge, {"output": "toys.jsonl", "states": "none.jsonl"}),
    "moment_vector": Case(munu.moment_vector, {"moduli_mu_b": [1, 2, 3]}),
    "plot": Case(munu.plot, {"results": munu.profile("conus", moment_mu_b=[0, 1e-9])}, LOOK),
    "posterior": Case(
        munu.posterior,
        ONE | {"parameters": "Lambda_3", "prior": {"Lambda_3": "flat(0, 1e-9)"}, "live_points": 50},
        THE_FILES | {"profiled": {"True"}},
    ),
    "profile": Case(munu.profile, ONE, THE_FILES),
    "progress_bar": Case(munu.progress_bar, good={"description": {"name"}}),
    "rate": Case(munu.rate, ONE, THE_FILES),
    "read_json": Case(munu.read_json),
    "region": Case(munu.region, ONE, THE_FILES),
    "reproduce": Case(munu.reproduce, {"name": "table1"}, {"output": {"None", "name"}}),
    "scan": Case(
        munu.scan,
        {"experiment": "conus", "parameter": "Lambda_1", "over": "target.mass", "at": ["1 kg"]},
        THE_FILES | {"at": set()},
    ),
    "setups": Case(munu.setups),
    "show": Case(munu.show, ONE),
    "spectrum": Case(munu.spectrum, ONE, THE_FILES),
    "validate": Case(munu.validate),
    "weak_angle": Case(munu.weak_angle, DATA, THE_FILES),
    "cite.keys_of": Case(keys_of, good={"sources": {"empty"}}),
    "cite.bibtex": Case(bibtex),
    "Mixing": Case(munu.Mixing, ANGLES, {"name": {"name"}}),
    "Mixing.with_delta": Case(munu.global_fit().with_delta),
    "HelicityState": Case(
        munu.HelicityState, {"negative": np.eye(3) / 3, "positive": np.zeros((3, 3))}
    ),
    "HelicityState.from_amplitudes": Case(munu.HelicityState.from_amplitudes),
    "HelicityState.of_species": Case(munu.HelicityState.of_species),
    "HelicityState.moment_matrix": Case(STATE.moment_matrix, MIXING),
    "HelicityState.flavour_weights": Case(STATE.flavour_weights, MIXING),
    "FoldedCounts.w_matrices": Case(RESPONSE.w_matrices, MIXING),
    "FoldedCounts.effective_matrices": Case(RESPONSE.effective_matrices, MIXING),
    "FoldedCounts.unflatten": Case(RESPONSE.unflatten, good={"per_bin": {"list"}}),
    "RateResult.values": Case(munu.rate("conus").values),
    "LimitResult.from_json": Case(LimitResult.from_json),
    "LimitResult.from_dict": Case(LimitResult.from_dict),
}
WITHOUT_ARGUMENTS = {"catalogue", "parameters", "schema"}
MADE_BY_MUNU = {"MunuError", "FoldedCounts", "__version__", "plotting", "results"}
"""Names that nobody builds by hand."""


def wrong_calls() -> list[Any]:
    return [
        pytest.param(case, name, value, id=f"{label} {name}={kind}")
        for label, case in CASES.items()
        for name in case.names()
        for kind, value in BAD.items()
        if kind not in case.good.get(name, GOOD.get(name, set()))
    ]


@pytest.mark.parametrize(("case", "name", "value"), wrong_calls())
def test_one_line_with_the_remedy(
    case: Case, name: str, value: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(MunuError) as refused:
        case.call(name, value)
    assert "\n" not in str(refused.value)
    assert refused.value.remedy
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("case", [pytest.param(case, id=label) for label, case in CASES.items()])
def test_a_keyword_that_is_none_is_named(case: Case) -> None:
    with pytest.raises(MunuError, match=r"^unknown keyword 'nosuch' in "):
        case.call("nosuch", 1)


def test_every_assumption_of_a_question_is_tried() -> None:
    questions = [case for case in CASES.values() if "assumptions" in case.names()]
    assert len(questions) == 12
    for case in questions:
        assert set(case.keywords()) == set(AssumptionOptions.__annotations__)
    tried = {wrong.id.partition("=")[0] for wrong in wrong_calls()}
    assert {"limit one_sided", "weak_angle expected", "coverage channels"} <= tried


def test_every_public_name_is_asked() -> None:
    assert set(munu.__all__) <= set(CASES) | WITHOUT_ARGUMENTS | MADE_BY_MUNU


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: munu.limit("conus", cl=90), "Did you mean 0.9?"),
        (lambda: munu.limit("conus", cl=1e-9), "0.001 to 0.999999999999"),
        (lambda: munu.limit("conus", cl=1 - 1e-14), "level 0.99999999999999 is out of range"),
        (lambda: munu.region("conus", ("Lambda_1", "Lambda_2"), cl=1e-9), "0.001 to 0.99"),
        (lambda: munu.limit("conus", "Lamda_1"), "Did you mean 'Lambda_1'?"),
        (lambda: munu.limit("conus", sigma_sis=0.1), "'sigma_sis' in limit. Did you mean 'sigma_"),
        (lambda: munu.limit("conus", other="zero"), "keyword 'other' in limit. Did you mean 'oth"),
        (
            lambda: munu.limit("conus", assumptions={"beam": "full"}),
            "is not a munu.Assumptions. Make",
        ),
        (lambda: munu.limit("conus", mixing="nufit61-no"), "global fit 'nufit61-no'. Did you mean"),
        (lambda: munu.limit("conus", convention="publishd"), "Did you mean 'published'?"),
        (lambda: munu.limit("conus", channels="nuclei"), "unknown channels 'nuclei'. Did you mean"),
        (lambda: munu.limit("conus", sigma_sys=-1), "sigma_sys = -1 is out of range"),
        (
            lambda: munu.region("conus", one_sided=True),
            "one_sided = True is not an assumption",
        ),
        (lambda: munu.region("conus", profile="xi_3"), "Did you mean 'xi_1'?|'xi_2'"),
        (lambda: munu.profile("conus", moment_mu_b=[0.0, -1e-10]), "-1e-10 mu_B is out of range"),
        (lambda: munu.spectrum("conus", recoil_energy_kev=[[1.0], [2.0]]), "not a list of numbers"),
        (lambda: munu.profile("conus", moment_mu_b=[[1.0], [2.0, 3.0]]), "not a list of numbers"),
        (lambda: munu.coverage("coherent-csi-2017", seed=-1), "a whole number, 0 or more"),
        (lambda: munu.fold("conus"), r"munu.fold\(munu.load\('conus'\)\)"),
        (lambda: munu.limit(conus(), setup="future"), "loaded with the setup 'current'"),
        (lambda: munu.coverage("dresden-ii", "Lambda_e"), "no default moduli"),
        (lambda: munu.fold(conus(), mixing="nufit61-no"), "global fit 'nufit61-no'. Did you mean"),
        (lambda: munu.fold(conus(), mixing=3), r"munu.Mixing, such as munu.global_fit\('"),
        (lambda: munu.load(conus()), "is loaded already. Give an identifier"),
        (lambda: munu.setups(conus()), "is loaded already"),
        (lambda: munu.validate(conus()), "is loaded already"),
        (lambda: munu.limit("CONUS+"), "Did you mean 'conus-plus'?"),
        (lambda: munu.limit("Dresden-II"), "Did you mean 'dresden-ii'?"),
        (
            lambda: munu.limit("conus-plus,dresden-ii@quoted-flux"),
            r"2 experiments at once. Give a list, \['conus-plus', 'dresden-ii@quoted-flux'\], or",
        ),
        (lambda: munu.limit(b"conus"), "b'conus' is not an experiment"),
        (lambda: munu.limit("conus", "q_ee"), r"'millicharge_ee'\? For all .* munu.par"),
        (lambda: munu.region("conus", ("|Λ₁|", "Λ₂")), "Did you mean 'Lambda_1'?"),
        (lambda: munu.limit("conus", "\N{MICRO SIGN}_νe"), "Did you mean 'mu_nu_e'?"),
        (
            lambda: munu.scan("conus", "Lambda_1", over="target.mass", at=["1 kg"], points=2),
            "at gives the values already, beside points = 2. .* start and end in Python",
        ),
        (lambda: munu.coverage("coherent-csi", "mu_nu_e", at=[-1e-10]), "^at = -1e-10 mu_B is out"),
        (lambda: munu.scan("conus", "Lambda_1", foo=1), "unknown keyword 'foo' in scan"),
        (lambda: munu.scan("conus", "Lambda_1"), "nothing is named to scan over. Give over, --ov"),
        (lambda: munu.envelope("conus", one_sided=True), "is not an assumption of an envelope"),
        (
            lambda: munu.limit("borexino", "dirac_ee"),
            "says nothing of other couplings, Dirac moments among them. Take .* ask for Lambda_1, ",
        ),
        (lambda: munu.plot(LIMIT, colr="red"), "'colr' in plot. Did you mean 'color'?"),
        (lambda: munu.load("conus", setupp="future"), "'setupp' in load. Did you mean 'setup'?"),
        (lambda: munu.Assumptions(channels="nuclear"), "Did you mean 'recoils'?"),
        (lambda: munu.limit(), "missing a required argument: 'experiment' in limit. It takes exp"),
        (lambda: munu.limit("conus", "Lambda_1", "future"), "too many positional arguments in lim"),
        (lambda: LIMIT.to_json(indent=2), "'indent' in Result.to_json. It takes no arguments"),
    ],
)
def test_the_line_names_what_is_near(call: Callable[[], Any], message: str) -> None:
    with pytest.raises(MunuError, match=message):
        call()


@pytest.mark.parametrize("name", munu.parameters())
def test_a_symbol_that_is_printed_leads_to_its_parameter(name: str) -> None:
    with pytest.raises(MunuError, match=rf"Did you mean '{re.escape(name)}'\?"):
        parameter(parameter(name).symbol + ("" if name != parameter(name).symbol else "|"))


def test_a_global_fit_may_be_named() -> None:
    named = munu.fold(conus(), mixing="nufit60-no")
    assert named == munu.fold(conus(), mixing=munu.global_fit("nufit60-no"))


def test_experiments_to_combine_may_be_a_list() -> None:
    names = ["conus-plus", "dresden-ii"]
    assert munu.combine(names) == munu.combine(*names)


def test_one_name_is_a_list_of_one() -> None:
    one = munu.region("conus", profile="xi_1")
    assert one.to_json() == munu.region("conus", profile=["xi_1"]).to_json()
    assert keys_of("conus") == keys_of(["conus"])


def test_one_phase_alone_is_refused():
    with pytest.raises(MunuError, match="xi_1 is given and xi_2 is not"):
        munu.limit("coherent-csi", "Lambda_3", others="profiled", xi_1=1.0)
    with pytest.raises(MunuError, match="xi_2 is given and xi_1 is not"):
        munu.profile("coherent-csi", "Lambda_3", others="profiled", xi_2=1.0)


@pytest.mark.parametrize(
    "call",
    [
        lambda: munu.region("conus", "Lambda_e,Lambda_mu", xi_1=1.0),
        lambda: munu.region("conus", "delta_cp,Lambda_e", xi_2=1.0),
        lambda: munu.region("conus", "Lambda_1,Lambda_e", xi_2=1.0),
        lambda: munu.envelope("conus", "Lambda_e,Lambda_mu", xi_1=1.0),
        lambda: munu.limit("conus", "Lambda_e", xi_1=1.0, xi_2=1.0),
        lambda: munu.limit("conus", "mu_nu_e", xi_1=1.0, xi_2=1.0),
        lambda: munu.limit("conus", "mu_eff", xi_2=1.0),
        lambda: munu.profile("conus", "mu_nu_mu", xi_1=1.0),
        lambda: munu.limit("conus", "Lambda_1", xi_1=1.0),
        lambda: munu.profile("conus", "Lambda_1", xi_2=1.0),
        lambda: munu.limit("coherent-csi", "Lambda_1", method="cls", xi_2=1.0),
        lambda: munu.coverage("coherent-csi", "Lambda_1", toys=5, xi_2=1.0),
        lambda: munu.scan("conus", "Lambda_1", over="target.mass", at=["1 kg"], xi_1=1.0),
        lambda: munu.likelihood("conus", "Lambda_1", xi_1=1.0),
        lambda: munu.limit("coherent-csi-2021", "sin2_theta_w", xi_1=1.0),
        lambda: munu.weak_angle("conus-plus", moment="Lambda_1", xi_1=1.0),
        lambda: munu.region("coherent-csi-2021", "sin2_theta_w,Lambda_1", xi_1=1.0),
    ],
)
def test_phases_of_the_mass_basis_are_not_taken_where_nothing_depends_on_them(call):
    with pytest.raises(MunuError, match="are phases of Lambda_1, Lambda_2, Lambda_3"):
        call()


def test_phases_of_zero_are_no_phases():
    plain = munu.region("conus", "Lambda_e,Lambda_mu")
    assert munu.region("conus", "Lambda_e,Lambda_mu", xi_1=0.0).to_json() == plain.to_json()
    assert munu.limit("conus", "mu_eff", xi_1=0.0, xi_2=0.0).limit_mu_b > 0


def test_names_may_be_an_array():
    pair = np.array(["mu_nu_e", "mu_nu_mu"])
    assert munu.region("coherent-csi", pair) == munu.region("coherent-csi", pair.tolist())
    names = munu.likelihood("coherent-csi", pair).names
    assert names == ("mu_nu_e", "mu_nu_mu")
