r"""
A posterior beside the profiled limit
=====================================

Two effective moments from COHERENT's CsI detector, with priors flat in the square, to which the
number of events is proportional. Shaded is the region of highest density; dashed is what Δχ² says,
without a prior. `pip install 'munu[posterior]'` installs the sampler.
"""

import munu

found = munu.posterior(
    "coherent-csi-2021",
    ["mu_nu_e", "mu_nu_mu"],
    prior={"mu_nu_e": "square(0, 1e-8 mu_B)", "mu_nu_mu": "square(0, 6e-9 mu_B)"},
    live_points=300,
)
print(found)

# %%
# The corner picture has the density of each moment on its diagonal.

munu.plot(found)
