"""The bins of a channel in HS3: an expression for the mean of each, and its density."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import numpy as np

from munu.analysis.likelihood import Likelihood
from munu.base.errors import MunuError
from munu.base.typing import FloatArray
from munu.exporting.channels import Channel
from munu.exporting.hs3_component import Component, component, template_blocks
from munu.exporting.hs3_expressions import LEAST_MEAN, total
from munu.exporting.hs3_model import Hs3Model, identifier, nuisance

Means = Sequence[str]
Numbers = Mapping[str, Any]


def add_channel(model: Hs3Model, one: Channel, found: Likelihood) -> None:
    """Add the bins of a channel to a model.

    Raises
    ------
    MunuError
        For errors that change with the prediction: far from the data munu goes on otherwise.
    """
    name, blocks = identifier(one.name), _signal_blocks(one, found)
    if not one.is_counts:
        _gaussian_part(model, name, one.part, blocks)
        return
    kind = one.part["loss"]["kind"]
    if kind not in LOSSES:
        raise MunuError(
            f"the errors of {one.name} are {kind}: far from the data munu goes on by a parabola, "
            "which HS3 does not hold",
            f"Held: {', '.join(LOSSES)}",
        )
    parts = _components(model, name, one.part, blocks)
    means = [_sum(part.events(b) for part in parts) for b in range(one.part["nBins"])]
    LOSSES[kind](model, name, means, one.part["loss"])


def _signal_blocks(one: Channel, found: Likelihood) -> dict[str, FloatArray]:
    """Return the blocks of the signal by the form that multiplies them; none without a signal."""
    if one.entries.start == one.entries.stop:
        return {}
    forms = {f"form_{q}": one.blocks(basis) for q, basis in enumerate(found.extra.basis)}
    return {"": one.blocks(found.sm), **forms}


def _components(
    model: Hs3Model, name: str, part: Numbers, signal: Mapping[str, FloatArray]
) -> list[Component]:
    """Return the signal, if there is one, and the backgrounds."""
    made = []
    if signal:
        own = part["normalisations"], part["variants"], signal, part["margin"]
        made.append(component(model, f"signal_{name}", *own, part["interpolation"]))
    for template in part["templates"]:
        sigma, shapes = template["sigma"], [shape["name"] for shape in template["shapes"]]
        scale = {template["name"]: sigma} if sigma > 0 else {}
        blocks = {"": template_blocks(template)}
        own = scale, shapes, blocks, template["margin"]
        made.append(component(model, template["name"], *own, part["interpolation"]))
    return made


def _sum(texts: Any) -> str:
    return "+".join(filter(None, texts)) or "0.0"


def _poisson(model: Hs3Model, name: str, means: Means, loss: Numbers) -> None:
    for b, (mean, n) in enumerate(zip(means, loss["observed"], strict=True)):
        if n or mean != "0.0":
            model.add_poisson(f"{name}_{b}", mean, n)


def _gaussian(model: Hs3Model, name: str, means: Means, loss: Numbers) -> None:
    for b, mean in enumerate(means):
        sigma = float(np.sqrt(loss["variance"][b]))
        model.add_gaussian(f"{name}_{b}", mean, loss["observed"][b], sigma)


def _on_off(model: Hs3Model, name: str, means: Means, loss: Numbers) -> None:
    """Add counts on and off beam; the steady background of each bin is a parameter."""
    for b, mean in enumerate(means):
        steady, off = f"steady_{name}_{b}", loss["off"][b]
        model.backgrounds[steady] = max(off, 0.5) / loss["ratio"]
        model.add_poisson(f"{name}_{b}", f"{mean}+{steady}", loss["observed"][b])
        model.add_poisson(f"{name}_off_{b}", f"{loss['ratio']!r}*{steady}", off)


def _covariance(model: Hs3Model, name: str, means: Means, loss: Numbers) -> None:
    """Add the pulls of the eigenvectors of the covariance."""
    root = np.linalg.cholesky(np.array(loss["inverse"])).T
    _name_means(model, name, means)
    for b, row in enumerate(root):
        terms = [(float(x), f"mean_{name}_{k}") for k, x in enumerate(row)]
        model.add_pull(f"{name}_{b}", total(terms, -float(row @ np.array(loss["observed"]))))


def _split(model: Hs3Model, name: str, means: Means, loss: Numbers) -> None:
    """Add pulls whose width is the error of the side that the prediction is on."""
    _name_means(model, name, means)
    for b, (n, up, down) in enumerate(zip(loss["observed"], loss["up"], loss["down"], strict=True)):
        rest = f"mean_{name}_{b}-{float(n)!r}"
        model.add_pull(f"{name}_{b}", f"max({rest},0)/{up!r}+min({rest},0)/{down!r}")


def _name_means(model: Hs3Model, name: str, means: Means) -> None:
    model.functions.update({f"mean_{name}_{b}": mean for b, mean in enumerate(means)})


Adder = Callable[[Hs3Model, str, Means, Numbers], None]
LOSSES: Final[Mapping[str, Adder]] = {
    "poisson": _poisson,
    "gaussian": _gaussian,
    "on-off": _on_off,
    "covariance": _covariance,
    "split": _split,
}
"""What adds the densities of each kind of data."""


def _gaussian_part(
    model: Hs3Model, name: str, part: Numbers, blocks: Mapping[str, FloatArray]
) -> None:
    """Add the pulls of Eqs. (33) and (34), whose variance grows with the signal."""
    for b, (data, fixed, per_event) in enumerate(
        zip(part["data"], part["variance"], part["variancePerEvent"], strict=True)
    ):
        signal = f"signal_{name}_{b}"
        model.functions[signal] = total(
            [(float(own[0, b]), form) for form, own in blocks.items() if form],
            float(blocks[""][0, b]),
        )
        scaled = [(n["sigma"][b], n["name"]) for n in part["linear"] if n["events"] is None]
        moved = [
            (-n["sigma"][b] * n["events"][b], nuisance(n["name"]))
            for n in part["linear"]
            if n["events"] is not None
        ]
        change = total([(sigma, nuisance(key)) for sigma, key in scaled], 1.0)
        rest = total([*moved, (-1.0, f"({change})*{signal}")], data)
        variance = total([(per_event, signal)], fixed)
        model.add_pull(f"{name}_{b}", f"({rest})/sqrt(max({variance},{LEAST_MEAN}))")
