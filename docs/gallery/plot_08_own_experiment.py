r"""
Your own experiment
===================

Ten kilograms of silicon, 20 m from a 3 GW reactor, counted in ten bins of ionisation energy
with a background measured to 10 %. The experiment is a text, here written in place; as a file,
every command of the command line takes it too (`munu limit mine.toml`).
"""

import matplotlib.pyplot as plt
import numpy as np

import munu
from munu.plotting.style import COLOURS, house_style

TEXT = """
format = 1
id = "mine"
title = "Ten kilograms of silicon at a reactor"
reference = "this example"

[source]
kind = "reactor"
thermal_power = "3 GW"
baseline = "20 m"
fission_fractions = "typical-pwr"
energies_per_fission = "kopeikin2004"
high_energy = "mueller2011"
low_energy = "kopeikin2012"
endpoint = "8 MeV"
captures_per_fission = 0

[target]
material = "Si"
mass = "10 kg"

[exposure]
live_time = "1 yr"

[detector]
observable = "ionisation"
bins = { kind = "uniform", start = 0.05, stop = 0.55, count = 10, unit = "keVee" }
recoil_threshold = "0.1 keV"
quenching = "lindhard"
efficiency = { model = "flat", fraction = "80 %" }
resolution = { model = "gaussian", noise = 0.01, stochastic = 0, proportional = 0, unit = "keVee" }

[interaction]
channels = ["nuclear"]
form_factor = { model = "helm", radius = "charge-radius", skin_thickness = "0.9 fm" }
sin2_theta_w = 0.2312
radiative = true
mixing = "desalas2018-no"

[statistic]
kind = "poisson"
observed = "sm"
sigma_signal = 0.05
backgrounds = [{ name = "flat", events = 40, sigma = "10 %" }]
"""

mine = munu.loads(TEXT)
print(munu.rate(mine))

# %%
# ``observed = "sm"`` makes it a projection: the data are what the Standard Model and the
# background predict. Data of your own are a list of counts.

limit = munu.limit(mine, "Lambda_3")
print(limit)

# %%
# What a moment at that limit would look like: below the fluctuation of every bin, and just above
# it when all bins are taken together.

rate = munu.rate(mine)
(component,) = rate.components
edges = rate.axes[0].edges
moment_squared = limit.limit_mu_b**2
state = munu.HelicityState.of_species("nu_e_bar")
matrix = state.moment_matrix(munu.global_fit().with_delta(0.0))
dipole = component.dipole_events_per_mu_b2_per_bin * matrix[2, 2].real * moment_squared
background = np.full(edges.size - 1, 40.0)

with house_style():
    figure, axes = plt.subplots(figsize=(4.2, 3.2), layout="constrained")
    fluctuation = np.sqrt(component.sm_events_per_bin + background)
    parts = {
        "background": background,
        "Standard Model": component.sm_events_per_bin,
        r"$|\Lambda_3|$ at its limit": dipole,
        "statistical fluctuation": fluctuation,
    }
    for (label, events), colour in zip(parts.items(), ("0.6", *COLOURS), strict=False):
        axes.stairs(events, edges, color=colour, lw=1.2, label=label)
    axes.set(
        xlabel="Ionisation energy (keVee)",
        ylabel="Events per bin and year",
        yscale="log",
        title=rf"$|\Lambda_3| < {limit.limit_mu_b / 1e-10:.2f}\times10^{{-10}}\mu_B$, "
        r"slice, 90 % C.L. (1 d.o.f.)",
    )
    axes.legend()
