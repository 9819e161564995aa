r"""
Charge radii and millicharges
=============================

A charge radius shifts the coupling to protons, :math:`g_V^p \to g_V^p - \tilde Q` with
:math:`\tilde Q = \sqrt2\,\pi\alpha\langle r^2\rangle/3G_F`. It interferes with the weak
amplitude, so that events are a parabola of it, and there are two solutions: the Standard Model,
and one at which the amplitude has the other sign. These radii are beyond the Standard Model's.
"""

import matplotlib.pyplot as plt
import numpy as np

import munu
from munu.plotting.coupling_profiles import plot_coupling_profile
from munu.plotting.coupling_regions import plot_coupling_region
from munu.plotting.style import house_style

csi = "coherent-csi-2021"
curve = munu.profile(csi, "charge_radius_mumu", at=np.linspace(-70e-32, 12e-32, 83))
plane = munu.region(csi, ("charge_radius_ee", "charge_radius_mumu"))
print(munu.limit(csi, "charge_radius_mumu"))

# %%
# A reactor has :math:`\bar\nu_e` alone, the SNS mostly muon neutrinos. Where electrons recoil as
# well, as in Dresden-II, their interference has another zero, and the mirror is not exact.

for name in ("conus-plus", "dresden-ii", "coherent-csi-2021", "xenonnt-sr0-er"):
    found = munu.limit(name, "charge_radius_ee").intervals / 1e-32
    print(f"{name:18s}" + "  and ".join(f"{low:7.1f} to {high:5.1f}" for low, high in found))

# %%
# A millicharge is a charge radius that grows as 1/T: electrons and low thresholds see it best, and
# the Sun's neutrinos on xenon a hundred times better than a beam. (In units of :math:`10^{-12}` e.)

for name in ("coherent-csi-2021", "conus-plus", "conus-plus@electrons", "xenonnt-sr0-er"):
    found = munu.limit(name, "millicharge_ee").intervals / 1e-12
    print(f"{name:22s}" + "  and ".join(f"{low:9.4g} to {high:9.4g}" for low, high in found))

# %%

with house_style():
    figure, (left, right) = plt.subplots(1, 2, figsize=(7.2, 3.2), layout="constrained")
    plot_coupling_profile(curve, left)
    plot_coupling_region(plane, right)
