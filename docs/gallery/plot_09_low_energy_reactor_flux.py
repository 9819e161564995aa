r"""
The low-energy reactor flux
===========================

Below 2 MeV, no spectrum is converted from measured beta spectra, and models differ: by
summation, with or without neutron capture on :sup:`238`\ U. Detectors with a high threshold do
not care. How much does the choice move a limit?
"""

from dataclasses import replace

import matplotlib.pyplot as plt
import numpy as np

import munu
from munu.plotting.style import COLOURS, house_style

models = ("kopeikin2012", "vogel-engel1989", "estienne2019", "constant", "none")
conus = munu.load("conus")


def with_low_energy_flux(experiment, model):
    """Return the experiment with another spectrum below 2 MeV.

    Kopeikin's table counts neutron capture; to the other tables 0.6 captures per fission are
    added. "constant" and "none" are no models of the flux but bracket it.
    """
    captures = 0.6 if model in ("vogel-engel1989", "estienne2019") else 0.0
    source = replace(experiment.source, low_energy=model, captures_per_fission=captures)
    return replace(experiment, source=source)


variants = {model: with_low_energy_flux(conus, model) for model in models}

# %%
# A germanium nucleus that ionises 100 eVee was hit by a neutrino of 4 MeV or more: the model does
# not matter there, and does little at 10 eVee. Scattering on electrons sees the whole flux.


def counting_from(experiment, threshold_kevee, channel):
    """Return the experiment with another threshold, and nuclear or electron recoils."""
    detector = replace(experiment.detector, bin_edges=np.array([threshold_kevee, 10.0]))
    return replace(experiment, detector=detector, recoils=(channel,))


cases = {
    "nuclei, 100 eVee": (0.1, "nuclear"),
    "nuclei, 10 eVee": (0.01, "nuclear"),
    "electrons, 1 keV": (1.0, "electron"),
}
print(f"{'limit on Lambda_3 (1e-10 mu_B)':32s}" + "".join(f"{name:>18s}" for name in cases))
for model, experiment in variants.items():
    found = [
        munu.limit(counting_from(experiment, *case), "Lambda_3", sigma_sys=0.0).limit_mu_b
        for case in cases.values()
    ]
    print(f"{model:32s}" + "".join(f"{limit / 1e-10:18.4g}" for limit in found))

# %%

energies = np.linspace(0.05, 4, 600)
with house_style():
    figure, axes = plt.subplots(figsize=(4.2, 3.2), layout="constrained")
    for (model, experiment), colour in zip(variants.items(), COLOURS, strict=False):
        axes.plot(energies, experiment.source.per_fission(energies), color=colour, label=model)
    axes.set(
        yscale="log",
        ylim=(0.3, 20),
        xlabel=r"Antineutrino energy (MeV)",
        ylabel=r"$\bar\nu_e$ per MeV and fission",
        title="Above 2 MeV: mueller2011",
    )
    axes.legend()
