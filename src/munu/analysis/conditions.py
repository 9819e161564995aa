"""What is assumed, as the state of a study names it."""

from __future__ import annotations

from dataclasses import fields

from munu.physics.assumptions import Assumptions


def conditions_of(assumptions: Assumptions) -> dict[str, str]:
    """Return each assumption in words of Python, so that a state can say which one differs."""
    return {one.name: repr(getattr(assumptions, one.name)) for one in fields(assumptions)}
