"""Units of flux densities in tables: ``/cm2/s/MeV``, or of all that arrives in a live time."""

from __future__ import annotations

import re
from typing import Annotated, Final, TypeAlias

from pydantic import Field

from munu.base.errors import MunuError
from munu.experiments.schema.context import Context

MEV: Final = {"eV": 1e-6, "keV": 1e-3, "MeV": 1.0, "GeV": 1e3}
"""Units of neutrino energies in tables (MeV)."""
CM2: Final = {"cm2": 1.0, "m2": 1e4}
"""Units of areas in tables (cm²)."""
_FLUX_UNIT: Final = r"/(cm2|m2)(/s)?/(?:([0-9]*\.?[0-9]+) ?)?(eV|keV|MeV|GeV)"
FluxUnit: TypeAlias = Annotated[str, Field(json_schema_extra={"pattern": f"^{_FLUX_UNIT}$"})]
"""Of flux densities in tables, "/cm2/s/MeV"; without /s, of the whole live time."""


def per_cm2_s_mev(unit: str, context: Context) -> float:
    """Return the unit of a flux density, or of a fluence over the live time, in 1/(cm² s MeV).

    Raises
    ------
    MunuError
        For a text that is no such unit, or no bin of energy.
    """
    match = re.fullmatch(_FLUX_UNIT, unit)
    if match is None or float(match[3] or 1) == 0:
        raise MunuError(
            f"'{unit}' is not the unit of a flux at each energy",
            'Allowed: "/cm2/s/MeV", also /m2 and eV, keV or GeV; without /s, as "/cm2/MeV", what'
            ' arrives in the live time; "/cm2/0.2 MeV" in bins of that width',
        )
    area, per_second, width, energy = match.groups()
    time = 1.0 if per_second else context.live_time("flux_unit")
    return 1 / (CM2[area] * time * float(width or 1) * MEV[energy])
