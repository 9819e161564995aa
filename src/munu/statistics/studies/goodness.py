"""χ² of the Standard Model in toy experiments of it, many toys in one descent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from munu.statistics.likelihoods import as_newton
from munu.statistics.models import MomentModel
from munu.statistics.models.dipole_events import QuadraticEvents
from munu.statistics.models.set_fits import SetFits
from munu.statistics.specification import StatisticSpecification
from munu.statistics.studies.blocks import BLOCK, Outcome
from munu.statistics.studies.drawing import ToyDrawing


def standard_model_toys(
    specifications: Sequence[StatisticSpecification],
    model: MomentModel,
    toys: int,
    rng: np.random.Generator,
) -> Iterator[list[Outcome]]:
    """Yield χ² of blocks of toys without moments, minimised over the nuisances, or why it failed.

    Parameters
    ----------
    specifications : sequence of StatisticSpecification
        Those of the experiments in the model, in its order.
    model : MomentModel
    toys : int
    rng : numpy.random.Generator
    """
    likelihood, sm = as_newton([model.likelihood], model.sm), model.sm
    theta = likelihood.profile(sm[None]).x[0]
    drawing = ToyDrawing.of(specifications, likelihood, sm, theta)
    n = model.w.shape[-1]
    none = QuadraticEvents.of(model.w, np.eye(n, dtype=np.complex128)[:, :1])
    for first in range(0, toys, BLOCK):
        sets = drawing.draw([rng] * min(BLOCK, toys - first))
        starts = np.repeat(theta[None, None], len(sets), axis=1)
        y = np.zeros((1, len(sets), 1))
        found = SetFits(sets, sm, none).lowest(y, starts, fixed=1)
        yield [
            likelihood.failure(found.x[row], found.step[row])[0] if failed else chi2
            for row, (failed, chi2) in enumerate(
                zip(found.failed.tolist(), found.chi2.tolist(), strict=True)
            )
        ]
