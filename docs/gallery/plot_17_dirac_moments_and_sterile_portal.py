r"""
Dirac moments and the sterile portal
====================================

A moment that turns a light neutrino into a sterile one of mass :math:`m_4` needs
:math:`E \geq m_4 + m_4^2/2M`, and its recoils have a lower end as well as an upper one. Limits
over the mass end where the source does; at small masses they are those of a Dirac moment.
"""

import matplotlib.pyplot as plt

import munu
from munu.plotting.style import COLOURS, house_style

sources = {
    "CONUS+": ("conus-plus", "mu_N_e", "9 MeV"),
    "COHERENT CsI": ("coherent-csi-2017", "mu_N_mu", "50 MeV"),
    "XENONnT": ("xenonnt-sr0-er", "mu_N_e", "0.4 MeV"),
}
scans = {
    label: munu.scan(name, parameter, over="sterile_mass", start="10 keV", end=end, points=20)
    for label, (name, parameter, end) in sources.items()
}

# %%
# An entry of the Dirac matrix: ``dirac_mue`` turns electron neutrinos into muon neutrinos. A
# reactor tells none of the three that start from its flavour from another, and the light
# portal is the same number.

for name in ("dirac_ee", "dirac_mue", "dirac_taue", "mu_nu_e"):
    print(f"{name:12s}{munu.limit('conus-plus', name).intervals[-1, 1] / 1e-10:8.4f}")
print(f"{'mu_N_e':12s}{scans['CONUS+'].intervals[0][-1, 1] / 1e-10:8.4f}  (1e-10 mu_B)")

# %%
# Beyond what the source makes, a mass is refused with the threshold.

try:
    munu.limit("conus-plus", "mu_N_e", sterile_mass="12 MeV")
except munu.MunuError as error:
    print(error)

# %%

with house_style():
    figure, axes = plt.subplots(figsize=(4.6, 3.4), layout="constrained")
    for (label, scan), colour in zip(scans.items(), COLOURS, strict=False):
        upper = [ends[-1, 1] for ends in scan.intervals]
        flavour = sources[label][1].removeprefix("mu_N_")
        name = {"e": "e", "mu": r"\mu"}[flavour]
        axes.plot(scan.values, upper, color=colour, label=rf"{label}: $\mu_{{N{name}}}$")
    axes.set(
        xscale="log",
        yscale="log",
        xlabel=r"$m_4$ (MeV)",
        ylabel=r"Upper limit ($\mu_B$)",
        title="90 % C.L., one parameter",
    )
    axes.legend()
