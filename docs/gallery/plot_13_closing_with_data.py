r"""
Closing a blind direction with data
===================================

What `Closing a blind direction <plot_04_closing_a_blind_direction.html>`_ does with projections,
with data: CONUS+ at a reactor and COHERENT's caesium iodide at the SNS. In each plane the third
moment is profiled, the phases are zero.
"""

import matplotlib.pyplot as plt

import munu
from munu.plotting.style import axis_label, house_style

moments = ("Lambda_1", "Lambda_2", "Lambda_3")
shown = {
    "CONUS+": ["conus-plus"],
    "COHERENT CsI": ["coherent-csi-2021"],
    "both": ["conus-plus", "coherent-csi-2021"],
}
planes = [(moments[:2], moments[2]), (moments[::2], moments[1]), (moments[1:], moments[0])]
regions = {
    (name, plane): munu.region(ids, plane, profile=[third])
    for name, ids in shown.items()
    for plane, third in planes
}

# %%
# The reactor's blind direction is the first row of the mixing matrix, (0.82, 0.56, 0.15): its strip
# has no end in any of the planes. The SNS sees every direction, each moment alone 2 to 4 times less
# well; together they leave a closed region along the strip. It is smaller than what the two regions
# share, as one value of the third moment has to fit both.

for name in shown:
    unbounded = [region.unbounded for (one, _), region in regions.items() if one == name]
    print(f"{name:14s} unbounded in {sum(unbounded)} of {len(unbounded)} planes")

# %%
# Limits on one moment, the other two and all phases profiled, are infinite for the reactor alone.
# Solar neutrinos, an incoherent mixture of mass states, see every direction about a hundred times
# better than both.

for name, ids in {**shown, "XENONnT": ["xenonnt-sr0-er"]}.items():
    limits = [munu.limit(ids, moment, others="profiled").limit_mu_b / 1e-10 for moment in moments]
    print(f"{name:14s}" + "".join(f"{limit:9.3g}" for limit in limits))

# %%

with house_style():
    figure, row = plt.subplots(1, 3, figsize=(9.6, 3.2), layout="constrained")
    for axes, (plane, third) in zip(row, planes, strict=True):
        munu.plot(*(regions[name, plane] for name in shown), ax=axes, label=list(shown))
        axes.set(title=f"{axis_label(third).partition(' ')[0]} profiled")
    for axes in row[1:]:
        axes.get_legend().remove()
