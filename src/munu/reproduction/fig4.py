"""Fig. 4 of arXiv:1905.03750: regions of two moduli at the SNS, current setups."""

from __future__ import annotations

from munu.reproduction.figures import ASSUMED, SNS, gains, origin_of, regions
from munu.results.paper.figure_regions import RegionsResult
from munu.results.region import RegionResult


def compute() -> RegionsResult:
    """Return the regions of the delayed beam, then those of the prompt one."""
    names = [f"{name}@current" for name in SNS]
    shown = [region for beam in ("delayed", "prompt") for region in regions(names, beam=beam)]
    return RegionsResult(
        figure=4,
        regions=tuple(shown),
        remarks=(ASSUMED, _improvement(shown)),
        origin=origin_of(names),
    )


def _improvement(shown: list[RegionResult]) -> str:
    """Compare the large detectors with the first run, as the paper does."""

    def of(name: str) -> list[RegionResult]:
        return [r for r in shown if r.origin.experiments[0].startswith(name)]

    csi, lar, nai = of("coherent-csi"), of("coherent-lar"), of("coherent-nai")
    return (
        "The paper expects improvements of about one order of magnitude from LAr and NaI[Tl]: in "
        f"the moments (root of the area) they are {gains(csi, lar)} and {gains(csi, nai)} times "
        "better than CsI[Na]."
    )
