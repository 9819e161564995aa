"""Whether a source's neutrinos can make a sterile neutrino of a stated mass."""

from __future__ import annotations

from munu.base.arguments import check_name
from munu.base.errors import MunuError
from munu.experiments.model import CountingExperiment
from munu.physics.assumptions import FULL_BEAM, Assumptions
from munu.physics.interactions.portal_kinematics import heaviest_mev, threshold_mev
from munu.physics.interactions.propagator import target_mass_mev


def check_reachable(experiment: CountingExperiment, assumptions: Assumptions) -> None:
    r"""Check that neutrinos reach the threshold :math:`E = m_4 + m_4^2/2M` of a sterile neutrino.

    M is that of the heaviest target that recoils; beam and recoils are those assumed. Nothing is
    checked if no sterile mass is stated. Recoils may lie below what the detector counts all the
    same.

    Parameters
    ----------
    experiment : CountingExperiment
    assumptions : Assumptions

    Raises
    ------
    MunuError
        If they do not, with the threshold and the largest mass that they make, and for a beam that
        the source does not have.
    """
    if assumptions.sterile_mass is None:
        return
    mass = assumptions.sterile_mass_mev
    components = experiment.source.components(experiment.mixing)
    beams = dict.fromkeys((*(component.beam for component in components), FULL_BEAM))
    check_name("beam", assumptions.beam, beams, where=f"experiment '{experiment.identity.id}'")
    endpoint = max(
        component.spectrum.endpoint_mev
        for component in components
        if assumptions.beam in (FULL_BEAM, component.beam)
    )
    target, name = max(
        (target_mass_mev(centre), centre.name)
        for part in experiment.parts()
        for centre, _ in part.centres()
        if assumptions.recoils in ("all", centre.recoil)
    )
    if threshold_mev(mass, target) >= endpoint:
        raise MunuError(
            f"no neutrino of '{experiment.identity.name}' makes a sterile one of {mass:g} MeV: on "
            f"{name} that takes E >= m4 + m4²/2M = {threshold_mev(mass, target):.4g} MeV, and they "
            f"end at {endpoint:.4g} MeV",
            f"Take a sterile mass below {heaviest_mev(endpoint, target):.4g} MeV",
        )
