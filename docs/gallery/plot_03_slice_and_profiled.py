r"""
Slice and profiled
==================

:math:`\Delta\chi^2` along one moment, with the other two at zero (slice) and free (profiled),
for CONUS and COHERENT's CsI detector together. CONUS alone would leave the profiled curve flat
at zero.
"""

import matplotlib.pyplot as plt
import numpy as np

import munu
from munu.plotting.style import COLOURS, house_style

experiments = ["conus", "coherent-csi"]
names = ("Lambda_1", "Lambda_2", "Lambda_3")
moments = np.linspace(0, 50e-10, 101)
curves = {
    (name, others): munu.profile(experiments, name, others=others, moment_mu_b=moments)
    for name in names
    for others in ("zero", "profiled")
}

# %%
# The same as limits: what an assumption about the other moments is worth.

for name in names:
    limits = [munu.limit(experiments, name, others=o).limit_mu_b for o in ("zero", "profiled")]
    print(f"{name}: slice {limits[0] / 1e-10:.2f}, profiled {limits[1] / 1e-10:.2f} (1e-10 mu_B)")

# %%

with house_style():
    figure, axes = plt.subplots(figsize=(4.2, 3.2), layout="constrained")
    for (name, others), curve in curves.items():
        index = names.index(name)
        axes.plot(
            curve.moment_mu_b / 1e-10,
            curve.delta_chi2,
            color=COLOURS[index],
            linestyle="--" if others == "profiled" else "-",
            label=rf"$|\Lambda_{index + 1}|$, {'profiled' if others == 'profiled' else 'slice'}",
        )
    axes.axhline(2.71, color="0.5", lw=0.8)
    axes.set(
        ylim=(0, 8),
        xlim=(0, 50),
        xlabel=r"$|\Lambda_i|$ ($10^{-10}\,\mu_B$)",
        ylabel=r"$\Delta\chi^2$",
        title="CONUS + COHERENT CsI; grey: 90 % C.L. (1 d.o.f.)",
    )
    axes.legend(ncols=2)
