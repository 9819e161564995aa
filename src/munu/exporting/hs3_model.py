"""What a document of HS3 is made of, as it is collected."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, final

from munu.exporting.hs3_expressions import LEAST_MEAN

Density = dict[str, Any]


@final
@dataclass(frozen=True)
class Hs3Model:
    """Functions, densities and constants by name.

    Parameters
    ----------
    functions : dict of str to str
        Expressions.
    densities : dict of str to dict
    counts : dict of str to float
        What was measured, constants of the parameter point.
    backgrounds : dict of str to float
        Those measured off beam, one for each bin, with where they begin.
    """

    functions: dict[str, str] = field(default_factory=dict)
    densities: dict[str, Density] = field(default_factory=dict)
    counts: dict[str, float] = field(default_factory=dict)
    backgrounds: dict[str, float] = field(default_factory=dict)

    def add_poisson(self, name: str, mean: str, observed: float) -> None:
        """Add a count whose mean is an expression."""
        self.functions[f"mean_{name}"] = mean if observed else f"max({mean},{LEAST_MEAN})"
        self.counts[f"n_{name}"] = float(observed)
        density = {"type": "poisson_dist", "mean": f"mean_{name}", "x": f"n_{name}"}
        self.densities[f"p_{name}"] = density

    def add_gaussian(self, name: str, mean: str, observed: float, sigma: float) -> None:
        """Add a measurement whose mean is an expression."""
        self.functions[f"mean_{name}"] = mean
        self.counts[f"n_{name}"] = float(observed)
        density = {"mean": f"mean_{name}", "sigma": float(sigma), "x": f"n_{name}"}
        self.densities[f"p_{name}"] = {"type": "gaussian_dist", **density}

    def add_pull(self, name: str, pull: str) -> None:
        """Add a term of χ², the square of an expression."""
        self.functions[f"pull_{name}"] = pull
        density = {"mean": f"pull_{name}", "sigma": 1.0, "x": 0.0}
        self.densities[f"p_{name}"] = {"type": "gaussian_dist", **density}


def identifier(name: str) -> str:
    """Return a name as expressions take it.

    Examples
    --------
    >>> print(identifier("flux:sns"), identifier("conus@current"))
    flux_sns conus_current
    """
    return re.sub(r"\W+", "_", name)


def nuisance(name: str) -> str:
    """Return what a nuisance is called.

    Examples
    --------
    >>> print(nuisance("flux:sns"))
    theta_flux_sns
    """
    return f"theta_{identifier(name)}"
