"""The base of every result: JSON and back, CSV, tables in a terminal and in a notebook."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import Any, ClassVar, Final, Self, final, get_type_hints

import numpy as np

from munu._version import __version__
from munu.base.calls import checked_call
from munu.base.errors import MunuError, shown, unknown
from munu.base.json_text import json_text
from munu.base.options import key_of
from munu.base.visible import visible
from munu.physics.assumptions import Assumptions
from munu.results.core.codec import decode, decode_field, encode, lacks, later
from munu.results.core.formats import FORMAT, check_format, newer_note, unknown_keys
from munu.results.core.table import Table, terminal_text

_KINDS: dict[str, type[Result]] = {}

DEFAULT_SETUP: Final = "current"
"""The setup that need not be named."""


@final
@dataclass(frozen=True, kw_only=True)
class Origin:
    """What a result was made from.

    Parameters
    ----------
    experiments : tuple of str
        ``id@setup`` of every experiment.
    inputs_hash : tuple of str
        SHA-256 of each one's inputs.
    notes : tuple of str
        Remarks of the experiments' files.
    references : tuple of str
        Keys of the papers that the inputs come from; ``munu cite`` prints them.
    version : str
        Version of munu.
    labels : tuple of str
        A short name of each experiment, as its file gives it; empty in files of munu 0.1.0.
    changes : tuple of str
        What a question changed in the file of each experiment, as in ``target.mass = 10 kg``;
        empty of those it left, and in files of earlier versions.
    """

    experiments: tuple[str, ...]
    inputs_hash: tuple[str, ...]
    notes: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    version: str = __version__
    labels: tuple[str, ...] = later(())
    changes: tuple[str, ...] = later(())

    def _is_changed(self, index: int) -> bool:
        return index < len(self.changes) and bool(self.changes[index])

    def shown(self) -> tuple[str, ...]:
        """Return what tables and texts call each experiment: a changed one is not that of its name.

        Examples
        --------
        >>> heavier = munu.load("conus", changes={"target.mass": "10 kg"})
        >>> print(munu.limit(heavier, "Lambda_3").origin.shown())
        ('conus@current (changed)',)
        """
        return tuple(
            f"{name} (changed)" if self._is_changed(index) else name
            for index, name in enumerate(self.experiments)
        )

    def changes_by_name(self) -> tuple[str, ...]:
        """Return what was changed, after the name of the experiment if there are several."""
        several = len(self.experiments) > 1
        pairs = zip(self.experiments, self.changes, strict=False)
        return tuple(f"{name}: {said}" if several else said for name, said in pairs if said)

    def short_names(self) -> tuple[str, ...]:
        """Return what a legend calls each experiment: label, setup if not current, and changed."""
        pairs = [name.partition("@")[::2] for name in self.experiments]
        labels = self.labels or tuple(identifier for identifier, _ in pairs)
        found = []
        for index, (label, (_, setup)) in enumerate(zip(labels, pairs, strict=True)):
            marks = [] if setup in ("", DEFAULT_SETUP) else [setup]
            marks += ["changed"] * self._is_changed(index)
            found.append(f"{label} ({', '.join(marks)})" if marks else label)
        return tuple(found)


@dataclass(frozen=True, kw_only=True)
class Result(ABC):
    """A frozen result. Subclasses are final dataclasses whose fields are their JSON keys.

    The fields of `Origin` and `Assumptions` stand in the JSON object beside the result's own.
    """

    kind_of_result: ClassVar[str]
    stated_by_rows: ClassVar[tuple[str, ...]] = ()
    """Keys of the assumptions that rows of the result state, each its own; JSON has them there."""
    origin: Origin

    def __post_init__(self) -> None:
        """Make the arrays read-only: a result is frozen in its numbers too."""
        _freeze(self)

    def __init_subclass__(cls, kind: str) -> None:
        """Register a result under the name that its JSON carries as ``result``."""
        cls.kind_of_result = kind
        _KINDS[kind] = cls
        # A dataclass writes its own only where the class has none.
        type.__setattr__(cls, "__repr__", Result.__repr__)
        type.__setattr__(cls, "__eq__", Result.__eq__)
        type.__setattr__(cls, "__hash__", Result.__hash__)

    def __eq__(self, other: object) -> bool:
        """Whether two results say the same, arrays included, whoever computed them."""
        if not isinstance(other, Result):
            return NotImplemented
        return without_workers(self.to_dict()) == without_workers(other.to_dict())

    def __hash__(self) -> int:
        """Hash of what was asked about what: results that are alike have the same one."""
        return hash((self.kind_of_result, self.origin.experiments, self.origin.inputs_hash))

    @abstractmethod
    def summary(self) -> tuple[str, ...]:
        """Return one to three lines that say what was found, of what and how."""

    @abstractmethod
    def tables(self) -> tuple[Table, ...]:
        """Return what is shown in a terminal or a notebook."""

    @abstractmethod
    @checked_call
    def to_csv(self) -> str:
        """Return the numbers as CSV, units in the column names, or beside where rows differ."""

    @checked_call
    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object."""
        document: dict[str, Any] = {"result": self.kind_of_result, "format": FORMAT}
        shared: dict[str, Any] = {}
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, Origin | Assumptions):
                shared |= encode(value)
            else:
                document[field.name] = encode(value)
        return document | {k: v for k, v in shared.items() if k not in self.stated_by_rows}

    @checked_call
    def to_json(self) -> str:
        """Return the JSON document, newline-terminated."""
        return json_text(self.to_dict()) + "\n"

    @classmethod
    @checked_call
    def from_dict(cls, document: Mapping[str, Any]) -> Self:
        """Return the result of a JSON object.

        Raises
        ------
        MunuError
            If it is another kind of result or of a newer format, or a key is missing, unknown or of
            another type. Keys that a newer version added are left out, which a note says.
        """
        kind = _kind_of(document)
        if kind != cls.kind_of_result:
            raise MunuError(
                f"this JSON holds a result {shown(kind)}, not '{cls.kind_of_result}'",
                "Use munu.results.read_json for any of them",
            )
        check_format(document)
        hints = get_type_hints(cls)
        newer = unknown_keys(document, _known_keys(hints))
        usual = encode(Assumptions()) if cls.stated_by_rows else {}
        given = {**{key: usual[key] for key in cls.stated_by_rows}, **document}
        values = {}
        for field in fields(cls):
            nested = hints[field.name] in (Origin, Assumptions)
            if not nested and lacks(field, document):
                raise MunuError(f"this JSON lacks '{field.name}'", "Use a file that munu wrote")
            if not nested and field.name not in document:
                continue
            hint = hints[field.name]
            values[field.name] = (
                decode(hint, given)
                if nested
                else decode_field(field.name, hint, document[field.name])
            )
        if newer:
            origin = values["origin"]
            notes = (*newer_note(document, newer), *origin.notes)
            values["origin"] = replace(origin, notes=notes)
        try:
            return cls(**values)
        except MunuError:
            raise
        except (ValueError, IndexError) as error:
            message = "the lengths of its arrays do not go together"
            raise MunuError(message, "Use a file that munu wrote with --json") from error

    @classmethod
    @checked_call
    def from_json(cls, text: str) -> Self:
        """Return the result of a JSON document; raises `MunuError` as `from_dict`."""
        return cls.from_dict(_parsed(text))

    def __str__(self) -> str:
        return terminal_text(self.tables())

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {visible(self.summary()[0])}>"

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """Show the summary in IPython, which calls this."""
        printer.text(visible("\n".join(self.summary())))

    def _repr_html_(self) -> str:
        return "".join(table.html() for table in self.tables())


def without_workers(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return a JSON object without who did the work, on which no number depends."""
    return {
        key: without_workers(value) if isinstance(value, Mapping) else value
        for key, value in document.items()
        if key != "workers"
    }


def _freeze(value: Any) -> None:
    """Make every array in a value read-only, copying none."""
    if isinstance(value, np.ndarray):
        value.setflags(write=False)
    elif isinstance(value, tuple | list):
        for item in value:
            _freeze(item)
    elif isinstance(value, Mapping):
        _freeze(tuple(value.values()))
    elif is_dataclass(value):
        for field in fields(value):
            _freeze(getattr(value, field.name))


@checked_call
def read_json(source: str | Path) -> Result:
    """Return the result that a JSON document of munu holds, whatever its kind.

    Parameters
    ----------
    source : str or Path
        The document, or the path of its file.

    Raises
    ------
    MunuError
        If there is no such file, or it is not JSON, or not a result of munu.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> found = munu.limit("conus", "Lambda_3")
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder, "limit.json")
    ...     _ = path.write_text(found.to_json(), encoding="utf-8")
    ...     again = munu.read_json(path)
    >>> print(f"{again.limit_mu_b:.3g} mu_B")
    3.74e-10 mu_B
    """
    if isinstance(source, str) and source.lstrip()[:1] in ("{", "["):
        return _result_of(source)
    text = _content(source)
    try:
        return _result_of(text)
    except MunuError as error:
        raise MunuError(f"{source}: {error.message}", error.remedy) from error


def _result_of(text: str) -> Result:
    document = _parsed(text)
    kind = _kind_of(document)
    if kind not in _KINDS:
        _import_every_kind()
    if kind not in _KINDS:
        if "result" not in document:
            raise MunuError("this JSON holds no result", "Use what a question wrote with --json")
        raise unknown("result", kind, _KINDS, where="this JSON")
    return _KINDS[kind].from_dict(document)


def _content(source: object) -> str:
    """Return the text of the file at a path."""
    remedy = "Give a JSON document that munu wrote, or the path of one"
    if not isinstance(source, str | Path) or not str(source).strip():
        raise MunuError(f"{shown(source)} is neither JSON nor a path", remedy)
    try:
        return Path(source).read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        name = str(source) if isinstance(source, Path) else shown(source)
        raise MunuError(f"cannot read {name}: {reason}", remedy) from error


def _import_every_kind() -> None:
    """Import the modules of the room; each registers its results."""
    for module in walk_packages([str(Path(__file__).parents[1])], "munu.results."):
        import_module(module.name)


def _known_keys(hints: Mapping[str, Any]) -> list[str]:
    """Return the keys of a result: its own, and those that results share."""
    known = ["result", "format"]
    for name, hint in hints.items():
        is_shared = hint in (Origin, Assumptions)
        known += [key_of(field) for field in fields(hint)] if is_shared else [name]
    return known


def _parsed(text: str) -> dict[str, Any]:
    try:
        document = json.loads(text)
    except (TypeError, ValueError, RecursionError) as error:
        raise MunuError(f"this is not JSON: {error}", "Use a file that munu wrote") from error
    _kind_of(document)
    return dict(document)


def _kind_of(document: object) -> str:
    """Return the kind of result in a JSON object; raises `MunuError` for what is not an object."""
    if not isinstance(document, Mapping):
        raise MunuError("this JSON is not an object", "Use a file that munu wrote")
    return str(document.get("result"))
