"""Every argument of every public name refuses what it cannot be, in one line with the remedy."""

from __future__ import annotations

import inspect
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
