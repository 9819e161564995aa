r"""
Choosing a quenching model
==========================

Germanium detectors measure ionisation. Which recoil energy a threshold of 100 eVee is depends
on the quenching factor, and below a few keV measurements disagree. Lindhard's theory with other
values of its :math:`\kappa` and a constant factor, on CONUS:
"""

from dataclasses import replace

import matplotlib.pyplot as plt
import numpy as np

import munu
from munu.detectors.quenching import Lindhard, Polynomial
from munu.physics.nuclei import element
from munu.plotting.style import COLOURS, house_style

models = {
    r"Lindhard, $\kappa = 0.157$ (Eq. 26)": Lindhard(),
    r"Lindhard, $\kappa = 0.18$": Lindhard(0.18),
    r"Lindhard, $\kappa = 0.14$": Lindhard(0.14),
    r"constant 0.2": Polynomial((0.2,)),
}
conus = munu.load("conus")
germanium = max(element("Ge"), key=lambda nucleus: nucleus.abundance)


def with_quenching(experiment, quenching):
    """Return the experiment with another quenching model."""
    return replace(experiment, detector=replace(experiment.detector, quenching=quenching))


# %%
# Events and limits. The dipole is less sensitive than the weak rate: its recoils are softer, but
# the integral from the threshold only changes with the logarithm.

limits = {}
for label, model in models.items():
    changed = with_quenching(conus, model)
    events = munu.rate(changed).sm_events
    limits[label] = munu.limit(changed, "Lambda_3", sigma_sys=0.0).limit_mu_b
    print(f"{label:38s} SM events {events:7.0f}, |Lambda_3| < {limits[label]:.3g} mu_B")

# %%

energies = np.geomspace(0.1, 10, 200)
with house_style():
    figure, axes = plt.subplots(figsize=(4.2, 3.2), layout="constrained")
    for (label, model), colour in zip(models.items(), COLOURS, strict=False):
        limit = rf"{limits[label] / 1e-10:.2f}"
        axes.plot(energies, model(energies, germanium), color=colour, label=f"{label}: {limit}")
    axes.set(
        xscale="log",
        xlabel="Recoil energy (keV)",
        ylabel="Quenching factor of germanium",
        title=r"Numbers: limit on $|\Lambda_3|$ ($10^{-10}\,\mu_B$), slice, $\sigma_{sys} = 0$",
    )
    axes.legend()
