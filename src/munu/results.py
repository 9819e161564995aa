"""Frozen results: they print as tables, go to JSON and back, and say how they were made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

from munu._version import __version__


@final
@dataclass(frozen=True, kw_only=True)
class Origin:
    """How a result was made.

    Parameters
    ----------
    experiments : tuple of str
        ``id@setup`` of every experiment.
    inputs_hash : tuple of str
        SHA-256 of each one's inputs.
    mixing : str
        Name of the mixing parameters.
    delta_cp, xi_1, xi_2 : float
        Phases (rad).
    beam, convention : str
    sigma_sys : float or None
        As asked for; None is each experiment's own.
    notes : tuple of str
        Remarks of the experiments' files.
    version : str
        Version of munu.
    """

    experiments: tuple[str, ...]
    inputs_hash: tuple[str, ...]
    mixing: str
    delta_cp: float
    xi_1: float
    xi_2: float
    beam: str
    convention: str
    sigma_sys: float | None
    notes: tuple[str, ...] = ()
    version: str = __version__
