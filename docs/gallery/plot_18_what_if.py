r"""
What if: a value of the file by its key path
============================================

Any value of an experiment's file has a path, such as ``detector.threshold``. ``changes`` of
`munu.load`, ``--set`` on the command line and ``over`` of `munu.scan` take it. A value is
checked as in the file, with its unit and range, and the result says what was changed.
"""

import matplotlib.pyplot as plt

import munu
from munu.plotting.scans import plot_scan
from munu.plotting.style import house_style

nearer = munu.load("conus", changes={"source.baseline": "10 m", "target.mass": "10 kg"})
for experiment in ("conus", nearer):
    events, limit = munu.rate(experiment).sm_events, munu.limit(experiment, sigma_sys=0)
    print(f"{events:9.1f} events; {limit.limit_mu_b:.3g} mu_B")

# %%
# The same on the command line::
#
#     munu limit conus --set source.baseline="10 m" --set target.mass="10 kg"
#     munu scan conus --parameter Lambda_3 --over detector.threshold \
#       --from "0.05 keVee" --to "0.2 keVee" --sigma-sys 0
#
# A mistake is told as in a file:

try:
    munu.load("conus", changes={"detector.treshold": "0.1 keVee"})
except munu.MunuError as error:
    print(error)

# %%
# Two scans: the threshold of a projection, and the neutron radius of caesium in COHERENT's data.

thresholds = munu.scan(
    "conus",
    "Lambda_3",
    over="detector.threshold",
    start="0.05 keVee",
    end="0.2 keVee",
    points=12,
    sigma_sys=0,
)
radii = munu.scan(
    "coherent-csi-2017",
    "epsilon_d_ee",
    over="interaction.neutron_radius.Cs133",
    at=["4.8 fm", "4.95 fm", "5.1 fm", "5.25 fm"],
)

# %%

with house_style():
    figure, (left, right) = plt.subplots(1, 2, figsize=(7.2, 3.2), layout="constrained")
    plot_scan(thresholds, left)
    left.set_yscale("linear")
    plot_scan(radii, right)
