r"""
Light mediators
===============

A mediator of mass m and coupling g adds :math:`g^2 Q'/\sqrt2 G_F(2MT + m^2)` to the weak
amplitude if it is a vector. Its limit is a curve over m: a line of constant g/m far above the
momentum transfer, flat far below it. The momentum transfer to electrons is smaller; where they
are counted, as in caesium iodide, they take over below 1 MeV.
"""

import matplotlib.pyplot as plt

import munu
from munu.plotting.scans import plot_scan
from munu.plotting.style import house_style

masses = {"over": "mediator_mass", "start": "0.1 MeV", "end": "10 GeV", "points": 20}
names = ("g_universal", "g_b-l")
scans = {
    name: [munu.scan(data, name, **masses) for data in ("coherent-csi-2021", "conus-plus")]
    for name in names
}

# %%
# A universal vector has the other sign than the weak amplitude of neutrons. Where it is twice as
# large, events are as without it: a second interval of g. B-L has the same sign, and one interval.

for name in names:
    for scan in scans[name]:
        text = "  and ".join(f"{low:.3g} to {high:.3g}" for low, high in scan.intervals[15])
        print(f"{name:12s} {scan.values[15]:.4g} MeV: {text}")

# %%
# Charges of one's own: coupled to electron neutrinos and d quarks alone.

print(munu.limit("conus-plus", "g_vector", mediator_mass="30 MeV", charges="nu_e=1,d=1").intervals)

# %%
# Lines are limits; what is shaded is allowed again.

with house_style():
    figure, row = plt.subplots(1, 2, figsize=(7.6, 3.4), layout="constrained")
    for axes, name in zip(row, names, strict=True):
        plot_scan(scans[name], axes)
