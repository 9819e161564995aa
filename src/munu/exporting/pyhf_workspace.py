r"""A likelihood of Poisson counts as a workspace of pyhf, linear in the square of one moment.

.. math:: \nu_b = SM_b(\theta) + p\,W_b(\theta) + \sum_k B_{kb}(\theta),\qquad p = \mu^2/u^2

with p the parameter of interest and u a power of ten near where the data end. A normalisation of a
component without shapes is a ``histosys`` whose two variants are 1 ± σ times the events: it is
linear, as in munu, where ``normsys`` is exponential. A control region is a further channel.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import ceil, log10
from typing import Any, Final

import numpy as np

from munu._version import __version__
from munu.analysis.likelihood import Likelihood
from munu.base.errors import MunuError
from munu.base.json_text import json_text
from munu.base.typing import FloatArray
from munu.exporting.channels import Channel, channels
from munu.physics.parameters import PARAMETERS

WIDEST: Final = 5.0
"""Standard deviations to which pyhf lets a nuisance go."""
SMALLEST: Final = 1e-3
"""Part of its events that a normalisation leaves of a component at least."""
LARGEST_POI: Final = 100.0
BENT: Final = 1e-9
"""Part of a shape's variation by which its sides may differ and be rounding."""
Names = Mapping[str, float]


def pyhf_workspace(found: Likelihood, *, approximate: bool) -> str:
    """Return the workspace as JSON.

    Parameters
    ----------
    found : Likelihood
        Of one moment.
    approximate : bool
        Whether what pyhf holds otherwise than munu is taken as it has it.

    Raises
    ------
    MunuError
        For several parameters or one that is no moment, data that are no Poisson counts, and, if it
        must be exact, shapes that pyhf interpolates otherwise.
    """
    _check_parameter(found)
    parts = channels(found)
    for one in parts:
        _check_counts(one)
        _check_scales(one)
    unit = _unit(found)
    quadratic = found.extra.events(np.array([[unit]]))[0]
    poi = f"{found.names[0]}_squared_in_{unit**2:.0e}_mu_B2"
    samples = [_samples(one, found, quadratic, poi) for one in parts]
    pairs = list(zip(parts, samples, strict=True))
    lost = tuple(dict.fromkeys(text for one, own in pairs for text in _lost(one, own)))
    if lost and not approximate:
        raise MunuError(
            f"pyhf does not hold this likelihood exactly: {'; '.join(lost)}",
            "Take it as near as pyhf comes: approximate=True, --approximate",
        )
    measurement = f"{found.names[0]} of {' + '.join(found.experiments)}, munu {__version__}"
    document = {
        "channels": [{"name": one.name, "samples": own} for one, own in pairs],
        "observations": [{"name": one.name, "data": one.part["loss"]["observed"]} for one in parts],
        "measurements": [
            {
                "name": f"{measurement}, approximate" if lost else measurement,
                "config": {"poi": poi, "parameters": [*_bounds(parts), _poi(poi)]},
            }
        ],
        "version": "1.0.0",
    }
    return json_text(document) + "\n"


def _check_parameter(found: Likelihood) -> None:
    if len(found.names) != 1 or found.names[0] not in PARAMETERS:
        raise MunuError(
            f"a workspace of pyhf is linear in the square of one moment, not of "
            f"{', '.join(found.names)}",
            f"Name one of {', '.join(PARAMETERS)}",
        )


def _check_counts(one: Channel) -> None:
    kind = one.part["loss"]["kind"] if one.is_counts else "gaussian"
    if kind != "poisson":
        raise MunuError(
            f"pyhf holds Poisson counts, and the likelihood of {one.name} is of kind '{kind}'",
            "Take format hs3, or an experiment with kind = 'poisson'",
        )


def _unit(found: Likelihood) -> float:
    """Return the power of ten, in μ_B, near where the moment makes a change of the data's size."""
    scale = found.likelihood.scale
    seen = found.extra.events(np.ones((1, 1)))[0] / scale.spread
    strength = float(np.sqrt(np.sum(seen**2)))
    if not strength > 0:
        raise MunuError(
            f"{found.names[0]} makes no event in {' + '.join(found.experiments)}",
            "Name a moment that its neutrinos have",
        )
    return float(10.0 ** ceil(-0.5 * log10(strength)))


def _samples(
    one: Channel, found: Likelihood, quadratic: FloatArray, poi: str
) -> list[dict[str, Any]]:
    """Return the components of a channel."""
    part = one.part
    made = []
    if part["hasSignal"]:
        norms, variants = part["normalisations"], part["variants"]
        moment = _sample(found.names[0], one.blocks(quadratic), norms, variants)
        moment["modifiers"].insert(0, {"name": poi, "type": "normfactor", "data": None})
        made += [_sample("standard-model", one.blocks(found.sm), norms, variants), moment]
    for template in part["templates"]:
        sides = [block for shape in template["shapes"] for block in (shape["minus"], shape["plus"])]
        blocks = np.array([template["events"], *sides])
        names = [shape["name"] for shape in template["shapes"]]
        made.append(_sample(template["name"], blocks, _norms(template), names))
    return made


def _norms(template: Mapping[str, Any]) -> dict[str, float]:
    return {template["name"]: template["sigma"]} if template["sigma"] > 0 else {}


def _sample(name: str, blocks: FloatArray, norms: Names, shapes: Sequence[str]) -> dict[str, Any]:
    """Return a component with its modifiers."""
    events = blocks[0]
    modifiers = [
        _shape(shape, blocks[1 + 2 * k], blocks[2 + 2 * k]) for k, shape in enumerate(shapes)
    ]
    for key, sigma in norms.items():
        if shapes:
            factors = {"lo": 1 - sigma, "hi": 1 + sigma}
            modifiers.append({"name": key, "type": "normsys", "data": factors})
        else:
            modifiers.append(_shape(key, (1 - sigma) * events, (1 + sigma) * events))
    return {"name": name, "data": events.tolist(), "modifiers": modifiers}


def _shape(name: str, minus: FloatArray, plus: FloatArray) -> dict[str, Any]:
    data = {"lo_data": minus.tolist(), "hi_data": plus.tolist()}
    return {"name": name, "type": "histosys", "data": data}


def _scaled(one: Channel) -> Iterator[tuple[Names, Sequence[str]]]:
    """Yield the normalisations and the shapes of each component."""
    if one.part["hasSignal"]:
        yield one.part["normalisations"], one.part["variants"]
    for template in one.part["templates"]:
        yield _norms(template), [shape["name"] for shape in template["shapes"]]


def _bounds(parts: Sequence[Channel]) -> list[dict[str, Any]]:
    """Return how far each nuisance goes: no normalisation alone makes events negative."""
    lowest: dict[str, float] = {}
    for norms, shapes in (each for one in parts for each in _scaled(one)):
        for name in shapes:
            lowest.setdefault(name, -WIDEST)
        for name, sigma in norms.items():
            least = max(-WIDEST, -(1 - SMALLEST) / sigma)
            lowest[name] = max(least, lowest.get(name, -WIDEST))
    return [{"name": name, "bounds": [[low, WIDEST]]} for name, low in lowest.items()]


def _poi(name: str) -> dict[str, Any]:
    return {"name": name, "bounds": [[0.0, LARGEST_POI]], "inits": [1.0]}


def _check_scales(one: Channel) -> None:
    """Refuse a normalisation that pyhf's exponential cannot have, as its lower side is negative."""
    wide = [
        f"{n} {s:g}" for norms, shapes in _scaled(one) if shapes for n, s in norms.items() if s >= 1
    ]
    if wide:
        raise MunuError(
            f"pyhf holds no normalisation of {', '.join(wide)} of a component with shapes",
            "Take format hs3",
        )


def _lost(one: Channel, samples: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Yield what pyhf has otherwise than munu."""
    mixed = [name for norms, shapes in _scaled(one) if shapes for name in norms]
    if mixed:
        names = ", ".join(dict.fromkeys(mixed))
        yield f"normalisations of components with shapes are exponential, not linear ({names})"
    if one.part["interpolation"] == "polynomial":  # pyhf's own, code4p
        return
    bent = (m["name"] for sample in samples for m in sample["modifiers"] if _is_bent(sample, m))
    names = ", ".join(dict.fromkeys(bent))
    if names:
        yield (
            f"shapes with unlike sides are bent otherwise within 1.5 σ ({names}), unless the file"
            ' says [statistic] interpolation = "polynomial"'
        )
    far = ", ".join(dict.fromkeys(name for _, shapes in _scaled(one) for name in shapes))
    if far and one.part["interpolation"] == "saturating":
        yield f'shapes are straight beyond 1.5 σ, where "saturating" ones level off ({far})'


def _is_bent(sample: Mapping[str, Any], modifier: Mapping[str, Any]) -> bool:
    """Whether the two sides of a shape are not opposite, so that pyhf interpolates otherwise."""
    if modifier["type"] != "histosys":
        return False
    low, high = (np.array(modifier["data"][side]) for side in ("lo_data", "hi_data"))
    even = 0.5 * (low + high) - np.array(sample["data"])
    return bool(np.abs(even).max() > BENT * np.abs(high - low).max())
