"""Intervals of several moments at once are those of each alone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from munu.base.errors import MunuError
from munu.base.thresholds import delta_chi2
from munu.base.typing import ComplexArray, FloatArray
from munu.physics.mixing import paper_mixing
from munu.physics.moments import HelicityState
from munu.physics.parameters import Others
from munu.statistics.build import build
from munu.statistics.limits import one_modulus, together
from munu.statistics.limits.free_phases import FreePhases
from munu.statistics.limits.intervals import Interval
from munu.statistics.limits.one_modulus import interval, intervals_of
from munu.statistics.limits.problem import ProfilePoint, SizeStarts
from munu.statistics.models.framed_events import FramedEvents
from munu.statistics.models.moments import MomentModel
from munu.statistics.specification import Background, Counts

NINETY = delta_chi2(0.9, 1)
ASKED: tuple[tuple[int, Others], ...] = tuple(
    (index, others) for index in range(3) for others in ("zero", "profiled")
)


def counts_model(rng: np.random.Generator, n_bins: int) -> MomentModel:
    """Counts of some bins with a background, and moments of which each bin sees its own."""
    sm, background = 10 ** rng.uniform(0, 2, (2, n_bins))
    parts = rng.normal(size=(2, n_bins, 3, 3))
    roots: ComplexArray = parts[0] + 1j * parts[1]
    w = 1e20 * sm[:, None, None] * (roots.conj().swapaxes(1, 2) @ roots)
    observed = rng.poisson(sm + background).astype(float)
    counts = Counts("poisson", observed, (Background("b", background, 0.1),), 0.1)
    return MomentModel(("x",), build(counts, "x", sm), sm, w)


def same(one: Interval | MunuError, other: Interval) -> None:
    assert isinstance(one, Interval)
    ends = [[i.lower_mu_b, i.upper_mu_b, i.best_fit_mu_b, i.chi2_min] for i in (one, other)]
    np.testing.assert_allclose(ends[0], ends[1], rtol=1e-6, atol=1e-16)
    assert one.unbounded_because == other.unbounded_because


@settings(max_examples=15)
@given(st.integers(0, 2**32 - 1), st.integers(1, 4))
def test_at_once_as_alone(seed: int, n_bins: int) -> None:
    """In two bases of one χ², all others zero or profiled."""
    rng = np.random.default_rng(seed)
    model = counts_model(rng, n_bins)
    parts = rng.normal(size=(2, 3, 3))
    turned = model.in_basis(np.linalg.qr(parts[0] + 1j * parts[1])[0])
    asked = [(one, index, others) for one in (model, turned) for index, others in ASKED]
    for found, (one, index, others) in zip(intervals_of(asked, NINETY), asked, strict=True):
        same(found, interval(one, index, NINETY, others=others))


def test_blind_directions() -> None:
    """A reactor sees no limit with the others free, and a finite one of each alone."""
    matrix = HelicityState.of_species("nu_e_bar").moment_matrix(paper_mixing())
    rng = np.random.default_rng(1)
    model = counts_model(rng, 3)
    model = MomentModel(model.names, model.likelihood, model.sm, 1e23 * np.array([matrix] * 3))
    found = intervals_of([(model, index, others) for index, others in ASKED], NINETY)
    for one, (index, others) in zip(found, ASKED, strict=True):
        alone = interval(model, index, NINETY, others=others)
        same(one, alone)
        assert isinstance(one, Interval)
        assert np.isinf(one.upper_mu_b) == (others == "profiled")
        if others == "profiled":
            np.testing.assert_allclose(one.blind_direction, alone.blind_direction)


def test_events_of_frames_and_their_derivatives() -> None:
    rng = np.random.default_rng(2)
    model = counts_model(rng, 5)
    problems = [FreePhases.of(model, index, NINETY) for index in range(3)]
    framed = FramedEvents.of([(one.model.w, one.columns) for one in problems])
    y = rng.normal(size=(6, 5))
    number = np.array([0, 1, 2, 2, 1, 0])
    rows = np.column_stack([number, y])
    weights = rng.normal(size=(6, 5))
    for row, frame in enumerate(number):
        own = problems[frame].joint.extra
        one, point = y[row : row + 1], rows[row : row + 1]
        np.testing.assert_allclose(framed.events(point), own.events(one), rtol=1e-12)
        np.testing.assert_allclose(framed.slopes(point)[:, 1:], own.slopes(one), rtol=1e-11)
        bent = framed.at(point).bending(weights[row : row + 1] @ framed.basis.T)
        expected = own.at(one).bending(weights[row : row + 1] @ own.basis.T)
        np.testing.assert_allclose(bent[:, 1:, 1:], expected, rtol=1e-10)
        assert not bent[:, 0].any()


def test_one_that_fails_leaves_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    model = counts_model(np.random.default_rng(3), 3)
    alone = [interval(model, index, NINETY, others=others) for index, others in ASKED]
    lowest, slices = together.Together.lowest, one_modulus.slice_intervals
    error = MunuError("the nuisance 'x' does not converge", "Widen it")

    def without_second(
        self: together.Together, asked: dict[int, SizeStarts]
    ) -> dict[int, ProfilePoint | MunuError]:
        return lowest(self, asked) | ({1: error} if 1 in asked else {})

    def without_third(one: MomentModel, w: FloatArray, delta: float) -> tuple[Interval, ...]:
        if np.any(np.all(w == one.w[:, 2, 2].real, axis=1)):
            raise error
        return slices(one, w, delta)

    monkeypatch.setattr(together.Together, "lowest", without_second)
    monkeypatch.setattr(one_modulus, "slice_intervals", without_third)
    found = intervals_of([(model, index, others) for index, others in ASKED], NINETY)
    failed = [(index, others) for (index, others) in ((1, "profiled"), (2, "zero"))]
    for one, expected, asked in zip(found, alone, ASKED, strict=True):
        if asked in failed:
            assert one is error
        else:
            same(one, expected)
