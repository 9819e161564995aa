"""Facts that the sections of an experiment file share when they are built."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import prod
from typing import TYPE_CHECKING, Final, final

from munu.base.errors import MunuError
from munu.base.typing import FloatArray
from munu.experiments.locate import PlacedError
from munu.experiments.tables import Folder
from munu.physics.mixing import Mixing

if TYPE_CHECKING:
    from munu.detectors.axes import Axis
    from munu.detectors.detector import Detector

PER_SECOND: Final = {
    "protons": "State 'proton_rate', or 'beam_power' and 'beam_energy'",
    "activity_at_start": "State 'activity', averaged over the time of the measurement",
    "flux_unit": 'State the flux per second, as with "/cm2/s/MeV"',
    "live_time": "Leave it out",
}
"""What a key that refers to a live time is replaced by where there is none."""


@final
@dataclass(frozen=True, eq=False)
class Context:
    """Facts shared between sections.

    Parameters
    ----------
    folder : Folder
        Where tables are.
    mixing : Mixing
    live_time_s : float
        0 for an experiment without exposure.
    n_bins : int
        Bins of the detector times those of the other axes; 1 for an experiment without any.
    unit : str
        That of the detector's observable; empty for an experiment without one.
    axes : tuple of (str, array)
        Names and edges of the bins, the slowest first; empty for an experiment without any.
    units : tuple of str
        In which the edges of each axis are written; empty for one without a unit.
    """

    folder: Folder
    mixing: Mixing
    live_time_s: float = 0.0
    n_bins: int = 1
    unit: str = ""
    axes: tuple[tuple[str, FloatArray], ...] = ()
    units: tuple[str, ...] = ()

    def with_bins(self, detector: Detector, axes: Sequence[Axis], written: str = "") -> Context:
        """Return the context of a statistic, which has the bins of a detector and further axes.

        The detector's edges are written in its unit unless another one is given.

        Raises
        ------
        PlacedError
            If two observables have one name.
        """
        energy = (str(detector.observable), detector.bin_edges)
        of_matrix = detector.matrix.axes if detector.matrix else ()
        edges = (
            energy,
            *((axis.name, axis.edges) for axis in of_matrix),
            *((axis.name, axis.edges) for axis in axes),
        )
        names = [name for name, _ in edges]
        for name in names:
            if names.count(name) > 1:
                error = MunuError(f"two observables are called '{name}'", "Rename one")
                raise PlacedError(("axes", name), error)
        return replace(
            self,
            n_bins=prod(one.size - 1 for _, one in edges),
            unit=detector.unit,
            axes=edges,
            units=(
                written or detector.unit,
                *(axis.unit for axis in of_matrix),
                *(axis.unit for axis in axes),
            ),
        )

    def product_of_bins(self) -> str:
        """Return how many bins each of several axes has, as words behind their number."""
        sizes = [edges.size - 1 for _, edges in self.axes]
        if len(sizes) < 2 or prod(sizes) != self.n_bins:
            return ""
        each = (f"{n} of {name}" for n, (name, _) in zip(sizes, self.axes, strict=True))
        return f", {' times '.join(each)}"

    def live_time(self, key: str) -> float:
        """Return the live time (s) that a key of the source refers to.

        Raises
        ------
        MunuError
            For an experiment without exposure.
        """
        if self.live_time_s == 0:
            raise MunuError(
                f"'{key}' is that of a live time, and a bound without a detector has none",
                PER_SECOND[key],
            )
        return self.live_time_s
