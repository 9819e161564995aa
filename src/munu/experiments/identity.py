"""Name and origin of an experiment, and where its numbers come from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import final

from munu.base.digests import WORDS


@final
@dataclass(frozen=True)
class Provenance:
    """Where one number of an experiment comes from.

    Parameters
    ----------
    key : str
        Dotted path in the experiment file, such as ``target.mass``.
    value : str
        The value as written in the file.
    source : str
        Paper and table, or how it was derived; empty when the file gives none.
    note : str
        Explanation printed with every output; empty for none.
    """

    key: str
    value: str
    source: str = ""
    note: str = ""


@final
@dataclass(frozen=True)
class Identity:
    """Name and origin of an experiment.

    Parameters
    ----------
    id, setup, title : str
        Identifier, name of the setup, one-line title.
    provenance : tuple of Provenance
        Every value of the file with its source.
    notes : tuple of str
        Remarks printed with every output.
    references : tuple of str
        The sources that the inputs cite.
    same_events : tuple of str
        Identifiers of experiments whose data hold events of this one's.
    label : str
        Short name for legends; empty where the file gives none.
    changes : str
        What a question changed in the file, as in ``target.mass = 10 kg``; empty for nothing.
    """

    id: str
    setup: str
    title: str = field(metadata=WORDS)
    provenance: tuple[Provenance, ...] = field(default=(), metadata=WORDS)
    notes: tuple[str, ...] = field(default=(), metadata=WORDS)
    references: tuple[str, ...] = field(default=(), metadata=WORDS)
    same_events: tuple[str, ...] = field(default=(), metadata=WORDS)
    label: str = field(default="", metadata=WORDS)
    changes: str = field(default="", metadata=WORDS)

    @property
    def short_name(self) -> str:
        """The label, or the identifier where there is none."""
        return self.label or self.id

    @property
    def name(self) -> str:
        """``id@setup``, without the setup where it is the default one."""
        return f"{self.id}@{self.setup}".removesuffix("@current")
