"""Envelopes of couplings: every vertex against χ² at many phases, and what the table says."""

from collections.abc import Callable
from functools import cache

import numpy as np
import pytest

import munu
from munu.base.typing import FloatArray
from munu.results.coupling_envelope import CouplingEnvelopeResult

PLANE = ("epsilon_eL_ee", "epsilon_eL_emu")
PHASE = "phase_epsilon_eL_emu"
SUN = "xenonnt-sr0-er"
PHASES = np.linspace(-np.pi, np.pi, 181)


@cache
def envelope(name: str) -> CouplingEnvelopeResult:
    found = munu.envelope(name, PLANE)
    assert isinstance(found, CouplingEnvelopeResult)
    return found


def chi2_at_phases(vertices: FloatArray) -> FloatArray:
    """Return χ² above its minimum over all, shape (points, phases)."""
    found = envelope(SUN)
    likelihood = munu.likelihood(SUN, [*PLANE, PHASE])
    points = [[*vertex, phase] for vertex in vertices for phase in PHASES]
    chi2 = likelihood.chi2(np.array(points)).reshape(len(vertices), PHASES.size)
    return np.asarray(chi2 - found.chi2_min)


@pytest.mark.parametrize(("kind", "extreme"), [("outer", np.min), ("inner", np.max)])
def test_some_or_all_phases_allow_what_lies_within(
    kind: str, extreme: Callable[..., FloatArray]
) -> None:
    """On the outer edge the best phase is at the level, on the inner edge the worst one."""
    found = envelope(SUN)
    (piece,) = getattr(found, kind)
    edge = piece[piece[:, 1] > 1e-3][::12]
    assert len(edge) > 5
    level = extreme(chi2_at_phases(edge), axis=1)
    np.testing.assert_allclose(level, found.delta_chi2, atol=0.01)


def test_a_reactor_knows_no_phase() -> None:
    found = envelope("conus-plus@electrons")
    for outer, inner in zip(found.outer, found.inner, strict=True):
        np.testing.assert_allclose(outer.max(axis=0), inner.max(axis=0), rtol=1e-3)


def test_the_table_says_what_is_assumed() -> None:
    (table,) = envelope(SUN).tables()
    assert any(note.startswith("Slice: all others as in the Standard") for note in table.notes)
    assert [row[0] for row in table.rows] == ["some phases", "all phases"]
