"""The manners of the house: one name for one class, abstract or final, nothing hushed up."""

import ast
import importlib
import inspect
import pkgutil
import re
from collections import defaultdict
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import is_typeddict

import pytest

import munu
from munu.experiments.schema.fields import Section
from munu.results.core.base import Result

ROOT = Path(munu.__file__).parent
FILES = {str(path.relative_to(ROOT)): path for path in sorted(ROOT.rglob("*.py"))}
MOST_LINES = 400
MOST_ARGUMENTS = 8
STATEMENTS = "analysis"
"""The room whose functions take a question's keywords."""
OPEN_BASES = {"MunuError", "BinnedData", "ByContent", "Displayed", "InteractionSettings"}
"""Bases that are neither abstract nor final, or have a default that a subclass replaces."""


def classes():
    """Return every class of the package."""
    found = set()
    for module in pkgutil.walk_packages(munu.__path__, "munu."):
        if not module.name.endswith("__main__"):
            members = vars(importlib.import_module(module.name)).values()
            found |= {m for m in members if inspect.isclass(m) and m.__module__ == module.name}
    return sorted(found, key=lambda one: (one.__module__, one.__name__))


CLASSES = classes()


def test_no_name_is_two_classes():
    places = defaultdict(list)
    for name, path in FILES.items():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                places[node.name].append(name)
            elif isinstance(node, ast.AnnAssign) and "TypeAlias" in ast.unparse(node.annotation):
                places[ast.unparse(node.target)].append(name)
    assert not {name: where for name, where in places.items() if len(where) > 1}


def test_classes_of_keys_are_sections():
    keys = [one.__name__ for one in CLASSES if issubclass(one, Section)]
    assert len(keys) > 40
    assert not [name for name in keys if not name.endswith(("Section", "Sections", "Document"))]


def test_classes_are_abstract_or_final():
    open_classes = {
        one.__name__
        for one in CLASSES
        if not inspect.isabstract(one)
        and not getattr(one, "__final__", False)
        and not issubclass(one, Section)
        and not is_typeddict(one)
    }
    assert open_classes <= OPEN_BASES


def compares_arrays(one):
    """Whether a data class has the equality of its fields, and arrays among them."""
    made = vars(one).get("__dataclass_params__")
    if made is None or not made.eq or issubclass(one, Result):
        return False
    held = [re.sub(r"^Callable\b.*", "", str(f.type)) for f in fields(one) if f.compare]
    return any(re.search(r"Array|ndarray", kind) for kind in held)


def test_no_data_class_compares_arrays_as_if_they_were_true_or_false():
    assert len([one for one in CLASSES if is_dataclass(one)]) > 300
    assert not [one.__name__ for one in CLASSES if compares_arrays(one)]


def overridden(one):
    """Return the methods of a class that replace one of a base which is not abstract."""
    for name, method in vars(one).items():
        if name.startswith("__") or not (
            inspect.isfunction(method) or isinstance(method, property)
        ):
            continue
        for base in one.__mro__[1:]:
            known = vars(base).get(name)
            if (
                base.__module__.startswith("munu.")
                and known is not None
                and not getattr(known, "__isabstractmethod__", False)
                and base.__name__ not in OPEN_BASES
            ):
                yield f"{one.__name__}.{name}, of {base.__name__}"


def test_only_abstract_methods_are_overridden():
    assert not [method for one in CLASSES for method in overridden(one)]


def hushed(text):
    """Return comments that silence a tool: any of mypy's, those of ruff without a reason."""
    return re.findall(r"#\s*type: ignore.*|# noqa(?!: [A-Z]+\d+ \().*", text)


@pytest.mark.parametrize("name", FILES)
def test_a_module_is_short_and_hides_nothing(name):
    text = FILES[name].read_text(encoding="utf-8")
    assert len(text.splitlines()) <= MOST_LINES
    assert not hushed(text)
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef) and not name.startswith(STATEMENTS):
            arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            own = [one for one in arguments if one.arg not in ("self", "cls")]
            assert len(own) <= MOST_ARGUMENTS, node.name


def test_nothing_around_the_house_is_hushed_up():
    top = Path(__file__).parents[1]
    files = [
        file for room in ("tests", "docs", "benchmarks") for file in (top / room).rglob("*.py")
    ]
    assert len(files) > 200
    found = {
        str(file.relative_to(top)): hushed(file.read_text(encoding="utf-8"))
        for file in files
        if file != Path(__file__)
    }
    assert not {name: lines for name, lines in found.items() if lines}


def test_tests_mirror_the_house():
    here = Path(__file__).parent
    rooms = {path.parent.relative_to(ROOT) for path in FILES.values()}
    folders = {path.parent.relative_to(here) for path in here.rglob("test_*.py")}
    assert folders <= rooms
