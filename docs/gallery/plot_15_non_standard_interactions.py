r"""
Non-standard interactions
=========================

A nucleus sees vector couplings to u and d quarks as
:math:`(2Z+N)\,\varepsilon^u + (Z+2N)\,\varepsilon^d`: in their plane one data set leaves two
parallel bands, the Standard Model's and its mirror. Another N/Z has another slope, and both
together are closed.
"""

import matplotlib.pyplot as plt

import munu
from munu.plotting.coupling_regions import plot_coupling_region
from munu.plotting.style import COLOURS, house_style

plane = ("epsilon_u_ee", "epsilon_d_ee")
data = {
    "CONUS+ (Ge)": ["conus-plus"],
    "COHERENT CsI": ["coherent-csi-2017"],
    "both": ["conus-plus", "coherent-csi-2017"],
}
regions = {label: munu.region(experiments, plane) for label, experiments in data.items()}
for label, region in regions.items():
    largest = max(abs(polygon[:, 0]).max() for polygon in region.polygons)
    print(f"{label:14s} {len(region.outlines)} piece(s), |epsilon_u_ee| up to {largest:.3g}")

# %%
# One at a time, other couplings zero, and a flavour-changing one, which does not interfere at a
# reactor:

for name in ("epsilon_u_ee", "epsilon_d_ee", "epsilon_u_emu", "epsilon_d_emu"):
    found = munu.limit("conus-plus", name).intervals
    print(f"{name:14s}" + "  and ".join(f"{low:7.3f} to {high:.3f}" for low, high in found))

# %%
# Solar neutrinos arrive as mass states, which are mixtures of flavours. There a flavour-changing
# coupling interferes, and its phase matters. What it does to the propagation in the Sun is not
# modelled.

solar = munu.region("xenonnt-sr0-er", ("epsilon_eL_emu", "phase_epsilon_eL_emu"))

# %%
# Left: the bands near the Standard Model. In the middle the same, sheared so that those of
# germanium lie flat: the ones of caesium iodide cross them, N/Z being 1.40 instead of 1.27, and
# what is left of each closes at couplings of ten.

SLOPE = (2 * 32 + 40.7) / (32 + 2 * 40.7)

with house_style():
    figure, (near, sheared, right) = plt.subplots(1, 3, figsize=(10, 3.4), layout="constrained")
    plot_coupling_region(list(regions.values()), near, label=list(regions))
    near.set(xlim=(-1, 1), ylim=(-1, 1))
    for (label, region), colour in zip(regions.items(), COLOURS, strict=False):
        for index, (u, d) in enumerate(polygon.T for polygon in region.polygons):
            sheared.plot(u, d + SLOPE * u, color=colour, label=None if index else label)
    sheared.set(
        xlim=(-15, 15),
        ylim=(-1, 1.3),
        xlabel=r"$\varepsilon^u_{ee}$",
        ylabel=rf"$\varepsilon^d_{{ee}} + {SLOPE:.3f}\,\varepsilon^u_{{ee}}$",
    )
    sheared.legend()
    plot_coupling_region(solar, right)
