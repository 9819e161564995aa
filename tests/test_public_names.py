"""The names of ``import munu``: a change here is a change for every user."""

import inspect
import re
import subprocess
import sys

import pytest

import munu

SIGNATURES = {
    "caption": "results",
    "catalogue": "",
    "check": "experiment setup",
    "cite": "sources",
    "combine": "experiments setup",
    "compare": "a b relative",
    "coverage": "experiment parameter setup cl others profile plane at moment_mu_b toys seed state "
    "part workers scheduler progress "
    "assumptions options",
    "envelope": "experiment plane vary setup cl assumptions options",
    "export": "subject path format approximate rows_alone replace",
    "explore": "experiment output setup mixing progress",
    "fit": "experiment parameters setup toys seed workers scheduler progress assumptions options",
    "fold": "experiment mixing",
    "global_fit": "name",
    "init": "path like source material observable statistic",
    "likelihood": "experiment parameters setup assumptions options",
    "limit": "experiment parameter setup cl others profile method bands precision "
    "seed state workers scheduler progress assumptions options",
    "load": "name setup changes",
    "loads": "text name setup folder changes",
    "merge": "output states",
    "moment_vector": "moduli_mu_b xi_1 xi_2 overall_phase",
    "parameters": "",
    "plot": "results ax unit label color log style caption",
    "posterior": "experiment parameters prior setup cl nuisances profiled live_points seed "
    "state progress assumptions options",
    "profile": "experiment parameter at moment_mu_b setup others profile bands seed "
    "workers scheduler progress assumptions options",
    "progress_bar": "description",
    "rate": "experiment setup with_spectrum assumptions options",
    "read_json": "source",
    "region": "experiment plane setup cl profile signed method precision seed workers "
    "scheduler state progress assumptions options",
    "reproduce": "name output workers scheduler",
    "scan": "experiment parameter over start end points at setup cl others profile changes state "
    "workers scheduler progress assumptions options",
    "schema": "",
    "setups": "name",
    "show": "experiment setup",
    "spectrum": "experiment setup recoil_energy_kev assumptions options",
    "validate": "experiment",
    "weak_angle": "experiment setup moment assumptions options",
}
"""The functions, and the names of their parameters in any order."""
CLASSES = ["Assumptions", "HelicityState", "Mixing", "MunuError", "FoldedCounts"]
MODULES = ["plotting", "results"]
NAMES = sorted([*SIGNATURES, *CLASSES, *MODULES, "__version__"])
COMMANDS = {
    "experiments": "catalogue",
    "print": "read_json",
    "weak-angle": "weak_angle",
}
"""The function of a command that is not called like it."""


def test_the_names_are_pinned():
    assert munu.__all__ == NAMES
    assert dir(munu) == NAMES


@pytest.mark.parametrize("name", SIGNATURES)
def test_the_signatures_are_pinned(name):
    parameters = inspect.signature(getattr(munu, name)).parameters
    assert sorted(parameters) == sorted(SIGNATURES[name].split())


def test_every_command_has_a_function():
    from munu.cli.main import COMMANDS as commands

    assert {COMMANDS.get(name, name) for name in commands} <= set(SIGNATURES)


def test_public_modules_need_no_import_of_their_own():
    code = "import munu; munu.plotting.plot_region; munu.results.LimitResult"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


@pytest.mark.parametrize("name", sorted({*SIGNATURES, *CLASSES} - {"MunuError"}))
def test_a_wrong_keyword_is_named_with_those_that_are_allowed(name):
    called = getattr(munu, name)
    needed = [
        one
        for one in inspect.signature(called).parameters.values()
        if one.default is one.empty and one.kind is one.POSITIONAL_OR_KEYWORD
    ]
    with pytest.raises(munu.MunuError, match=rf"^unknown keyword 'nosuch' in {name}\. ") as refused:
        called(*["conus" for _ in needed], nosuch=1)
    for one in inspect.signature(called).parameters.values():
        assert one.name in refused.value.remedy or one.kind is one.VAR_KEYWORD


@pytest.mark.parametrize("name", NAMES)
def test_every_name_is_there_and_documented(name):
    value = getattr(munu, name)
    if name != "__version__":
        assert inspect.getdoc(value)


@pytest.mark.parametrize("name", [*SIGNATURES, *CLASSES])
def test_docstrings_name_every_parameter_and_the_errors(name):
    value, documentation = getattr(munu, name), inspect.getdoc(getattr(munu, name))
    if name in ("catalogue", "parameters", "schema", "MunuError"):
        return
    parameters, _, rest = documentation.partition("Parameters\n----------\n")[2].partition("\n\n")
    listed = " ".join(line for line in parameters.splitlines() if not line.startswith(" "))
    for parameter in inspect.signature(value).parameters:
        assert re.search(rf"\b{parameter}\b", listed), parameter
    assert "Raises\n------\nMunuError\n" in rest or name == "FoldedCounts"


@pytest.mark.parametrize(
    ("name", "formula", "source"),
    [
        ("limit", r"\Delta\chi^2(r)", "Wilks"),
        ("region", r"\Delta\chi^2(x, y)", "Wilks"),
        ("envelope", r"\Delta\chi^2(r, \phi)", "arXiv:1905.03750"),
        ("coverage", r"\Delta\chi^2(r)", "physics/9711021"),
        ("posterior", r"p(x) = ", "arXiv:1904.02180"),
        ("fit", r"\chi^2 = ", "Baker"),
        ("fold", r"N_{sb} = ", "arXiv:1905.03750"),
        ("Mixing", "U = ", "Particle Data Group"),
    ],
)
def test_docstrings_give_formula_and_source(name, formula, source):
    documentation = inspect.getdoc(getattr(munu, name))
    assert formula in documentation
    assert source in documentation


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="limits_of"):
        _ = munu.limits_of


def test_names_are_imported_when_used():
    numpy = "'numpy' in sys.modules"
    code = f"import munu, sys; assert not {numpy}; munu.rate; assert {numpy}"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


@pytest.mark.parametrize("name", SIGNATURES)
def test_signatures_are_typed(name):
    signature = inspect.signature(getattr(munu, name))
    assert signature.return_annotation is not inspect.Signature.empty
    for parameter in signature.parameters.values():
        assert parameter.annotation is not inspect.Parameter.empty
