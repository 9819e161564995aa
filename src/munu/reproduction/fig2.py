"""Fig. 2 of arXiv:1905.03750: Δχ² of one modulus at a time, current setups."""

from __future__ import annotations

from munu.physics.parameters import MASS_PARAMETERS
from munu.reproduction.figures import ASSUMED, REACTORS, SNS, limit, origin_of, profile
from munu.results.paper.figure_curves import Figure2Result


def compute() -> Figure2Result:
    """Return the profiles at the SNS, delayed and prompt, and at reactors."""
    shown = [(name, beam) for name in SNS for beam in ("delayed", "prompt")]
    shown += [(name, "full") for name in REACTORS]
    curves = [(*one, parameter) for parameter in MASS_PARAMETERS for one in shown]
    return Figure2Result(
        profiles=tuple(profile(name, parameter, beam=beam) for name, beam, parameter in curves),
        limits=tuple(limit(name, parameter, beam=beam) for name, beam, parameter in curves),
        remarks=(ASSUMED,),
        origin=origin_of((*SNS, *REACTORS)),
    )
