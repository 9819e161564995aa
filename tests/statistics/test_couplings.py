"""Every interval and island of couplings that interfere, against SciPy on a dense grid.

The data are the experiments' own or drawn. `benchmarks/brute_force_couplings.py` asks the same of
more of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, final

import numpy as np
import pytest

from munu.analysis.couplings import at_shapes
from munu.analysis.data_likelihood import specification_of
from munu.base.descent import minimise
from munu.base.terms import Terms
from munu.base.thresholds import delta_chi2
from munu.base.typing import FloatArray
from munu.experiments.model import CountingExperiment
from munu.folding.folded import fold_experiment
from munu.physics.assumptions import Assumptions
from munu.physics.interactions.base import AmplitudeTerm
from munu.physics.interactions.weak import VECTOR, NeutronForm, ProtonForm, standard_amplitude
from munu.statistics.build import build
from munu.statistics.likelihoods import NewtonLikelihood, as_newton
from munu.statistics.limits import CouplingLine
from munu.statistics.models import (
    Allowed,
    CouplingModel,
    Parametrisation,
    Straight,
)
from munu.statistics.models.line import Line
from munu.statistics.regions.islands import Islands, islands
from munu.statistics.toys import toy_data

ASSUMPTIONS = Assumptions(mixing="desalas2018-no")
NINETY = delta_chi2(0.90, 1)
NO_OTHERS = np.zeros((2, 0))
QUARKS = {"u": (2.0, 1.0), "d": (1.0, 2.0)}
"""Quarks in a proton and in a neutron."""
TWO = delta_chi2(0.90, 2)
EVERYWHERE = np.array([[-np.inf, np.inf]] * 2)


@final
@dataclass(frozen=True)
class Data:
    """A model of two couplings, and how its likelihood is to be drawn."""

    model: CouplingModel
    specification: Any
    variants: tuple[str, ...]

    def drawn(self, seed: int) -> CouplingModel:
        """Return the model with toy data; those of seed 0 are the experiment's own."""
        if seed == 0:
            return self.model
        own = self.model.likelihood
        rng = np.random.default_rng(seed)
        drawn = next(iter(toy_data(self.specification, own, self.model.sm, rng)))
        toy = drawn.likelihood(self.model.names[0], self.model.sm, self.variants)
        assert isinstance(toy, NewtonLikelihood)
        return CouplingModel(self.model.names, toy, self.model.forms)


def allowed_along(
    model: CouplingModel, along: FloatArray, others: FloatArray, delta: float
) -> Allowed:
    """Return every interval along a direction, shape (n,), others (n, k) minimised over."""
    plain = Parametrisation.plain(along[:, None], others)
    return CouplingLine.of(model, plain, -np.inf, np.inf).allowed(delta)


def data_of(name: str, couplings: tuple[str, str]) -> Data:
    """Return the couplings of quarks, vector and diagonal in flavour, to an experiment's nuclei."""
    folded = fold_experiment(name)
    experiment = folded.experiment
    assert isinstance(experiment, CountingExperiment)
    amplitudes = [standard_amplitude(experiment.standard_model)]
    for one in couplings:
        quark, flavour = one.split()
        to_proton, to_neutron = QUARKS[quark]
        matrix = np.diag([float(flavour == f) for f in ("e", "mu", "tau")]).astype(complex)
        amplitudes.append(
            (
                AmplitudeTerm(VECTOR, ProtonForm(), to_proton * matrix),
                AmplitudeTerm(VECTOR, NeutronForm(), to_neutron * matrix),
            )
        )
    counts = at_shapes(folded, amplitudes, ASSUMPTIONS)
    mixing = ASSUMPTIONS.neutrino_mixing
    forms = [one.form(amplitudes, mixing).sum(axis=0) for one in counts.folds()]
    specification = specification_of(experiment, ASSUMPTIONS)
    variants = tuple(variant.name for variant in counts.variants)
    built = build(specification, name, counts.sm_of_folds(), variants)
    likelihood = as_newton([built], counts.sm_of_folds())
    return Data(CouplingModel((name,), likelihood, np.concatenate(forms)), specification, variants)


def lowest_by_scipy(
    likelihood: NewtonLikelihood, signals: FloatArray, starts: int = 1
) -> FloatArray:
    """Return χ² minimised over the nuisances along a path of signals, by SciPy both ways."""
    from scipy.optimize import minimize

    nominal = np.zeros(len(likelihood.names))
    rest = nominal if likelihood.auxiliary is None else likelihood.auxiliary
    rng = np.random.default_rng(7)
    best = np.full(len(signals), np.inf)
    for order in (range(len(signals)), range(len(signals) - 1, -1, -1)):
        theta = nominal
        for row in order:

            def terms(at: FloatArray, row: int = row) -> Terms:
                return likelihood.terms(signals[row : row + 1], at[None])

            tried = [theta, rest, *rng.normal(rest, size=(9, rest.size))][:starts]
            found = [
                minimize(
                    lambda at: float(terms(at).chi2[0]),
                    start,
                    jac=lambda at: terms(at).gradient[0],
                    hess=lambda at: terms(at).hessian[0],
                    method="trust-exact",
                )
                for start in tried
            ]
            lowest = min(found, key=lambda one: float(one.fun))
            best[row], theta = min(best[row], lowest.fun), lowest.x
    return best


def check_line(model: CouplingModel, along: FloatArray, points: int, starts: int = 1) -> int:
    """Compare the intervals along a direction with the grid; return their number."""
    found = allowed_along(model, along, NO_OTHERS, NINETY)
    ends = found.intervals.ravel()
    span = np.ptp(ends)
    grid = np.linspace(ends[0] - 0.5 * span, ends[-1] + 0.5 * span, points)
    signals = signals_of(model, grid[:, None] * along)
    chi2 = lowest_by_scipy(model.likelihood, signals, starts)
    assert found.chi2_min <= chi2.min() + 1e-6
    rise = chi2 - found.chi2_min - NINETY
    inside = np.zeros(points, bool)
    for low, high in found.intervals:
        inside |= (grid >= low) & (grid <= high)
    # SciPy stops at about 1e-5 of χ²; a deeper valley than either found would show as a large rise.
    assert not np.any(rise[inside] > 1e-3), (grid[inside], rise[inside])
    assert not np.any(rise[~inside] < -1e-3), (grid[~inside], rise[~inside])
    return len(found.intervals)


@pytest.mark.parametrize(
    ("name", "couplings", "seed"),
    [
        ("conus-plus", ("u e", "d e"), 0),
        ("conus-plus", ("u e", "d e"), 1),
        ("dresden-ii", ("u e", "d e"), 0),
        ("dresden-ii", ("u e", "d e"), 2),
        ("coherent-csi-2021", ("d e", "d mu"), 0),
        ("coherent-csi-2021", ("d e", "d mu"), 3),
    ],
)
def test_every_interval_is_found(name: str, couplings: tuple[str, str], seed: int) -> None:
    model = data_of(name, couplings).drawn(seed)
    assert check_line(model, np.array([0.0, 1.0]), points=61) >= 1


def region_of(model: CouplingModel, domain: FloatArray = EVERYWHERE) -> Islands:
    """Return the region of both couplings, in principal axes or, with a border, along them."""
    values, vectors = np.linalg.eigh(model.metric)
    axes = vectors / np.sqrt(values)
    if np.isfinite(domain).any():
        axes = np.diag(1 / np.sqrt(model.metric.diagonal()))

    scale = axes.diagonal()[:, None] if np.isfinite(domain).any() else 1.0
    return islands_of(model, axes, domain / scale)


def islands_of(model: CouplingModel, axes: FloatArray, domain: FloatArray) -> Islands:
    def line(matrix: FloatArray, ends: FloatArray) -> Line:
        pieces = [Straight(i, column) for i, column in enumerate(matrix.T)]
        return Line(model.joint(pieces, 2), model.reach(matrix), *ends)

    plane = line(axes, domain[0])
    return islands(plane, (plane, line(axes[:, ::-1], domain[1])), axes, domain, TWO)


def signals_of(model: CouplingModel, points: FloatArray) -> FloatArray:
    """Return (1, x)ᵀ G (1, x) of each bin at points (m, n)."""
    both = np.column_stack([np.ones(len(points)), points])
    return np.asarray(np.einsum("mi,bij,mj->mb", both, model.forms, both))


def rise_of(model: CouplingModel, found: Islands, points: FloatArray) -> FloatArray:
    """Return χ² at points (n, 2) less the level of the contour."""
    chi2 = model.likelihood.chi2(signals_of(model, points))
    return np.asarray(chi2 - found.chi2_min - TWO)


def inside_of(found: Islands, points: FloatArray) -> Any:
    """Return which points (n, 2) lie in the region: in an odd number of closed outlines."""
    from matplotlib.path import Path

    crossings = np.zeros(len(points), int)
    for outline in found.outlines:
        # An outline and its holes stand behind each other, each ending where it begins.
        first = 0
        while first < len(outline):
            same = np.all(outline[first + 1 :] == outline[first], axis=1)
            last = first + 1 + int(np.argmax(same))
            crossings += Path(outline[first : last + 1]).contains_points(points)
            first = last + 1
    return crossings % 2 == 1


@pytest.mark.parametrize(
    ("name", "couplings", "seed", "pieces"),
    [
        ("conus-plus", ("u e", "d e"), 0, 1),
        ("dresden-ii", ("u e", "d e"), 0, 1),
        ("coherent-csi-2021", ("d e", "d mu"), 0, 2),
        ("coherent-csi-2021", ("d e", "d mu"), 3, 2),
        ("coherent-csi-2021", ("u e", "d e"), 0, 1),
    ],
)
def test_every_island_is_found(
    name: str, couplings: tuple[str, str], seed: int, pieces: int
) -> None:
    model = data_of(name, couplings).drawn(seed)
    found = region_of(model)
    assert len(found.outlines) == pieces
    assert len(found.unbounded) == 0
    vertices = np.concatenate(found.arcs)
    rise = rise_of(model, found, vertices)
    # Started once, the nuisances of a few are found in a valley that is not the lowest.
    assert rise.min() > -1e-8
    assert np.mean(np.abs(rise) < 1e-8) > 0.9
    if couplings == ("u e", "d e") and name.startswith("coherent"):
        return  # a band that is closed only far away: a grid would not meet it
    low, high = vertices.min(axis=0), vertices.max(axis=0)
    margin = 0.3 * (high - low)
    axes = [np.linspace(*ends, 25) for ends in zip(low - margin, high + margin, strict=True)]
    points = np.stack(np.meshgrid(*axes), axis=-1).reshape(-1, 2)
    rise = rise_of(model, found, points)
    clear = np.abs(rise) > 0.1
    np.testing.assert_array_equal(inside_of(found, points)[clear], rise[clear] < 0)


def test_every_island_is_found_by_scipy() -> None:
    model = data_of("conus-plus", ("u e", "d e")).drawn(1)
    found = region_of(model)
    vertices = np.concatenate(found.arcs)
    axes = [
        np.linspace(*ends, 13)
        for ends in zip(vertices.min(axis=0), vertices.max(axis=0), strict=True)
    ]
    points = np.stack(np.meshgrid(*axes), axis=-1).reshape(-1, 2)
    rise = lowest_by_scipy(model.likelihood, signals_of(model, points)) - found.chi2_min - TWO
    clear = np.abs(rise) > 0.02
    np.testing.assert_array_equal(inside_of(found, points)[clear], rise[clear] < 0)


def test_a_border_cuts_the_region_and_bounds_its_arcs() -> None:
    model = data_of("conus-plus", ("u e", "d e")).model
    whole = region_of(model)
    reach = np.abs(np.concatenate(whole.arcs)).max(axis=0)
    cut = region_of(model, np.array([[0.0, np.inf], [-np.inf, np.inf]]))
    outline = np.concatenate(cut.outlines)
    assert outline[:, 0].min() == 0
    assert np.abs(outline).max() <= reach.max() * (1 + 1e-6)
    rise = rise_of(model, cut, np.concatenate(cut.arcs))
    assert np.abs(rise).max() < 1e-8


def test_a_band_is_flagged_and_its_border_is_on_the_level() -> None:
    """Two couplings that one kind of nucleus sees as one: the band has no end."""
    model = data_of("conus-plus", ("u e", "d e")).model
    along = np.array([1.0, 1.3])
    square = model.forms[:, :1, :1], model.forms[:, :1, 1:2], model.forms[:, 1:2, 1:2]
    rows = np.concatenate([square[0], square[1] * along], axis=2)
    below = np.concatenate(
        [(square[1] * along).swapaxes(1, 2), square[2] * np.outer(along, along)], axis=2
    )
    flat = CouplingModel(model.names, model.likelihood, np.concatenate([rows, below], axis=1))
    turned = np.column_stack([along / (along @ along), np.array([1.3, -1.0])])

    axes = turned * np.array([flat.unit(turned[:, 0]), 1.0])
    found = islands_of(flat, axes, EVERYWHERE)
    assert len(found.unbounded) == 1
    direction = found.unbounded[0] / np.linalg.norm(found.unbounded[0])
    assert abs(direction @ along) < 1e-9
    assert np.abs(rise_of(flat, found, np.concatenate(found.arcs))).max() < 1e-8


def test_a_problem_that_cannot_go_down_ends_and_leaves_the_others():
    calls = []

    def evaluate(x, rows):
        calls.append(len(rows))
        gradient = 2 * (x - 1)
        gradient[rows == 1] = 1.0
        chi2 = ((x - 1) ** 2).sum(axis=1)
        chi2[rows == 1] = 5.0 + np.abs(x[rows == 1]).sum(axis=1)
        return Terms(chi2, gradient, np.tile(2 * np.eye(1), (len(x), 1, 1)))

    found = minimise(evaluate, np.array([[4.0], [0.0]]))
    assert found.chi2 == pytest.approx([0.0, 5.0])
    assert found.failed.tolist() == [False, True]
    assert len(calls) < 300
