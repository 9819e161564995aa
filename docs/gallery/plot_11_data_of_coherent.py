r"""
Data and prediction
===================

The photoelectrons and arrival times of COHERENT's caesium iodide detector (arXiv:2110.07730), and
the Standard Model with its nuisances fitted. Both axes are projections of one likelihood in 99
bins.
"""

import matplotlib.pyplot as plt
import numpy as np

import munu
from munu.plotting.style import COLOURS, house_style

fit = munu.fit("coherent-csi-2021", toys=0)
(data,) = fit.data
shape = tuple(len(axis) for axis in data.axes)
print(f"chi2 {fit.chi2:.1f} in {fit.n_bins} bins, p-value {fit.p_value:.2f}")
print(f"signal {data.signal_events:.0f} ({data.signal_low:.0f} to {data.signal_high:.0f})")

# %%
# The steady background is subtracted: it is an order of magnitude more than the signal. Prompt
# :math:`\nu_\mu` come first, the delayed species follow with the life of the muon.

steady = next(c for c in data.components if c.name == "steady-state")
shown = [c for c in data.components if c is not steady and c.fitted_events > 1]
excess = (data.observed_per_bin - steady.fitted_per_bin).reshape(shape)
error = np.sqrt(data.observed_per_bin.reshape(shape))
units = {"photoelectrons": "photoelectron", "time": r"$\mu$s"}
labels = {"photoelectrons": "Photoelectrons", "time": r"Arrival time ($\mu$s)"}

with house_style():
    figure, row = plt.subplots(1, 2, figsize=(7.2, 3.0), layout="constrained")
    for index, (axes, axis) in enumerate(zip(row, data.axes, strict=True)):
        other, width = 1 - index, np.diff(axis.edges)
        stack = np.zeros(len(axis))
        for component, colour in zip(shown, COLOURS, strict=False):
            events = component.fitted_per_bin.reshape(shape).sum(axis=other) / width
            axes.stairs(
                stack + events,
                axis.edges,
                baseline=stack,
                fill=True,
                color=colour,
                label=component.label.removesuffix(" nuclear"),
            )
            stack = stack + events
        axes.errorbar(
            0.5 * (axis.edges[1:] + axis.edges[:-1]),
            excess.sum(axis=other) / width,
            np.sqrt((error**2).sum(axis=other)) / width,
            fmt="k.",
            label="data less steady state",
        )
        axes.set(xlabel=labels[axis.observable], ylabel=f"Events per {units[axis.observable]}")
    row[1].legend(fontsize=6)
