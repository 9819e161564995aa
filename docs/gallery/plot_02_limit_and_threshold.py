r"""
Limit and threshold
===================

The weak rate grows with every recoil that a lower threshold adds, the dipole rate grows as
:math:`\log T`. How much is a lower threshold worth? Here CONUS counts from different ionisation
energies, without and with its systematic uncertainty.
"""

from dataclasses import replace

import matplotlib.pyplot as plt
import numpy as np

import munu
from munu.plotting.style import COLOURS, house_style

conus = munu.load("conus")


def with_threshold(experiment, threshold_kevee):
    """Return the experiment, counting from another ionisation energy."""
    detector = replace(experiment.detector, bin_edges=np.array([threshold_kevee, np.inf]))
    return replace(experiment, detector=detector)


thresholds = np.array([0.02, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2, 0.25, 0.3])
limits = {
    sigma: [
        munu.limit(with_threshold(conus, threshold), "Lambda_3", sigma_sys=sigma).limit_mu_b
        for threshold in thresholds
    ]
    for sigma in (0.0, 0.05, 0.2)
}
for sigma, found in limits.items():
    print(f"sigma_sys {sigma:4.2f}: " + " ".join(f"{limit / 1e-10:6.2f}" for limit in found))

# %%
# Without a systematic uncertainty a lower threshold pays, by a factor of ten between 300 and 20
# eVee. With one of 20 % it hardly does: the moment must add a fifth of the events of the Standard
# Model, wherever counting starts. What a low threshold brings then is the shape, which needs bins
# in energy; these setups have one bin.

with house_style():
    figure, axes = plt.subplots(figsize=(4.2, 3.2), layout="constrained")
    for (sigma, found), colour in zip(limits.items(), COLOURS, strict=False):
        axes.plot(
            1e3 * thresholds,
            np.array(found) / 1e-10,
            "o-",
            ms=3,
            color=colour,
            label=rf"$\sigma_{{sys}}$ = {sigma:g}",
        )
    axes.set(
        xlabel="Threshold (eVee)",
        ylabel=r"Limit on $|\Lambda_3|$ ($10^{-10}\,\mu_B$)",
        yscale="log",
        title=r"CONUS, slice, 90 % C.L., $\Delta\chi^2 = 2.71$ (1 d.o.f.)",
    )
    axes.legend()
