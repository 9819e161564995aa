"""Every module imports only its own floor and those that design note 3 names beside it."""

import ast
import importlib
import re
from pathlib import Path

import pytest

import munu

ROOT = Path(munu.__file__).parent
NOTE = Path(__file__).parents[1] / "docs/design/0003-the-way-of-a-count.md"
ROW = re.compile(r"^\| (\w+) \| (`.+`) \|(.*)\|$", re.MULTILINE)

MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for path in ROOT.rglob("*.py")
    if path != ROOT / "__init__.py"
}
"""Files by their module's name, without the package's."""

TABLE = [
    (floor, re.findall(r"`([\w.]+)`", rooms), re.findall(r"\w+", below))
    for floor, rooms, below in ROW.findall(NOTE.read_text(encoding="utf-8"))
]
FLOOR = {room: floor for floor, rooms, _ in TABLE for room in rooms}


def floor_of(module):
    """Return the floor of the room that a module, or a name in one, stands in."""
    parts = module.split(".")
    rooms = (".".join(parts[:n]) for n in range(len(parts), 0, -1))
    return next(FLOOR[room] for room in rooms if room in FLOOR)


def imports(path):
    """Return the modules of the package that a file imports, wherever it does."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        yield from (name.removeprefix("munu.") for name in names if name.startswith("munu."))


def test_the_table_names_every_room_once():
    listed = [room for _, rooms, _ in TABLE for room in rooms]
    assert len(listed) == len(set(listed))
    assert {room.partition(".")[0] for room in listed} == {
        name.partition(".")[0] for name in MODULES
    }
    for room in listed:
        assert room in MODULES or any(name.startswith(f"{room}.") for name in MODULES), room


def test_the_hall_is_empty():
    assert {name for name in MODULES if "." not in name} - {"__main__", "_version"} == {
        path.parent.name for path in ROOT.glob("*/__init__.py")
    }


def test_floors_stand_on_floors_below():
    seen = set()
    for floor, _, below in TABLE:
        assert set(below) <= seen, floor
        seen.add(floor)


@pytest.mark.parametrize(("floor", "below"), [(floor, below) for floor, _, below in TABLE])
def test_imports_stay_below(floor, below):
    upward = [
        f"{name} imports {imported}"
        for name, path in MODULES.items()
        if floor_of(name) == floor
        for imported in imports(path)
        if floor_of(imported) not in (floor, *below)
    ]
    assert not upward


DOORS = [f"statistics.{room}" for room in ("likelihoods", "models", "limits", "regions")]
"""Rooms that are entered by their `__init__` from outside of statistics."""


@pytest.mark.parametrize("room", DOORS)
def test_rooms_of_statistics_are_entered_by_their_doors(room):
    handed_out = importlib.import_module(f"munu.{room}").__all__
    past_the_door = [
        f"{name} imports {imported}"
        for name, path in MODULES.items()
        if not name.startswith("statistics.")
        for imported in imports(path)
        if imported.startswith(f"{room}.") and imported.removeprefix(f"{room}.") not in handed_out
    ]
    assert not past_the_door


def asked_for(path):
    """Return the classes that a file asks `isinstance` about."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "isinstance":
            yield from re.findall(r"\w+", ast.unparse(node.args[1]))


def test_likelihoods_are_asked_what_they_can_do_and_not_what_they_are():
    room = "statistics.likelihoods."
    classes = {
        node.name
        for name, path in MODULES.items()
        if name.startswith(room)
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.ClassDef)
    }
    assert {"SignalLikelihood", "GaussianLikelihood", "NewtonLikelihood"} < classes
    told_apart = {
        name: classes & set(asked_for(path))
        for name, path in MODULES.items()
        if not name.startswith(room) and classes & set(asked_for(path))
    }
    assert not told_apart


def test_no_module_is_named_like_what_its_room_hands_out():
    """The import of the module would take the place of the name."""
    shadowed = [
        f"{door.parent.name}.{alias.name}"
        for door in ROOT.rglob("__init__.pyi")
        for node in ast.walk(ast.parse(door.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module
        for alias in node.names
        if (door.parent / f"{alias.name}.py").exists() or (door.parent / alias.name).is_dir()
    ]
    assert not shadowed
