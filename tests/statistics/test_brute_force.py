"""Random experiments against an independent minimisation over moments and nuisances.

Counts go from 1e-4 to 1e9, and half of the data exclude the Standard Model. χ² is written here
once more and minimised by damped Newton steps from many random starts; `munu` must find no higher
minimum, and its ends must lie where that minimum crosses the level. Some experiments that were once
wrong are always tried; `make test-slow` sets `MUNU_BRUTE_FORCE`, how many random ones are tried
instead.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import product

import numpy as np
import pytest

from munu.base.errors import MunuError
from munu.base.thresholds import delta_chi2
from munu.base.typing import ComplexArray, FloatArray
from munu.statistics.build import build
from munu.statistics.limits.one_modulus import curve
from munu.statistics.limits.profiled import profiled_interval
from munu.statistics.limits.slices import delta_chi2_profile, slice_interval
from munu.statistics.models.moments import MomentModel, combine_models
from munu.statistics.models.plane import Plane
from munu.statistics.regions.solve import region
from munu.statistics.specification import Background, Counts

DELTA = delta_chi2(0.90, 1)
SHORT = (4, 6, 10, 46, 70, 73, 91, 129, 146, 192, 208, 237, 273)
"""Experiments of which the search of version 0.1.0 missed a minimum or an end, or found none."""
SEEDS = range(n) if (n := int(os.environ.get("MUNU_BRUTE_FORCE", "0"))) else SHORT
MISSED = (373,)
"""Experiments that contradict each other, at χ² = 771: 980 is found. Their curve is refused."""
SLACK = 1.0 if n else 2e-3
"""Δχ² by which 50 random starts may end too high, if hundreds of experiments are tried."""
REFUSED = 1e6
"""χ² of the Standard Model beyond which a search may fail, if it says so."""
STARTS = 50
STEPS = 150


@dataclass(frozen=True)
class Data:
    """One experiment of Poisson counts."""

    sm: FloatArray
    w: ComplexArray
    observed: FloatArray
    own: float
    flux: float
    backgrounds: list[tuple[FloatArray, float]]

    def model(self, name: str) -> MomentModel:
        spec = Counts(
            kind="poisson",
            observed=self.observed,
            backgrounds=tuple(
                Background(f"b{i}", events, sigma)
                for i, (events, sigma) in enumerate(self.backgrounds)
            ),
            sigma_signal=float(np.hypot(self.own, self.flux)),
            shared={"flux": self.flux} if self.flux else {},
        )
        return MomentModel((name,), build(spec, name, self.sm, ()), self.sm, self.w)


def random_data(
    rng: np.random.Generator, rows: ComplexArray, *, effective: bool, flux: float, decades: float
) -> Data:
    n = int(rng.integers(1, 6))
    flavours = rng.choice(3, size=int(rng.integers(1, 3)), replace=False)
    total = 10 ** rng.uniform(-4, decades)
    sm = total * rng.dirichlet(np.ones(n) * 3)
    strength = 10 ** rng.uniform(-1.5, 2.5)
    if effective:
        forms = np.array([np.diag(np.eye(3)[f]) for f in flavours], complex)
    else:
        forms = np.array([np.eye(3) - np.outer(rows[:, f], rows[:, f].conj()) for f in flavours])
    share = rng.dirichlet(np.ones(n), size=len(flavours))
    share = np.repeat(share[:1], len(flavours), axis=0) if rng.random() < 0.3 else share
    w = 1e18 * strength * total * np.einsum("fb,fij->bij", share, forms)
    backgrounds = []
    for _ in range(int(rng.integers(0, 3))):
        events = 10 ** rng.uniform(-4, decades) * rng.dirichlet(np.ones(n) * 2)
        backgrounds.append((events, float(10 ** rng.uniform(-2.5, -0.3))))
    mu = sm + sum((events for events, _ in backgrounds), np.zeros(n))
    mode = rng.integers(0, 4)
    if mode == 1:
        moments = rng.normal(size=3) + 1j * rng.normal(size=3)
        moments = 1e-9 * 10 ** rng.uniform(-1, 1) * moments
        mu = mu + np.einsum("i,bij,j->b", moments.conj(), w, moments).real
    elif mode == 2:
        mu = np.maximum(mu + np.sqrt(mu + 1) * 10 ** rng.uniform(0, 1.3) * rng.normal(size=n), 0.0)
    elif mode == 3:
        mu = sm * max(1 + 0.2 * rng.normal(), 0.0) + sum(
            (events * max(1 + 2 * sigma * rng.normal(), 0.0) for events, sigma in backgrounds),
            np.zeros(n),
        )
    observed = rng.poisson(np.minimum(mu, 2e9)).astype(float)
    return Data(sm, w, observed, float(10 ** rng.uniform(-2, -0.5)), flux, backgrounds)


def random_experiments(seed: int) -> list[Data]:
    rng = np.random.default_rng(seed)
    rows, _ = np.linalg.qr(rng.normal(size=(3, 3)) + 1j * rng.normal(size=(3, 3)))
    effective = bool(rng.random() < 0.25)
    flux = float(rng.choice([0.0, 0.05]))
    n = int(rng.choice([1, 1, 2, 3]))
    decades = float(rng.choice([2.5, 4, 9]))
    return [
        random_data(rng, rows, effective=effective, flux=flux, decades=decades) for _ in range(n)
    ]


def joint(data: list[Data]) -> MomentModel:
    return combine_models([one.model(f"x{i}") for i, one in enumerate(data)])


def factor(x: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """What a normalisation multiplies by: 1 + x, and never negative (design note 6)."""
    u = np.minimum(2 * x + 1, 0.0)
    f = 0.5 * np.exp(u - u**2 / 2)
    low = x < -0.5
    value, slope = np.where(low, f, 1 + x), np.where(low, 2 * (1 - u) * f, 1.0)
    return value, slope, np.where(low, 4 * ((1 - u) ** 2 - 1) * f, 0.0)


@dataclass(frozen=True)
class Brute:
    """χ²(Λ, θ) with its derivatives, minimised from random starts; θ₀ is the shared flux."""

    data: list[Data]
    real: bool

    @cached_property
    def size(self) -> int:
        return 1 + sum(1 + len(one.backgrounds) for one in self.data)

    @cached_property
    def range_mu_b(self) -> tuple[float, float]:
        """Moments from a tenth of a standard deviation in some bin to ten times all counts."""
        low, high = [], []
        for one in self.data:
            trace = np.trace(one.w, axis1=1, axis2=2).real
            whole = one.observed + 1 + sum(events for events, _ in one.backgrounds)
            low += list(0.1 * np.sqrt(one.observed + 1) / trace)
            high += list(10 * whole / trace)
        return float(np.sqrt(min(low))), float(np.sqrt(max(high)))

    def terms(
        self, fixed: ComplexArray, columns: ComplexArray, x: FloatArray
    ) -> tuple[FloatArray, FloatArray, FloatArray]:
        (m, d), p = x.shape, columns.shape[1]
        moments = fixed + x[:, :p] @ columns.T
        chi2 = np.sum(x[:, p:] ** 2, axis=1)
        slope, bend = np.zeros((m, d)), np.zeros((m, d, d))
        slope[:, p:], bend[:, range(p, d), range(p, d)] = 2 * x[:, p:], 2
        first = p + 1
        for one in self.data:
            w = one.w.real.astype(complex) if self.real else one.w
            image = np.einsum("bij,mj->mbi", w, moments)
            signal = one.sm + np.einsum("mi,mbi->mb", moments.conj(), image).real
            moved = np.zeros((m, signal.shape[1], d))
            moved[..., :p] = 2 * np.einsum("mbi,ip->mbp", image.conj(), columns).real
            bent = 2 * np.einsum("ip,bij,jq->bpq", columns.conj(), w, columns).real
            sigma = np.zeros(d)
            sigma[p], sigma[first] = one.flux, one.own
            f, rise, curl = factor((x @ sigma)[:, None])
            mu, change = f * signal, f[..., None] * moved + (rise * signal)[..., None] * sigma
            own = []
            for k, (events, width) in enumerate(one.backgrounds, start=first + 1):
                value, up, twist = factor(width * x[:, k : k + 1])
                mu, change[..., k] = mu + value * events, up * width * events
                own.append((k, twist * width**2 * events))
            first += 1 + len(one.backgrounds)
            mu, n = np.clip(mu, 1e-60, 1e60), one.observed
            rest = (mu - n) / np.where(n > 0, n, 1.0)
            near = np.abs(rest) < 0.5
            log = np.where(near, np.log1p(np.where(near, rest, 0.0)), np.log(np.maximum(mu, 1e-60)))
            log = np.where(near, log, log - np.log(np.where(n > 0, n, 1.0)))
            chi2 = chi2 + 2 * np.sum(np.where(n > 0, mu - n - n * log, mu), axis=1)
            g = 2 * (1 - n / mu)
            slope += np.einsum("mb,mbd->md", g, change)
            bend += np.einsum("mbd,mb,mbe->mde", change, 2 * n / mu**2, change)
            bend[:, :p, :p] += np.einsum("mb,bpq->mpq", g * f, bent)
            mixed = np.einsum("mb,mbd->md", g, moved) * rise
            bend += mixed[:, :, None] * sigma + sigma[:, None] * mixed[:, None, :]
            bend += (np.sum(g * signal, axis=1) * curl[:, 0])[:, None, None] * np.outer(
                sigma, sigma
            )
            for k, twist in own:
                bend[:, k, k] += np.sum(g * twist, axis=1)
        return chi2, slope, bend

    def descend(
        self, fixed: ComplexArray, columns: ComplexArray, x: FloatArray
    ) -> tuple[FloatArray, FloatArray]:
        """Damped Newton steps, eigenvalues by their size; returns χ² and where it is."""
        x, rows, damping = x.copy(), np.arange(len(x)), np.full(len(x), 1e-3)
        chi2, slope, bend = self.terms(fixed, columns, x)
        waits = np.zeros(len(x), int)
        for _ in range(STEPS):
            diagonal = np.abs(bend.diagonal(axis1=1, axis2=2))
            scale = 1 / np.sqrt(np.maximum(diagonal, 1e-10 * diagonal.max(axis=1, keepdims=True)))
            values, vectors = np.linalg.eigh(bend * scale[:, :, None] * scale[:, None, :])
            turned = np.einsum("mij,mi->mj", vectors, scale * slope)
            turned /= np.abs(values) + damping[rows][:, None] + 1e-12
            ahead = x[rows] - scale * np.einsum("mij,mj->mi", vectors, turned)
            new = self.terms(fixed[rows], columns, ahead)
            fine = np.isfinite(new[0]) & np.isfinite(new[2]).all(axis=(1, 2))
            gain = np.where(fine, chi2[rows] - new[0], -1.0)
            better = gain >= 0
            x[rows[better]], chi2[rows[better]] = ahead[better], new[0][better]
            slope = np.where(better[:, None], new[1], slope)
            bend = np.where(better[:, None, None], new[2], bend)
            damping[rows] = np.where(better, damping[rows] / 8, damping[rows] * 6)
            small = better & (gain < 1e-11 + 1e-13 * np.abs(chi2[rows]))
            waits[rows] = np.where(small, waits[rows] + 1, np.where(better, 0, waits[rows]))
            go = (damping[rows] < 1e10) & (waits[rows] < 3)
            rows, slope, bend = rows[go], slope[go], bend[go]
            if rows.size == 0:
                break
        return chi2, x

    def lowest(
        self,
        rng: np.random.Generator,
        index: int | None,
        sizes: FloatArray,
        *,
        one_sided: bool = False,
    ) -> FloatArray:
        """Return the minima at each |Λ_index|, or of all moments if there is no index.

        Of moments that are not negative a minimum is one of those that are not zero there.
        """
        axes = [i for i in range(3) if i != index]
        if not one_sided:
            return self._lowest(rng, index, sizes, axes, one_sided=False)
        faces = [
            [axis for axis, taken in zip(axes, which, strict=True) if taken]
            for which in product((False, True), repeat=len(axes))
        ]
        found = [self._lowest(rng, index, sizes, face, one_sided=True) for face in faces]
        return np.min(found, axis=0)

    def _lowest(
        self,
        rng: np.random.Generator,
        index: int | None,
        sizes: FloatArray,
        axes: list[int],
        *,
        one_sided: bool,
    ) -> FloatArray:
        """Return the minima over some moments; one-sided, of those where none is negative."""
        columns: ComplexArray = np.eye(3, dtype=complex)[:, axes]
        columns = columns if self.real else np.concatenate([columns, 1j * columns], axis=1)
        low, high = np.log(self.range_mu_b)
        y = rng.normal(size=(STARTS, columns.shape[1])) * np.exp(
            rng.uniform(low, high, (STARTS, 1))
        )
        unit = np.exp(0.5 * (low + high))
        y = np.abs(y) if one_sided else y
        start = np.concatenate([y / unit, np.zeros((STARTS, self.size))], axis=1)
        start[0, : columns.shape[1]] *= 1e-6
        fixed = np.zeros((len(sizes), 3), complex)
        if index is not None:
            fixed[:, index] = sizes
        x = np.tile(start, (len(sizes), 1))
        chi2, at = self.descend(np.repeat(fixed, STARTS, axis=0), unit * columns, x)
        outside = one_sided & np.any(at[:, : columns.shape[1]] < 0, axis=1)
        return np.where(outside, np.inf, chi2).reshape(len(sizes), STARTS).min(axis=1)

    def lowest_beyond(
        self, rng: np.random.Generator, points: FloatArray, *, signed: bool
    ) -> FloatArray:
        """Return the minima over a real Λ₃, of either sign or not negative, at (Λ₁, Λ₂), (n, 2)."""
        low, high = np.log(self.range_mu_b)
        unit = np.exp(0.5 * (low + high))
        start = np.zeros((STARTS, 1 + self.size))
        length = np.exp(rng.uniform(low, high, STARTS))
        start[:, 0] = length * rng.normal(size=STARTS) / unit
        fixed = np.zeros((len(points), 3), complex)
        fixed[:, :2] = points
        fixed, x = np.repeat(fixed, STARTS, axis=0), np.tile(start, (len(points), 1))
        chi2, at = self.descend(fixed, unit * np.array([[0], [0], [1]], complex), x)
        if not signed:
            without, _ = self.descend(fixed, np.zeros((3, 0), complex), x[:, 1:])
            chi2 = np.where(at[:, 0] < 0, without, np.minimum(chi2, without))
        return chi2.reshape(-1, STARTS).min(axis=1)

    def slice(self, index: int, sizes: FloatArray) -> FloatArray:
        """Return the minima over the nuisances at each |Λ_index|, the others zero."""
        starts = (
            3 * np.random.default_rng(1).normal(size=(8, self.size)) * np.arange(8)[:, None] / 8
        )
        fixed = np.zeros((len(sizes), 3), complex)
        fixed[:, index] = sizes
        x = np.tile(starts, (len(sizes), 1))
        chi2, _ = self.descend(np.repeat(fixed, 8, axis=0), np.zeros((3, 0), complex), x)
        return chi2.reshape(-1, 8).min(axis=1)


@pytest.mark.parametrize("seed", SEEDS)
def test_slices(seed: int) -> None:
    data, index = random_experiments(seed), seed % 3
    model, brute = joint(data), Brute(data, real=True)
    found = slice_interval(model, index, DELTA)
    sizes = np.append(0.0, np.geomspace(*brute.range_mu_b, 60))
    chi2 = brute.slice(index, sizes)
    tolerance = 1e-6 * (1 + abs(found.chi2_min))
    assert found.chi2_min <= chi2.min() + tolerance
    level = found.chi2_min + DELTA
    if np.isfinite(found.upper_mu_b):
        ends = brute.slice(index, np.array([found.upper_mu_b, found.best_fit_mu_b]))
        np.testing.assert_allclose(ends, [level, found.chi2_min], atol=1e-4, rtol=1e-7)
        assert np.all(chi2[sizes > found.upper_mu_b] > level - 1e-4)
    elif found.unbounded_because != "blind direction":
        assert chi2[-1] < level
    along = delta_chi2_profile(model, index, sizes[::6]).delta_chi2
    # Nuisances of far too many events may not converge: such a point is named, and infinite.
    rest = np.isfinite(along) | (chi2[::6] < level + 50)
    assert np.all(along[rest] <= (chi2[::6] - found.chi2_min + 1e-5 * (1 + chi2[::6]))[rest])


@pytest.mark.parametrize("seed", SEEDS)
def test_profiled(seed: int) -> None:
    if seed in MISSED:
        pytest.xfail("the global minimum is missed")
    free, index = bool((seed // 3) % 2), seed % 3
    data, rng = random_experiments(seed), np.random.default_rng(seed)
    model, brute = joint(data), Brute(data, real=not free)
    lowest = partial(brute.lowest, rng, one_sided=not free)
    try:
        found = profiled_interval(model, index, DELTA, phases_free=free)
    except MunuError as error:
        # Data a thousand times the Standard Model may be refused, but not answered wrongly.
        if float(model.chi2(np.zeros(3))) < REFUSED:
            raise
        pytest.skip(str(error))
    best = float(lowest(None, np.zeros(1))[0])
    assert found.chi2_min <= best + 1e-4 * (1 + abs(best))
    level = found.chi2_min + DELTA
    # Along a blind direction events cancel to a part that random starts do not meet.
    if np.isfinite(found.upper_mu_b):
        sizes = found.upper_mu_b * np.array([1.0, 1.1, 1.6, 3.0, 10.0])
        chi2 = lowest(index, sizes)
        assert -2e-3 < chi2[0] - level < SLACK
        assert np.all(chi2[1:] > level)
    if found.lower_mu_b > 0:
        chi2 = lowest(index, found.lower_mu_b * np.array([1.0, 0.5, 0.0]))
        assert -2e-3 < chi2[0] - level < SLACK
        assert np.all(chi2[1:] > level)
    else:
        assert lowest(index, np.zeros(1))[0] <= level + 1e-3
    reach = min(found.upper_mu_b, max(10 * found.best_fit_mu_b, 1e-9))
    sizes = reach * np.array([0.0, 0.1, 0.4, 0.8, 1.3])
    others = curve(model, index, sizes, others="profiled", phases_free=free).delta_chi2
    assert np.all(others <= lowest(index, sizes) - found.chi2_min + 2e-3)


@pytest.mark.parametrize("signed", [True, False])
@pytest.mark.parametrize("seed", range(n // 4) if n else (2, 3, 12, 43, 45))
def test_regions(seed: int, *, signed: bool) -> None:
    """Vertices lie where χ², minimised over a real Λ₃, is at the level; farther out it is above."""
    data, rng = random_experiments(seed), np.random.default_rng(seed)
    model, brute = joint(data), Brute(data, real=True)
    delta = delta_chi2(0.90, 2)
    plane = Plane("Lambda_1", "Lambda_2", ("Lambda_3",), signed=signed)
    found = region(model, plane, delta)
    best = float(brute.lowest(rng, None, np.zeros(1), one_sided=not signed)[0])
    assert found.chi2_min <= best + 1e-5 * (1 + abs(best))
    vertices = np.concatenate([*found.polygons, np.empty((0, 2))])
    some = vertices[:: max(1, len(vertices) // 8)]
    chi2 = brute.lowest_beyond(rng, some, signed=signed)
    # In the long valley of a blind direction the brute force stops early at some of the points.
    over = chi2 - found.chi2_min - delta
    assert np.all((over > -1e-3) & (over < 0.5))
    assert np.median(over) < 1e-3
    if not found.unbounded:
        angle = np.linspace(0.0, (2 if signed else 0.5) * np.pi, 12, endpoint=False)
        size = 1.5 * np.abs(vertices).max(axis=0)
        around = size * np.column_stack([np.cos(angle), np.sin(angle)]) * np.sqrt(2)
        assert np.all(brute.lowest_beyond(rng, around, signed=signed) > found.chi2_min + delta)
