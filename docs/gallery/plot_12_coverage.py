r"""
What a threshold covers
=======================

Δχ² = 2.71 covers 90 % only where counts are many and the limit far from zero moment. Toy
experiments tell: for a small detector that saw two events where 1.4 were expected, and for
COHERENT's first run. The Feldman-Cousins threshold, the Δχ² that 90 % of the toys do not exceed,
covers by construction.
"""

import munu

text = """
format = 1
id = "few"
title = "Two hundred grams of germanium, two events"
reference = "this example"

[source]
kind = "reactor"
thermal_power = "3 GW"
baseline = "25 m"
fission_fractions = "typical-pwr"
energies_per_fission = "kopeikin2004"
high_energy = "mueller2011"
low_energy = "kopeikin2012"
endpoint = "8 MeV"
captures_per_fission = 0

[target]
material = "Ge"
mass = "200 g"

[exposure]
live_time = "100 d"

[detector]
observable = "ionisation"
threshold = "0.25 keVee"
quenching = "lindhard"
efficiency = { model = "flat", fraction = "80 %" }
resolution = "perfect"

[interaction]
channels = ["nuclear"]
form_factor = { model = "helm", radius = "charge-radius", skin_thickness = "0.9 fm" }
sin2_theta_w = 0.2312
radiative = true
mixing = "desalas2018-no"

[statistic]
kind = "poisson"
observed = [2]
sigma_signal = 0.1
backgrounds = [{ name = "flat", events = 1.0, sigma = "20 %" }]
"""

few = munu.loads(text, name="few")
study = munu.coverage(few, "Lambda_3", toys=400)
print(study)
munu.plot(study)

# %%
# COHERENT's first run is one Gaussian bin. The data prefer fewer events than the Standard Model;
# the limit at the Feldman-Cousins threshold is stronger than Wilks'.

study = munu.coverage("coherent-csi", "Lambda_1", toys=1000)
print(study)
munu.plot(study)
