r"""
Luminosity
==========

How does a limit improve with mass, time or flux? The dipole events grow as the square of the
moment and the fluctuation as the root of the counts, so a limit falls as the fourth root of the
luminosity, until the systematic uncertainty takes over.
"""

from dataclasses import replace

import matplotlib.pyplot as plt
import numpy as np

import munu
from munu.plotting.style import COLOURS, house_style

factors = np.geomspace(0.1, 1000, 25)
connie = munu.load("connie")
scaled = [replace(connie, mass_kg=connie.mass_kg * factor) for factor in factors]
limits = {
    sigma: np.array([munu.limit(one, "Lambda_3", sigma_sys=sigma).limit_mu_b for one in scaled])
    for sigma in (0.0, 0.01, 0.05, 0.2)
}

# %%
# The exponent, from the ends of each curve:

for sigma, found in limits.items():
    slopes = np.gradient(np.log(found), np.log(factors))
    print(f"sigma_sys {sigma:4.2f}: exponent {slopes[0]:.3f} at 0.1, {slopes[-1]:.3f} at 1000")

# %%

with house_style():
    figure, axes = plt.subplots(figsize=(4.2, 3.2), layout="constrained")
    for (sigma, found), colour in zip(limits.items(), COLOURS, strict=False):
        axes.plot(factors, found / 1e-10, color=colour, label=rf"$\sigma_{{sys}}$ = {sigma:g}")
    axes.set(
        xscale="log",
        yscale="log",
        xlabel="Luminosity, in units of the current setup",
        ylabel=r"Limit on $|\Lambda_3|$ ($10^{-10}\,\mu_B$)",
        title=r"CONNIE, slice, 90 % C.L., $\Delta\chi^2 = 2.71$ (1 d.o.f.)",
    )
    axes.legend()
