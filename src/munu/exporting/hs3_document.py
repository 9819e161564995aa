r"""A whole likelihood as a document of HS3, the HEP Statistics Serialization Standard.

Each bin has the expression of its mean, quadratic in the parameters and with all nuisances as munu
has them, and a density: Poisson, Gaussian, or of a pull (a Gaussian of width one) where χ² has
another form. With the Gaussian densities of the nuisances their product is the likelihood up to a
constant. Counts are constants of the parameter point, so that all densities are auxiliary:
readers add up others over lists of events alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from munu._version import __version__
from munu.analysis.likelihood import Likelihood
from munu.base.json_text import json_text
from munu.exporting.channels import channels
from munu.exporting.hs3_bins import add_channel
from munu.exporting.hs3_model import Hs3Model, identifier, nuisance
from munu.exporting.hs3_signal import forms, scales

WIDEST: Final = 10.0
"""Standard deviations of a nuisance in the domain."""
FARTHEST: Final = 1e4
"""Ends of a parameter without bounds, in the unit that it is shown in."""
NAME: Final = "munu"


def hs3_document(found: Likelihood) -> str:
    """Return the document as JSON.

    Raises
    ------
    MunuError
        For phases of moments among the parameters, and errors that HS3 does not hold.
    """
    names = [identifier(name) for name in found.names]
    model = Hs3Model(functions=forms(found, names))
    for one in channels(found):
        add_channel(model, one, found)
    nuisances = [nuisance(name) for name in found.nuisance_names]
    for name in nuisances:
        density = {"type": "gaussian_dist", "mean": 0.0, "sigma": 1.0, "x": name}
        model.densities[f"constraint_{name}"] = density
    document = {
        "metadata": {
            "hs3_version": "0.2",
            "packages": [{"name": NAME, "version": __version__}],
            "description": _description(found),
        },
        "distributions": [{"name": name, **one} for name, one in model.densities.items()],
        "functions": [
            {"name": name, "type": "generic_function", "expression": text}
            for name, text in model.functions.items()
        ],
        "domains": [_domain(found, names, nuisances, model.backgrounds)],
        "parameter_points": [_point([*names, *nuisances], model)],
        "likelihoods": [
            {
                "name": NAME,
                "distributions": [],
                "data": [],
                "aux_distributions": list(model.densities),
            }
        ],
        "analyses": [
            {
                "name": NAME,
                "likelihood": NAME,
                "domains": [NAME],
                "parameters_of_interest": names,
                "init": NAME,
            }
        ],
    }
    return json_text(document) + "\n"


def _description(found: Likelihood) -> str:
    """Return what the parameters and nuisances are, of which experiments, and what is assumed."""
    names = map(identifier, found.names)
    parts = zip(names, scales(found), found.units, strict=True)
    texts = [f"{name} in {scale:g} {unit}".rstrip() for name, scale, unit in parts]
    return (
        f"{' + '.join(found.experiments)}; {', '.join(texts)}; nuisances in standard deviations; "
        f"{found.assumptions.text()}"
    )


def _domain(
    found: Likelihood,
    names: Sequence[str],
    nuisances: Sequence[str],
    backgrounds: Mapping[str, float],
) -> dict[str, Any]:
    ends = np.clip(found.bounds / scales(found)[:, None], -FARTHEST, FARTHEST)
    axes = [
        {"name": n, "min": low, "max": high}
        for n, (low, high) in zip(names, ends.tolist(), strict=True)
    ]
    axes += [{"name": name, "min": -WIDEST, "max": WIDEST} for name in nuisances]
    axes += [{"name": n, "min": 0.0, "max": WIDEST * b} for n, b in backgrounds.items()]
    return {"name": NAME, "type": "product_domain", "axes": axes}


def _point(names: Sequence[str], model: Hs3Model) -> dict[str, Any]:
    """Return where a fit begins, and the counts, which are constant."""
    free = {**dict.fromkeys(names, 0.0), **model.backgrounds}
    values: list[dict[str, Any]] = [{"name": n, "value": value} for n, value in free.items()]
    values += [{"name": n, "value": value, "const": True} for n, value in model.counts.items()]
    return {"name": NAME, "parameters": values}
