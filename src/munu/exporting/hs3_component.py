r"""The events of one component of a prediction, signal or background, as expressions.

.. math:: c\Big(f\,\big[E_b + \sum_v t_v o_{vb} + h(t_v)\,e_{vb}\big]\Big)

with t = θ unless it saturates (`munu.statistics.likelihoods.saturating`), and E, o and e linear in
the forms of the signal (`munu.exporting.hs3_signal`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import final

import numpy as np

from munu.base.typing import FloatArray
from munu.exporting.hs3_expressions import even_part, factor, positive, saturating_coordinate, total
from munu.exporting.hs3_model import Hs3Model, identifier, nuisance
from munu.statistics.specification import ShapeInterpolation


@final
@dataclass(frozen=True, eq=False)
class Component:
    """Events of a component in its bins.

    Parameters
    ----------
    factor : str
        Name of the function that multiplies them; empty for none.
    shapes : tuple of str
        Nuisances of its shapes.
    blocks : mapping of str to array, shape (1 + 2 n_shapes, n_bins)
        Nominal events and those of each shape at -1 and +1, by the form that multiplies them; empty
        for the constant.
    margins : sequence of float or None
        Of each bin, where the events are kept from being negative; empty without shapes.
    interpolation : str
        Of the shapes: ``quadratic``, ``polynomial`` or ``saturating``.
    """

    factor: str
    shapes: tuple[str, ...]
    blocks: Mapping[str, FloatArray]
    margins: Sequence[float | None]
    interpolation: ShapeInterpolation

    def events(self, b: int) -> str:
        """Return the events in a bin; empty if there are none whatever the parameters."""
        terms = [
            term for form, blocks in self.blocks.items() for term in self._terms(form, blocks, b)
        ]
        if not any(number for number, _ in terms):
            return ""
        constant = sum(number for number, text in terms if not text)
        found = total([term for term in terms if term[1]], constant)
        if self.factor:
            found = f"{self.factor}*({found})"
        return positive(found, self.margins[b]) if self.shapes else found

    def _terms(self, form: str, blocks: FloatArray, b: int) -> Iterator[tuple[float, str]]:
        """Yield numbers and what multiplies them."""
        nominal, *sides = blocks[:, b]
        yield nominal, form
        for shape, low, high in zip(self.shapes, sides[::2], sides[1::2], strict=True):
            t = coordinate_name(nuisance(shape), self.interpolation)
            yield 0.5 * (high - low), "*".join(filter(None, (form, t)))
            yield (
                0.5 * (high + low) - nominal,
                "*".join(filter(None, (form, even_name(t, self.interpolation)))),
            )


def component(
    model: Hs3Model,
    name: str,
    normalisations: Mapping[str, float],
    shapes: Sequence[str],
    blocks: Mapping[str, FloatArray],
    margins: Sequence[float | None],
    interpolation: ShapeInterpolation,
) -> Component:
    """Return a component; its functions of nuisances are added to the model."""
    for shape in shapes:
        theta = nuisance(shape)
        t = coordinate_name(theta, interpolation)
        if interpolation == "saturating":
            model.functions[t] = saturating_coordinate(theta)
        model.functions[even_name(t, interpolation)] = even_part(t, interpolation)
    scale = f"factor_{identifier(name)}" if normalisations else ""
    if scale:
        change = total([(sigma, nuisance(key)) for key, sigma in normalisations.items()])
        model.functions[scale] = factor(change)
    return Component(scale, tuple(shapes), blocks, margins, interpolation)


def coordinate_name(theta: str, interpolation: ShapeInterpolation) -> str:
    """Return the name of t(θ), which is the nuisance's own where it does not saturate."""
    return f"saturating_{theta}" if interpolation == "saturating" else theta


def even_name(t: str, interpolation: ShapeInterpolation) -> str:
    """Return the name of h(t); experiments that share a shape may interpolate it otherwise."""
    return f"polynomial_{t}" if interpolation == "polynomial" else f"even_{t}"


def template_blocks(template: Mapping[str, object]) -> FloatArray:
    """Return the events of a background, then those of each shape at -1 and +1."""
    shapes = template["shapes"]
    assert isinstance(shapes, list)
    sides = [shape[side] for shape in shapes for side in ("minus", "plus")]
    return np.array([template["events"], *sides])
