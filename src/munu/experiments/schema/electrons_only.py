"""Keys that a file whose electrons alone recoil may leave out, as no event depends on them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

OF_NUCLEI: Final[Mapping[str, Mapping[str, str]]] = {
    "detector": {"quenching": "none"},
    "interaction": {"form_factor": "unity"},
}
"""By section, the keys that are of nuclear recoils alone, and what stands for a missing one."""
MAY_LACK_QUENCHING: Final = ("ionisation", "photoelectrons")
"""Observables of a detector that has the key, unless its response is a matrix."""


def with_keys_of_nuclei(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return the sections of a file; of electrons alone with the keys of nuclei that it lacks."""
    interaction, detector = content.get("interaction"), content.get("detector")
    if not isinstance(interaction, dict) or interaction.get("channels") != ["electron"]:
        return dict(content)
    found = {**content, "interaction": {**OF_NUCLEI["interaction"], **interaction}}
    if isinstance(detector, dict) and _has_quenching(detector):
        found["detector"] = {**OF_NUCLEI["detector"], **detector}
    return found


def _has_quenching(detector: Mapping[str, Any]) -> bool:
    return detector.get("observable") in MAY_LACK_QUENCHING and "response" not in detector
