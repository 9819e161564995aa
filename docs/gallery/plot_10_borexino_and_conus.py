r"""
Borexino and CONUS
==================

Solar neutrinos arrive as an incoherent mixture of mass states: no interference, no phases, no
blind direction. The reactor projections of the reference paper, its systematic uncertainty left
out, reach similar moments, but as strips along the direction they cannot see.
"""

import matplotlib.pyplot as plt

import munu
from munu.plotting.style import COLOURS, house_style

shown = {
    "Borexino": "borexino",
    "CONUS, current": "conus",
    "CONUS, future": "conus@future",
}
planes = (("Lambda_1", "Lambda_2"), ("Lambda_1", "Lambda_3"), ("Lambda_2", "Lambda_3"))
sigma = {"borexino": None}


def region_of(name, plane):
    """Return the region of real moments of either sign, projections without systematics."""
    return munu.region(name, plane, signed=True, sigma_sys=sigma.get(name, 0.0))


regions = {
    (label, plane): region_of(name, plane) for label, name in shown.items() for plane in planes
}

# %%
# The long axis of the ellipses in the first plane points close to the blind direction, which has
# a small component along :math:`\Lambda_3`, zero here: the region is closed by that alone.

with house_style():
    figure, row = plt.subplots(1, 3, figsize=(7.2, 2.7), layout="constrained")
    for axes, plane in zip(row, planes, strict=True):
        for (label, _), colour in zip(shown.items(), COLOURS, strict=False):
            for polygon in regions[label, plane].filled_polygons():
                axes.fill(*(polygon.T / 1e-10), fill=False, edgecolor=colour, label=label)
        first, second = (name[-1] for name in plane)
        axes.set(
            xlim=(-1.5, 1.5),
            ylim=(-1.5, 1.5),
            xlabel=rf"$\Lambda_{first}$ ($10^{{-10}}\,\mu_B$)",
            ylabel=rf"$\Lambda_{second}$ ($10^{{-10}}\,\mu_B$)",
        )
    row[0].legend()
    figure.suptitle(r"Slices, 90 % C.L., $\Delta\chi^2 = 4.61$ (2 d.o.f.)", fontsize=8)
