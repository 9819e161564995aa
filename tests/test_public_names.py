"""The names of ``import munu``: a change here is a change for every user."""

import inspect
import re
import subprocess
import sys

import pytest

import munu

NAMES = [
    "Assumptions",
    "HelicityState",
    "Mixing",
    "MunuError",
    "Response",
    "__version__",
    "catalogue",
    "combine",
    "coverage",
    "envelope",
    "fit",
    "fold",
    "global_fit",
    "limit",
    "load",
    "loads",
    "moment_vector",
    "plot",
    "profile",
    "rate",
    "read_json",
    "region",
    "reproduce",
    "setups",
    "spectrum",
    "weak_angle",
]


def test_the_names_are_pinned():
    assert sorted(munu.__all__) == NAMES
    assert set(NAMES) <= set(dir(munu))


@pytest.mark.parametrize("name", NAMES)
def test_every_name_is_there_and_documented(name):
    value = getattr(munu, name)
    if name != "__version__":
        assert inspect.getdoc(value)


@pytest.mark.parametrize("name", [n for n in NAMES if callable(getattr(munu, n))])
def test_docstrings_name_every_parameter_and_the_errors(name):
    value, documentation = getattr(munu, name), inspect.getdoc(getattr(munu, name))
    if name in ("catalogue", "MunuError"):
        return
    parameters, _, rest = documentation.partition("Parameters\n----------\n")[2].partition("\n\n")
    listed = " ".join(line for line in parameters.splitlines() if not line.startswith(" "))
    for parameter in inspect.signature(value).parameters:
        assert re.search(rf"\b{parameter}\b", listed), parameter
    assert "Raises\n------\nMunuError\n" in rest or name == "Response"


@pytest.mark.parametrize(
    ("name", "formula", "source"),
    [
        ("limit", r"\Delta\chi^2(r)", "Wilks"),
        ("region", r"\Delta\chi^2(x, y)", "Wilks"),
        ("envelope", r"\Delta\chi^2(r, \phi)", "arXiv:1905.03750"),
        ("coverage", r"\Delta\chi^2(r)", "physics/9711021"),
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
    with pytest.raises(AttributeError, match="no attribute 'limits_of'"):
        _ = munu.limits_of


def test_names_are_imported_when_used():
    numpy = "'numpy' in sys.modules"
    code = f"import munu, sys; assert not {numpy}; munu.rate; assert {numpy}"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


@pytest.mark.parametrize("name", [n for n in NAMES if inspect.isfunction(getattr(munu, n))])
def test_signatures_are_typed(name):
    signature = inspect.signature(getattr(munu, name))
    assert signature.return_annotation is not inspect.Signature.empty
    for parameter in signature.parameters.values():
        assert parameter.annotation is not inspect.Parameter.empty
