r"""
Light mediators
===============

A mediator of mass m and coupling g adds :math:`g^2 Q'/\sqrt2 G_F(2MT + m^2)` to the weak amplitude if it is
a vector. Its limit is a curve over m: flat far below the momentum transfer, a line of
constant g/m far above.
"""

import matplotlib.pyplot as plt

import munu
from munu.plotting.scans import plot_scan
from munu.plotting.style import house_style

masses = {"over": "mediator_mass", "start": "0.1 MeV", "end": "1 GeV", "points": 25}
csi = {
    name: munu.scan("coherent-csi-2017", name, **masses)
    for name in ("g_universal", "g_b-l", "g_scalar")
}
reactor = munu.scan("conus-plus", "g_universal", **masses)

# %%
# A universal vector has the other sign than the weak amplitude of neutrons. Where it is twice as
# large, events are as without it: a second interval of g.

for name, scan in csi.items():
    index = len(scan.values) // 2
    ends = scan.intervals[index]
    text = "  and ".join(f"{low:.3g} to {high:.3g}" for low, high in ends)
    print(f"{name:12s} {scan.values[index]:.3g} MeV: {text}")

# %%
# Charges of one's own: coupled to electron neutrinos and d quarks alone.

print(munu.limit("conus-plus", "g_vector", mediator_mass="30 MeV", charges="nu_e=1,d=1").intervals)

# %%
# What is shaded is excluded.

with house_style():
    figure, (left, right) = plt.subplots(1, 2, figsize=(7.6, 3.4), layout="constrained")
    plot_scan(csi["g_universal"], left)
    plot_scan(csi["g_b-l"], right)
