r"""
Reactor neutrinos on germanium
==============================

The recoil spectrum of germanium 17 m from a reactor, before any detector: the Standard Model
levels off towards small recoil energies T, the dipole grows as 1/T. A moment shows below the
crossing.
"""

import matplotlib.pyplot as plt
import numpy as np

import munu
from munu.plotting.spectrum import plot_spectrum
from munu.plotting.style import house_style

spectrum = munu.spectrum("conus")
(reactor,) = spectrum.components
print(f"{reactor.species}: {spectrum.recoil_energy_kev.size} recoil energies")

# %%
# Where does the dipole of an effective moment overtake the Standard Model?

energies = np.geomspace(0.001, 1, 100)
(low,) = munu.spectrum("conus", recoil_energy_kev=energies).components
ratio = low.dipole_per_mu_b2_kg_kev_day / low.sm_per_kg_kev_day
for moment in (1e-9, 3e-10, 1e-10):
    crossing = np.interp(-1, -(moment**2) * ratio, energies)
    print(f"moment {moment:.0e} mu_B: below {1e3 * crossing:.0f} eV")

# %%
# The spectrum falls steeply near its endpoint, :math:`T_{max} = 2E_\nu^2/m_A`. Quenching and the
# threshold come after this picture.

with house_style():
    figure, axes = plt.subplots(figsize=(4.2, 3.2), layout="constrained")
    plot_spectrum(spectrum, axes)
