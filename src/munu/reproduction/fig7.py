"""Fig. 7 of arXiv:1905.03750: what CP phases do to the contours.

In the plane of |Λ_i| and |Λ_j| the moments have one phase, ξ_k (ξ₃ = ξ₁ - ξ₂ is set through ξ₁),
and δ_CP is the other. Reactors see them as δ_CP - ξ_k only, or not δ_CP at all.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from munu.base.typing import FloatArray
from munu.reproduction.figures import ASSUMED, PLANES, envelope, origin_of, region
from munu.results.paper.figure_regions import Figure7Result, PhaseStatement
from munu.results.region import EnvelopeResult, RegionResult

SHOWN: Final = (("coherent-csi", "prompt"), ("connie", "full"))
PHASES: Final = dict(zip(PLANES, ("xi_1", "xi_2", "xi_1"), strict=True))
CORNERS: Final = tuple((xi, delta) for xi in (0.0, np.pi) for delta in (0.0, np.pi))
"""Values of ξ_k and δ_CP of the contours."""
PAPER: Final = {
    ("coherent-csi", "outer"): (0.0, np.pi),
    ("coherent-csi", "inner"): (np.pi, 0.0),
    ("connie", "outer"): (0.0, 0.0),
    ("connie", "inner"): (np.pi, 0.0),
}
"""ξ_k and δ_CP of the extreme contours as Sect. 5 of the paper states them."""
SAME: Final = 1e-6
"""Relative difference of two radii below which they are the same."""
REMARKS: Final = (
    "Found: the pair, of ξ_k and δ_CP each 0 or π, that is extreme on most rays of the quadrant; "
    "of rays: on how many of them, against a continuous search over both phases.",
    "For the prompt beam the paper's phases give the outer contour in the plane of |Λ₂| and |Λ₃| "
    "alone. In the other two Eq. (17) has the opposite sign: ξ_k = π is the outer contour there, "
    "ξ_k = 0 the inner one. For reactors the paper's statement holds in all planes.",
)


def compute() -> Figure7Result:
    """Return the contours of four pairs of phases, the envelopes, and which phases give them."""
    found = [_of_plane(name, beam, plane) for name, beam in SHOWN for plane in PLANES]
    return Figure7Result(
        contours=tuple(contour for contours, _ in found for contour in contours),
        envelopes=tuple(extremes for _, extremes in found),
        statements=tuple(
            _statement(extremes, contours, which)
            for contours, extremes in found
            for which in ("outer", "inner")
        ),
        remarks=(*REMARKS, ASSUMED.replace("phases zero", "phases as stated")),
        origin=origin_of(name for name, _ in SHOWN),
    )


def _of_plane(
    name: str, beam: str, plane: tuple[str, str]
) -> tuple[list[RegionResult], EnvelopeResult]:
    xi = PHASES[plane]
    contours = [
        region(
            name,
            plane,
            beam=beam,
            delta_cp=delta,
            xi_1=value if xi == "xi_1" else 0.0,
            xi_2=value if xi == "xi_2" else 0.0,
        )
        for value, delta in CORNERS
    ]
    return contours, envelope(name, plane, (xi, "delta_cp"), beam=beam)


def _statement(
    extremes: EnvelopeResult, contours: list[RegionResult], which: str
) -> PhaseStatement:
    """Return the pair of phases that is extreme on most rays, and how often the paper's is."""
    name = extremes.origin.experiments[0].partition("@")[0]
    radius = np.linalg.norm(getattr(extremes, f"{which}_mu_b"), axis=1)[1:-1]
    shares = [
        float(np.mean(np.abs(_radius(contour, extremes.angle[1:-1]) / radius - 1) < SAME))
        for contour in contours
    ]
    paper = PAPER[name, which]
    named = CORNERS.index(paper)
    best = named if shares[named] == max(shares) else int(np.argmax(shares))
    return PhaseStatement(
        experiment=extremes.origin.experiments[0],
        which=which,
        plane=extremes.plane,
        phase=PHASES[extremes.plane[0], extremes.plane[1]],
        found_xi=CORNERS[best][0],
        found_delta_cp=CORNERS[best][1],
        share=shares[best],
        paper_xi=paper[0],
        paper_delta_cp=paper[1],
        paper_share=shares[named],
    )


def _radius(contour: RegionResult, angle: FloatArray) -> FloatArray:
    """Return the radii of a contour on the rays of an envelope, which are among its own."""
    vertices = np.concatenate(contour.polygons)
    nearest = np.argmin(np.abs(np.arctan2(vertices[:, 1], vertices[:, 0]) - angle[:, None]), axis=1)
    return np.asarray(np.linalg.norm(vertices[nearest], axis=1))
