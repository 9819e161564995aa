"""Other coordinates of the same events: signs of what does not interfere, half turns of phases."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from munu.analysis.planes import plane_toys
from munu.base.descent import Minimum
from munu.base.typing import FloatArray
from munu.physics.assumptions import Assumptions
from munu.statistics.models import (
    Chart,
    ChartPiece,
    Circle,
    FormEvents,
    Polar,
    Squared,
    Straight,
)
from munu.statistics.studies import seeds_of
from munu.statistics.studies.flips import Flip, flips_of

X = np.eye(4)
LOW = np.array([[0.0, np.inf], [0.0, np.inf]])
SM = np.array([40.0, 20.0, 10.0])


def forms_of(*, with_sm: bool) -> FloatArray:
    """Return random forms of three bins over four amplitudes, of which the last one is alone."""
    rng = np.random.default_rng(5)
    roots = rng.normal(size=(3, 3, 5))
    roots[..., 4] = 0.0
    if not with_sm:
        roots[..., 0] = 0.0
    forms = np.einsum("bki,bkj->bij", roots, roots)
    forms[:, 4, 4] = [2.0, 1.0, 3.0]
    forms[:, 0, 0] += SM
    return forms


def points_of(flip: Flip, y: FloatArray) -> FloatArray:
    """Return the points of a flip, all of them changed."""
    return y * flip.sign + flip.shift


PIECES: list[list[ChartPiece]] = [
    [Straight(0, X[0]), Straight(1, X[1])],
    [Straight(0, X[0]), Straight(1, X[3])],
    [Straight(0, X[0]), Polar(1, 2, X[1], X[2], 0.3)],
    [Polar(0, 2, X[0], X[1], 0.3), Polar(1, 3, X[2], X[3], 0.5)],
    [Straight(0, X[0]), Straight(1, X[3]), Circle(2, X[1], X[2], 0.4)],
]


@pytest.mark.parametrize("pieces", PIECES)
@pytest.mark.parametrize("with_sm", [False, True])
def test_events_are_the_same(pieces, with_sm):
    forms = forms_of(with_sm=with_sm)
    p = max([2, *(one.phase + 1 for one in pieces if isinstance(one, Polar | Circle))])
    events = FormEvents.of(forms, Chart(np.zeros(4), tuple(pieces), p))
    y = np.random.default_rng(1).normal(size=(20, p))
    for flip in flips_of(forms, pieces, p, LOW):
        np.testing.assert_allclose(events.events(points_of(flip, y)), events.events(y), rtol=1e-9)


@pytest.mark.parametrize(
    ("pieces", "with_sm", "signs"),
    [
        (PIECES[0], False, [[0, 1]]),
        (PIECES[0], True, []),
        (PIECES[1], False, [[0], [1]]),
        (PIECES[1], True, [[1]]),
        (PIECES[2], False, [[1], [0]]),
        (PIECES[2], True, [[1]]),
        (PIECES[3], True, [[0], [1]]),
        ([Straight(0, X[0]), Squared(1, X[1])], False, []),
    ],
)
def test_what_changes_its_sign(pieces, with_sm, signs):
    flips = flips_of(forms_of(with_sm=with_sm), pieces, 4, LOW)
    assert [np.flatnonzero(one.sign < 0).tolist() for one in flips] == signs


def test_what_has_no_bound_stays():
    signed = np.array([[-np.inf, np.inf]] * 2)
    assert flips_of(forms_of(with_sm=False), PIECES[0], 2, signed) == ()


def test_a_minimum_is_flipped_with_its_derivatives():
    (flip,) = flips_of(forms_of(with_sm=False), PIECES[0], 2, LOW)
    hessian = np.arange(9.0).reshape(1, 3, 3)
    found = Minimum(np.zeros(1), np.array([[-1.0, -2.0, 3.0]]), hessian, np.ones((1, 3)))
    turned = flip.upright(found)
    assert turned.x.tolist() == [[1.0, 2.0, 3.0]]
    assert turned.step.tolist() == [[-1.0, -1.0, 1.0]]
    assert turned.hessian.tolist() == [[[0.0, 1.0, -2.0], [3.0, 4.0, -5.0], [-6.0, -7.0, 8.0]]]
    assert flip.upright(turned).x.tolist() == turned.x.tolist()


def test_toys_of_moduli_with_a_free_phase_need_no_bounds():
    """A sign of either is a phase: their best fits are those without bounds."""
    names = ("Lambda_1", "Lambda_2")
    study = plane_toys("coherent-csi-2021", names, ("xi_1",), None, Assumptions()).study
    free = replace(study, domain=np.array([[-np.inf, np.inf]] * 2))
    value = (2 * study.units[0], 2 * study.units[1])
    found, wanted = (
        one.outcomes(one.prepared(value), seeds_of((3,), 0)[:2]) for one in (study, free)
    )
    np.testing.assert_allclose(found, wanted, atol=1e-4)
    assert max(found) > 1.0
