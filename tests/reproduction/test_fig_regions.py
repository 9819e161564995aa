"""Figs. 4 to 8: every vertex on its contour, the printed formulas, the paper's statements."""

from functools import cache

import numpy as np
import pytest

from munu.analysis.model import moment_model
from munu.folding.folded import fold_experiment
from munu.physics.assumptions import Assumptions
from munu.physics.mixing import paper_mixing
from munu.reproduction import fig2, fig4, fig5, fig6, fig7, fig8
from munu.reproduction.figures import PLANES, SNS
from munu.results import read_json

BOUND_MU_B = 2.8e-11
SURVIVAL = 0.616


@cache
def computed(module):
    return module.compute()


@pytest.mark.parametrize("module", [fig4, fig5, fig6, fig7, fig8])
def test_json_is_lossless(module):
    found = computed(module)
    text = found.to_json()
    assert type(found).from_json(text).to_json() == text
    assert read_json(text).to_csv() == found.to_csv()


def chi2_of(region, points):
    """χ² at points (n, 2) of a region's plane, from the folded experiment itself."""
    c = region.assumptions
    assumptions = Assumptions(
        mixing="desalas2018-no",
        beam=c.beam,
        convention=c.convention,
        sigma_sys=c.sigma_sys,
        delta_cp=c.delta_cp,
    )
    model = moment_model(fold_experiment(region.origin.experiments[0]), assumptions)
    moments = np.zeros((len(points), 3), complex)
    phases = {"Lambda_1": -c.xi_2, "Lambda_2": -c.xi_1, "Lambda_3": 0.0}
    for name, column in zip(region.plane, points.T, strict=True):
        moments[:, int(name[-1]) - 1] = column * np.exp(1j * phases[name])
    return model.chi2(moments)


@pytest.mark.parametrize("module", [fig4, fig5, fig6, fig8])
def test_every_vertex_is_on_the_contour(module):
    for region in computed(module).regions:
        (polygon,) = region.polygons
        lowest = chi2_of(region, np.zeros((1, 2)))[0]
        found = chi2_of(region, polygon) - lowest
        assert found == pytest.approx(region.delta_chi2, abs=1e-8)
        assert not region.unbounded


def test_fig7_vertices_are_on_their_contours():
    for region in computed(fig7).contours:
        lowest = chi2_of(region, np.zeros((1, 2)))[0]
        found = chi2_of(region, np.concatenate(region.polygons)) - lowest
        assert found == pytest.approx(region.delta_chi2, abs=1e-8)


def find(module, experiment, beam, plane):
    return next(
        r
        for r in computed(module).regions
        if r.origin.experiments == (experiment,) and r.assumptions.beam == beam and r.plane == plane
    )


def bulge(region):
    """How much farther a modulus reaches with the other than alone; 1 for an upright ellipse."""
    (polygon,) = region.polygons
    return max(polygon[:, 0].max() / polygon[0, 0], polygon[:, 1].max() / polygon[-1, 1])


def test_fig4_bulges_in_the_plane_of_2_and_3():
    prompt = [bulge(find(fig4, f"{name}@current", "prompt", PLANES[2])) for name in SNS]
    assert min(prompt) > 1.2
    for plane in PLANES[:2]:
        assert bulge(find(fig4, "coherent-csi@current", "prompt", plane)) == pytest.approx(1.0)


def test_fig6_bulges_more_in_the_plane_of_1_and_2():
    at_reactor = [bulge(find(fig6, "connie@current", "full", plane)) for plane in PLANES]
    at_sns = bulge(find(fig4, "coherent-csi@current", "prompt", PLANES[2]))
    assert at_reactor[0] > 2 * at_sns
    assert max(at_reactor[1:]) < 1.1


def test_fig4_intercepts_are_the_limits_of_fig2_at_the_higher_level():
    """Along an axis the excess that is allowed grows with the level, the moment with its root."""
    csi = [
        limit
        for limit in computed(fig2).limits
        if limit.origin.experiments == ("coherent-csi@current",)
    ]
    for limit in csi:
        plane = next(p for p in PLANES if limit.parameter in p)
        region = find(fig4, "coherent-csi@current", limit.assumptions.beam, plane)
        (polygon,) = region.polygons
        intercept = polygon[0, 0] if plane[0] == limit.parameter else polygon[-1, 1]
        assert 1.1 < intercept / limit.limit_mu_b < (region.delta_chi2 / limit.delta_chi2)


def test_fig5_improves_on_fig4_by_what_the_remark_says():
    for name in SNS:
        for plane in PLANES:
            now = find(fig4, f"{name}@current", "prompt", plane).polygons[0].max()
            later = find(fig5, f"{name}@future", "prompt", plane).polygons[0].max()
            assert now / later > (15 if name == "coherent-csi" else 4)


def printed_prompt_moment(i, j, moduli, delta, xi):
    """Eq. (17) of arXiv:1905.03750 for two moduli and the phase ξ_k of their plane."""
    mixing = paper_mixing()
    s12, s13, s23 = np.sqrt([mixing.sin2_theta12, mixing.sin2_theta13, mixing.sin2_theta23])
    c12, c13, c23 = np.sqrt([1 - s12**2, 1 - s13**2, 1 - s23**2])
    mixed = 2 * c12 * c23 * s12 * s13 * s23 * np.cos(delta)
    diagonal = (
        s23**2 * (c13**2 + s12**2 * s13**2) + c12**2 * c23**2 - mixed,
        c23**2 * s12**2 + s23**2 * (c12**2 * s13**2 + c13**2) + mixed,
        c23**2 + s13**2 * s23**2,
    )
    crossed = {
        (1, 2): c23 * c12**2 * s13 * s23 * np.cos(delta + xi)
        - c23 * s12**2 * s13 * s23 * np.cos(delta - xi)
        + c12 * s12 * (c23**2 - s13**2 * s23**2) * np.cos(xi),
        (1, 3): c13 * s23 * (c12 * s13 * s23 * np.cos(delta - xi) + c23 * s12 * np.cos(xi)),
        (2, 3): c13 * s23 * (s12 * s13 * s23 * np.cos(delta - xi) - c12 * c23 * np.cos(xi)),
    }[i, j]
    x, y = moduli
    return diagonal[i - 1] * x**2 + diagonal[j - 1] * y**2 + 2 * crossed * x * y


@pytest.mark.parametrize("which", ["outer", "inner"])
@pytest.mark.parametrize("plane", PLANES)
def test_fig7_envelope_is_the_extreme_of_the_printed_formula(plane, which):
    envelope = next(
        e
        for e in computed(fig7).envelopes
        if e.plane == plane and e.origin.experiments[0].startswith("coherent")
    )
    i, j = (int(name[-1]) for name in plane)
    grid = 2 * np.pi * np.arange(180) / 180
    delta, xi = np.meshgrid(grid, grid)
    choose = np.min if which == "outer" else np.max
    points = getattr(envelope, f"{which}_mu_b")[10:-10:20]
    for x, y in points:
        extreme = choose(printed_prompt_moment(i, j, (x, y), delta, xi))
        # on a contour the extreme effective moment is the same everywhere
        reference = choose(
            printed_prompt_moment(i, j, getattr(envelope, f"{which}_mu_b")[90], delta, xi)
        )
        assert extreme == pytest.approx(reference, rel=1e-3)


def test_fig7_which_phases_are_extreme():
    """For reactors as the paper says; for the prompt beam only in the plane of |Λ₂| and |Λ₃|."""
    found = {(s.experiment, s.plane, s.which): s for s in computed(fig7).statements}
    for plane in PLANES:
        for which in ("outer", "inner"):
            assert found["connie@current", plane, which].paper_share == 1
    prompt = "coherent-csi@current"
    assert found[prompt, PLANES[2], "outer"].paper_share == 1
    for plane in PLANES[:2]:
        assert found[prompt, plane, "outer"].paper_share == 0
        assert found[prompt, plane, "outer"].found_xi == np.pi
        assert found[prompt, plane, "inner"].found_xi == 0


def test_fig7_envelopes_hold_every_contour():
    found = computed(fig7)
    for envelope in found.envelopes:
        outer = np.linalg.norm(envelope.outer_mu_b, axis=1)
        inner = np.linalg.norm(envelope.inner_mu_b, axis=1)
        for contour in found.contours:
            same = contour.origin.experiments == envelope.origin.experiments
            if not (same and contour.plane == envelope.plane):
                continue
            radius = fig7._radius(contour, envelope.angle)
            assert np.all(radius <= outer * (1 + 1e-9))
            assert np.all(radius >= inner * (1 - 1e-9))


def test_fig8_translates_the_bound_with_equation_37():
    sin2_theta13 = paper_mixing().sin2_theta13
    c13 = 1 - sin2_theta13
    weights = {
        "Lambda_1": 1 - c13 * SURVIVAL,
        "Lambda_2": 1 - c13 * (1 - SURVIVAL),
        "Lambda_3": c13,
    }
    for region in computed(fig8).regions:
        (polygon,) = region.polygons
        moment = np.sqrt(sum(weights[n] * polygon[:, k] ** 2 for k, n in enumerate(region.plane)))
        level = {1: 1.0, 2: (4.60517 / 2.70554) ** 0.25}[region.degrees_of_freedom]
        assert moment == pytest.approx(level * BOUND_MU_B, rel=1e-5)
        assert region.cl == 0.90


def test_figures_say_how_they_were_made():
    for module in (fig4, fig5, fig6):
        for region in computed(module).regions:
            assert region.assumptions.convention == "published"
            assert region.others == "zero"
            data = region.origin.experiments == ("coherent-csi@current",)
            assert region.assumptions.sigma_sys == (None if data else 0.0)
            assert region.assumptions.mixing == "desalas2018-no"
