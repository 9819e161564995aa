r"""
Phases
======

Moments interfere. In the plane of two of them the region depends on their relative phase and on
:math:`\delta_{CP}`; a limit on one moment alone depends on :math:`\delta_{CP}` at most, and
only for beams that are not of electron neutrinos.
"""

import matplotlib.pyplot as plt
import numpy as np

import munu
from munu.plotting.style import COLOURS, house_style

plane = ("Lambda_1", "Lambda_2")
phases = {"0": 0.0, r"\pi/2": np.pi / 2, r"\pi": np.pi}
regions = {
    label: munu.region("connie", plane, xi_1=phase, sigma_sys=0.0)
    for label, phase in phases.items()
}
deltas = np.linspace(0, 2 * np.pi, 49)
limits = {
    name: [munu.limit(name, "Lambda_1", beam=beam, delta_cp=d).limit_mu_b for d in deltas]
    for name, beam in (("coherent-csi", "prompt"), ("connie", "full"))
}

# %%
# Left: CONNIE sees the sum of :math:`\Lambda_1` and :math:`\Lambda_2` worst when both are in
# phase, as the blind direction is. Right: the limit on :math:`\Lambda_1` alone, relative to
# :math:`\delta_{CP} = 0`. For :math:`\bar\nu_e` the phase drops out; for :math:`\nu_\mu` it does
# not.

with house_style():
    figure, (left, right) = plt.subplots(1, 2, figsize=(7, 3), layout="constrained")
    for (label, region), colour in zip(regions.items(), COLOURS, strict=False):
        for polygon in region.polygons:
            left.plot(*(polygon.T / 1e-10), color=colour, label=rf"$\xi_1 = {label}$")
    left.set(
        xlabel=r"$|\Lambda_1|$ ($10^{-10}\,\mu_B$)",
        ylabel=r"$|\Lambda_2|$ ($10^{-10}\,\mu_B$)",
        title=r"CONNIE, slice, $\sigma_{sys} = 0$, 90 % C.L., $\Delta\chi^2 = 4.61$ (2 d.o.f.)",
    )
    left.legend()
    for (name, found), colour in zip(limits.items(), COLOURS, strict=False):
        right.plot(deltas / np.pi, np.array(found) / found[0], color=colour, label=name)
    right.set(
        xlabel=r"$\delta_{CP}/\pi$",
        ylabel=r"Limit on $|\Lambda_1|$ / that at $\delta_{CP} = 0$",
        title="Slices; coherent-csi: prompt beam",
    )
    right.legend()
